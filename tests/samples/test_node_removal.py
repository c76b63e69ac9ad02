"""Nodes are taken away with their edges, and the first token, whose index is no place in a sample, stays."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatbert.samples import FIRST_TOKEN, GraphSample, Sample
from gatbert.samples.node_removal import hidden, with_nodes, without, without_nodes
from gatbert.samples.transforms import TRANSFORMS
from tests.graphs import named, random_sample


@given(st.integers(0, 50), st.integers(0, 6), st.sets(st.integers(0, 12)))
def test_what_stays_is_what_a_plain_search_keeps(seed: int, num_concepts: int, nodes: set[int]) -> None:
    (sample,) = TRANSFORMS["cls_global_edges"]([random_sample(seed, num_concepts=num_concepts)], "<m>")
    assert isinstance(sample, GraphSample)
    nodes = {node for node in nodes if node < len(sample.words) + num_concepts}
    before = list(range(len(sample.words) + num_concepts))
    after = [node for node in before if node < len(sample.words) or node not in nodes]
    changed = without_nodes(sample, nodes)
    names = {**dict(enumerate(after)), FIRST_TOKEN: FIRST_TOKEN}
    kept = [edge for edge in sample.edges.T.tolist() if not nodes & set(edge[:2])]
    assert [[names[h], names[t], r] for h, t, r in changed.edges.T.tolist()] == kept
    assert changed.concepts == tuple(c for i, c in enumerate(sample.concepts, len(sample.words)) if i not in nodes)
    says = dict(zip(sample.concepts, sample.definitions, strict=True))
    assert changed.definitions == tuple(says[concept] for concept in changed.concepts)
    assert changed.words == sample.words
    assert changed.edges.dtype == np.int32


SAMPLE = GraphSample(
    id="g1",
    text="wind, wind power!",
    target="zoos",
    words=("zoos", "wind", ",", "wind", "power", "!"),
    num_target_words=1,
    concepts=("zoo", "wind", "animal"),
    concept_ids=(7, 8, 9),
    definitions=("a place", "", "a being"),
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
    assert hidden(SAMPLE, 6, "[MASK]").definitions == ("", "", "a being")
    assert hidden(replace(SAMPLE, definitions=()), 6, "[MASK]").definitions == ()
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
