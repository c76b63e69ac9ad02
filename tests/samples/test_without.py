"""Samples without some of their nodes: what is taken goes with its edges, and all else stays."""

import numpy as np
import pytest

from gatbert.samples import FIRST_TOKEN, GraphSample, Sample
from gatbert.samples.node_removal import hidden, with_nodes, without
from tests.samples.test_transforms import named

SAMPLE = GraphSample(
    id="g1",
    text="wind, wind power!",
    target="zoos",
    words=("zoos", "wind", ",", "wind", "power", "!"),
    num_target_words=1,
    concepts=("zoo", "wind", "animal"),
    concept_ids=(7, 8, 9),
    edges=np.array(
        [[0, 6, 3, 7, 6, 8, FIRST_TOKEN, 8], [6, 0, 7, 3, 8, 6, 8, FIRST_TOKEN], [2, 2, 2, 2, 6, 9, 2, 2]], np.int32
    ),
)


def test_a_word_becomes_the_mask_token_where_it_stands_and_loses_its_links() -> None:
    changed = without(SAMPLE, {3, 0}, "[MASK]")
    assert (changed.target, changed.text) == ("[MASK]", "wind, [MASK] power!")
    assert changed.words == ("[MASK]", "wind", ",", "[MASK]", "power", "!")
    assert changed.concepts == SAMPLE.concepts
    assert {(head, tail) for head, tail, _ in named(changed)} == {
        ("zoo", "animal"), ("animal", "zoo"), ("FIRST", "animal"), ("animal", "FIRST"),
    }  # fmt: skip


def test_a_hidden_concept_keeps_its_edges_and_a_hidden_word_does_not() -> None:
    changed = hidden(SAMPLE, 7, "[MASK]")
    assert changed.concepts == ("zoo", "[MASK]", "animal")
    assert (changed.edges == SAMPLE.edges).all()
    assert changed.text == SAMPLE.text
    assert named(hidden(SAMPLE, 3, "[MASK]")) == named(without(SAMPLE, {3}, "[MASK]"))


def test_a_concept_goes_with_its_edges() -> None:
    changed = without(SAMPLE, {6}, "[MASK]")
    assert (changed.target, changed.text, changed.words) == (SAMPLE.target, SAMPLE.text, SAMPLE.words)
    assert (changed.concepts, changed.concept_ids) == (("wind", "animal"), (8, 9))
    assert named(changed) == {edge for edge in named(SAMPLE) if "zoo" not in edge[:2]}
    assert FIRST_TOKEN in changed.edges


def test_a_sample_without_a_graph_is_given_words() -> None:
    found = with_nodes(Sample("p", "don't, zoos", "two words", "favor", {"flag": "x"}), None)
    assert (found.words, found.num_target_words, found.stance, found.meta) == (
        ("two", "words", "don't", ",", "zoos"), 2, "favor", {"flag": "x"},
    )  # fmt: skip
    assert without(found, {3}, "<m>").text == "don't<m> zoos"


@pytest.mark.parametrize(("most", "left"), [(None, 0), (2, 2), (5, 3)])
def test_concepts_that_a_classifier_does_not_get_go_first(most: int | None, left: int) -> None:
    found = with_nodes(SAMPLE, most)
    assert found.concepts == SAMPLE.concepts[:left]
    assert named(found) <= named(SAMPLE)
