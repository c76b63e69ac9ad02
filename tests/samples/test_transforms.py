"""Transforms change the part of a sample that they name, and leave all else as it is."""

from copy import deepcopy
from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatbert.errors import UserError
from gatbert.samples import FIRST_TOKEN, GraphSample, Sample
from gatbert.samples.relations import WORD_CONCEPT
from gatbert.samples.transforms import TRANSFORMS, TransformName
from tests.graphs import GRAPH, named, random_sample

SAMPLE = Sample("p1", "two words", "wind power plants", "favor", {"style": "irony"})


def test_each_transform_masks_its_half_word_by_word() -> None:
    (target_masked,) = TRANSFORMS["mask_target"]([SAMPLE], "<m>")
    (text_masked,) = TRANSFORMS["mask_text"]([SAMPLE], "<m>")
    assert (target_masked.target, target_masked.text) == ("<m> <m> <m>", "two words")
    assert (text_masked.target, text_masked.text) == ("wind power plants", "<m> <m>")
    for sample in (target_masked, text_masked):
        assert (sample.id, sample.stance, sample.meta) == ("p1", "favor", {"style": "irony"})


def test_names_and_functions_agree() -> None:
    assert set(get_args(TransformName)) == set(TRANSFORMS)


def test_masking_a_half_hides_what_it_alone_mentions() -> None:
    (masked,) = TRANSFORMS["mask_target"]([GRAPH], "<m>")
    assert isinstance(masked, GraphSample)
    assert (masked.target, masked.text, masked.words) == ("<m>", "wind power", ("<m>", "wind", "power"))
    assert (masked.concepts, masked.concept_ids) == (("wind", "animal"), (8, 9))
    assert named(masked) == {("wind?", "wind", 2), ("wind", "wind?", 2)}
    (masked,) = TRANSFORMS["mask_text"]([GRAPH], "<m>")
    assert (masked.target, masked.text) == ("zoos", "<m> <m>")
    assert named(masked) == {("zoos?", "zoo", 2), ("zoo", "zoos?", 2), ("zoo", "animal", 6), ("animal", "zoo", 9)}


def test_masking_keeps_what_the_other_half_mentions_too() -> None:
    both = replace(GRAPH, edges=np.concatenate([GRAPH.edges, [[2, 3], [3, 2], [2, 2]]], axis=1).astype(np.int32))
    (masked,) = TRANSFORMS["mask_target"]([both], "<m>")
    assert isinstance(masked, GraphSample)
    assert masked.concepts == GRAPH.concepts
    assert ("zoos?", "zoo", 2) not in named(masked)
    assert ("power?", "zoo", 2) in named(masked)


def test_rm_external_leaves_the_words() -> None:
    (bare,) = TRANSFORMS["rm_external"]([GRAPH], "<m>")
    assert isinstance(bare, GraphSample)
    assert (bare.words, bare.concepts, bare.edges.shape) == (GRAPH.words, (), (3, 0))


def test_cls_global_edges_link_the_first_token_with_every_concept() -> None:
    (linked,) = TRANSFORMS["cls_global_edges"]([GRAPH], "<m>")
    new = {("FIRST", concept, 2) for concept in GRAPH.concepts}
    assert named(linked) == named(GRAPH) | new | {(concept, first, 2) for first, concept, _ in new}


