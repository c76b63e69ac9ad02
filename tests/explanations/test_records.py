"""Explanations as plain values: every node with its scores, and nothing that JSON has no word for."""

import json

import numpy as np

from gatbert.explanations.explain import Explanation
from gatbert.explanations.records import page_samples, record, summary
from gatbert.samples.stances import STANCES
from tests.graphs import RELATIONS, random_sample

SAMPLE = random_sample(0, num_words=4, num_concepts=3)
NUM_NODES = len(SAMPLE.words) + len(SAMPLE.concepts)


def explanation(gap: float | None) -> Explanation:
    """Return an explanation with a score of its own for each node."""
    values = np.arange(NUM_NODES, dtype=np.float64)
    return Explanation(
        SAMPLE, np.array([0.2, 0.5, 0.3]), 1, np.arange(0, NUM_NODES, 2), {"leave_one_out": values}, values / 10,
        values / 100, gap, 0.25, {},
    )  # fmt: skip


def test_every_node_has_its_scores() -> None:
    found = json.loads(json.dumps(record(explanation(0.5), STANCES), allow_nan=False))
    nodes = [*found["words"], *found["concepts"]]
    assert [node["text"] for node in nodes] == [*SAMPLE.words, *SAMPLE.concepts]
    assert [node["scores"]["leave_one_out"] for node in nodes] == list(range(NUM_NODES))
    assert [node["read"] for node in nodes] == [place % 2 == 0 for place in range(NUM_NODES)]
    assert [word["in_target"] for word in found["words"]].count(True) == SAMPLE.num_target_words
    assert (found["predicted"], found["probabilities"]["neutral"]) == (STANCES[1], 0.3)


def test_a_summary_says_how_far_off_the_gradients_are() -> None:
    found = summary([explanation(gap) for gap in (0.5, -1.5, None)], STANCES)
    assert found["completeness_gap"] == {"mean": 1.0, "largest": 1.5}
    assert (found["num_samples"], found["accuracy"]) == (3, float(SAMPLE.stance == STANCES[1]))
    assert summary([explanation(None)], STANCES)["completeness_gap"] is None


def test_the_page_has_columns_of_one_length() -> None:
    found = page_samples([explanation(None)] * 2, STANCES, RELATIONS.labels(), None)
    lengths = {len(found[name]) for name in ("ids", "texts", "gold", "graphs", "explanations")}
    assert lengths == {2}
    assert len(found["targets"]["index"]) == 2
    assert page_samples([explanation(None)], STANCES, RELATIONS.labels(), "none here")["graphs"] == []