@given(st.integers(2, 12), st.integers(0, 3))
def test_shuffle_graph_gives_everyone_anothers_graph(count: int, seed: int) -> None:
    samples = [random_sample(seed + index, num_words=3 + index % 4) for index in range(count)]
    samples = [replace(s, id=str(i), concepts=tuple(f"{i} {c}" for c in s.concepts)) for i, s in enumerate(samples)]
    shuffled = TRANSFORMS["shuffle_graph"](samples, "<m>")
    owners = [{concept.split()[0] for concept in s.concepts} for s in shuffled if isinstance(s, GraphSample)]
    givers = [owner.pop() for owner in owners]
    assert sorted(givers) == sorted(str(i) for i in range(count))
    for one, other, giver in zip(samples, shuffled, givers, strict=True):
        assert isinstance(other, GraphSample)
        assert giver != one.id
        assert (one.id, one.text, one.target, one.words, one.stance) == (
            *(other.id, other.text, other.target, other.words, other.stance),
        )
        source = samples[int(giver)]
        assert other.edges.shape == source.edges.shape
        between = (source.edges[:2] >= len(source.words)).all(0)
        np.testing.assert_array_equal(
            other.edges[:2, between] - len(other.words), source.edges[:2, between] - len(source.words)
        )
        # A word of the other's target became one of this one's.
        of_target = source.edges[0] < source.num_target_words
        assert (other.edges[0, of_target] < other.num_target_words).all()
        of_text = (source.edges[0] >= source.num_target_words) & (source.edges[0] < len(source.words))
        assert (other.edges[0, of_text] >= other.num_target_words).all()
        assert (other.edges[0, of_text] < len(other.words)).all()


def test_shuffle_relations_moves_relations_alone() -> None:
    samples = [random_sample(seed, num_edges=30) for seed in range(5)]
    shuffled = TRANSFORMS["shuffle_relations"](samples, "<m>")
    counts, changed = [], False
    for before, after in zip(samples, shuffled, strict=True):
        assert isinstance(after, GraphSample)
        np.testing.assert_array_equal(before.edges[:2], after.edges[:2])
        words = before.edges[2] == WORD_CONCEPT
        np.testing.assert_array_equal(words, after.edges[2] == WORD_CONCEPT)
        counts.append((np.bincount(before.edges[2], minlength=20), np.bincount(after.edges[2], minlength=20)))
        changed |= bool((before.edges[2] != after.edges[2]).any())
    assert changed
    np.testing.assert_array_equal(sum(one for one, _ in counts), sum(other for _, other in counts))


@pytest.mark.parametrize("name", ["rm_external", "cls_global_edges", "shuffle_graph", "shuffle_relations"])
def test_transforms_of_graphs_refuse_corpora_without(name: TransformName) -> None:
    with pytest.raises(UserError, match="the corpus has none; leave it out, or tag the corpus"):
        TRANSFORMS[name]([SAMPLE], "<m>")
    assert TRANSFORMS[name]([], "<m>") == []


@pytest.mark.parametrize("name", TRANSFORMS)
def test_samples_keep_their_names_their_order_and_themselves(name: TransformName) -> None:
    samples = [replace(random_sample(seed), id=f"s{seed}", meta={"style": str(seed)}) for seed in range(6)]
    before = deepcopy(samples)
    after = TRANSFORMS[name](samples, "<m>")
    assert [(s.id, s.stance, s.meta) for s in after] == [(s.id, s.stance, s.meta) for s in before]
    for one, other in zip(samples, before, strict=True):
        assert (one.text, one.target, one.words, one.concepts) == (
            other.text,
            other.target,
            other.words,
            other.concepts,
        )
        np.testing.assert_array_equal(one.edges, other.edges)


ANY_GRAPHS = st.lists(
    st.builds(
        random_sample,
        st.integers(0, 99),
        num_words=st.integers(2, 9),
        num_concepts=st.integers(0, 6),
        num_edges=st.integers(0, 12),
        num_links=st.integers(0, 5),
    ),
    min_size=1,
    max_size=4,
)


def marked(samples: list[GraphSample]) -> list[GraphSample]:
    """Give every node of every sample a name of its own, and every concept its id."""
    result = []
    for number, sample in enumerate(samples):
        words = [f"w{number}.{index}" for index in range(len(sample.words))]
        half = sample.num_target_words
        result.append(
            replace(
                sample,
                id=str(number),
                words=tuple(words),
                target=" ".join(words[:half]),
                text=" ".join(words[half:]),
                concepts=tuple(f"c{number}.{index}" for index in range(len(sample.concepts))),
                concept_ids=tuple(100 * number + index for index in range(len(sample.concepts))),
            )
        )
    return result


@settings(max_examples=300, deadline=None)
@given(ANY_GRAPHS, st.lists(st.sampled_from(sorted(TRANSFORMS)), min_size=1, max_size=3))
def test_transforms_may_follow_each_other_in_any_order(samples: list[GraphSample], names: list[TransformName]) -> None:
    """No edge ever comes to lead to another concept than before: the first token is the index of none."""
    before = marked(samples)
    pairs = {pair for sample in before for pair in concept_pairs(sample)}
    after: list[Sample] = list(before)
    for name in names:
        after = TRANSFORMS[name](after, "<m>")
    for old, sample in zip(before, after, strict=True):
        assert isinstance(sample, GraphSample)
        num_words, num_nodes = len(sample.words), len(sample.words) + len(sample.concepts)
        assert (len(sample.words), sample.num_target_words) == (len(old.words), old.num_target_words)
        assert [w for half in (sample.target, sample.text) for w in half.split()] == list(sample.words)
        assert len(sample.concept_ids) == len(sample.concepts)
        assert all(f"c{i // 100}.{i % 100}" == c for i, c in zip(sample.concept_ids, sample.concepts, strict=True))
        assert np.isin(sample.edges[:2], [FIRST_TOKEN, *range(num_nodes)]).all()
        assert concept_pairs(sample) <= pairs
        first = [edge for edge in sample.edges.T.tolist() if FIRST_TOKEN in edge[:2]]
        assert all(max(head, tail) >= num_words and relation == WORD_CONCEPT for head, tail, relation in first)
        masked = {index for index, word in enumerate(sample.words) if word == "<m>"}
        if "mask" in names[-1]:
            assert not masked & set(sample.edges[:2].flatten().tolist())
    if "cls_global_edges" in names and "rm_external" not in names[names.index("cls_global_edges") :]:
        for sample in after:
            assert isinstance(sample, GraphSample)
            nodes = range(len(sample.words), len(sample.words) + len(sample.concepts))
            links = {(h, t) for h, t, _ in sample.edges.T.tolist() if FIRST_TOKEN in (h, t)}
            assert links == {pair for node in nodes for pair in ((FIRST_TOKEN, node), (node, FIRST_TOKEN))}


def concept_pairs(sample: GraphSample) -> set[tuple[str, str]]:
    """Return the pairs of concepts that edges join, by name."""
    between = sample.edges[:, (sample.edges[:2] >= len(sample.words)).all(0)]
    names = [*sample.words, *sample.concepts]
    return {(names[head], names[tail]) for head, tail, _ in between.T.tolist()}


def test_masking_after_global_edges_equals_global_edges_after_masking() -> None:
    for mask in ("mask_target", "mask_text"):
        (first,) = TRANSFORMS["cls_global_edges"](TRANSFORMS[mask]([GRAPH], "<m>"), "<m>")
        (last,) = TRANSFORMS[mask](TRANSFORMS["cls_global_edges"]([GRAPH], "<m>"), "<m>")
        assert isinstance(first, GraphSample)
        assert isinstance(last, GraphSample)
        assert named(first) == named(last)
        assert first.concepts == last.concepts


def test_what_would_give_the_masked_away_goes() -> None:
    sample = replace(GRAPH, context="a post", background="what a zoo is")
    for one in (sample, Sample("a", "text", "target", context="a post", background="what a zoo is")):
        (target_masked,) = TRANSFORMS["mask_target"]([one], "<m>")
        (text_masked,) = TRANSFORMS["mask_text"]([one], "<m>")
        assert (target_masked.context, target_masked.background) == ("a post", "")
        assert (text_masked.context, text_masked.background) == ("", "what a zoo is")
