"""Tagging: golden samples, truncation, relevance, and the file that keeps it all."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import get_args

import numpy as np
import numpy.typing as npt
import pytest

from gatbert.corpora.tagging_settings import Sampling, TaggingSettings
from gatbert.knowledge import KnowledgeGraph
from gatbert.samples import GraphSample, Sample
from gatbert.samples.relations import WORD_CONCEPT
from gatbert.tagging import tagger as tagger_module
from gatbert.tagging.tagger import Relevance, Tagger
from tests.knowledge.dump import graph_of
from tests.tagged import SAMPLE, TRIPLES


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    return graph_of(tmp_path_factory.mktemp("tagging"), TRIPLES)


def named_edges(graph: KnowledgeGraph, sample: GraphSample) -> set[tuple[str, str, str]]:
    names, labels = [*sample.words, *sample.concepts], graph.relations.labels()
    return {(names[h], labels[r], names[t]) for h, t, r in sample.edges.T}


def test_golden_sample(graph: KnowledgeGraph) -> None:
    tagged = Tagger(graph).tag(SAMPLE)
    sample = tagged.sample
    assert sample.words == ("nuclear", "power", "reactors", "leave", "waste", ",", "says", "a", "zebra")
    assert sample.num_target_words == 2
    assert sample.concepts == ("nuclear power", "reactor", "radiation", "waste")
    assert [graph.label(concept) for concept in sample.concept_ids] == list(sample.concepts)
    forward = {
        ("nuclear", "word-concept", "nuclear power"),
        ("power", "word-concept", "nuclear power"),
        ("reactors", "word-concept", "reactor"),
        ("waste", "word-concept", "waste"),
        ("nuclear power", "HasA", "reactor"),
        ("nuclear power", "Causes", "radiation"),
        ("waste", "Causes", "radiation"),
        ("reactor", "RelatedTo", "waste"),
    }
    backward = {(t, r if r in ("word-concept", "RelatedTo") else f"{r}^-1", h) for h, r, t in forward}
    assert named_edges(graph, sample) == forward | backward
    assert (tagged.target_linked, tagged.text_linked, tagged.bridged, tagged.num_cut) == (True, True, True, 0)
    assert tagged.unlinked == ()
    assert (sample.id, sample.stance, sample.meta) == ("p1", "against", {"style": "plain"})


def test_a_cut_keeps_the_nearest_and_no_edge_to_what_is_gone(graph: KnowledgeGraph) -> None:
    tagged = Tagger(graph, TaggingSettings(max_concepts=2)).tag(SAMPLE)
    assert tagged.sample.concepts == ("nuclear power", "reactor")
    assert tagged.num_cut == 2
    assert tagged.sample.edges[:2].max() < len(tagged.sample.words) + 2
    assert ("reactors", "word-concept", "reactor") in named_edges(graph, tagged.sample)


def test_naive_takes_all_around(graph: KnowledgeGraph) -> None:
    tagged = Tagger(graph, TaggingSettings(sampling="naive")).tag(SAMPLE)
    assert set(tagged.sample.concepts) == {"nuclear power", "reactor", "radiation", "waste", "zebra", "animal"}


@pytest.mark.parametrize("sampling", get_args(Sampling))
def test_every_sampling_gives_a_prefix_of_its_concepts_and_edges_in_both_directions(
    graph: KnowledgeGraph, sampling: Sampling
) -> None:
    whole = Tagger(graph, TaggingSettings(sampling=sampling)).tag(SAMPLE)
    reverse = graph.relations.reverse_ids()
    for most in range(len(whole.sample.concepts) + 1):
        tagged = Tagger(graph, TaggingSettings(sampling=sampling, max_concepts=most)).tag(SAMPLE)
        assert tagged.sample.concepts == whole.sample.concepts[:most]
        assert tagged.num_cut == len(whole.sample.concepts) - most
        edges = {(head, tail, relation) for head, tail, relation in tagged.sample.edges.T.tolist()}
        assert {(tail, head, int(reverse[relation])) for head, tail, relation in edges} == edges


def test_a_sample_without_concepts_has_no_edges(graph: KnowledgeGraph) -> None:
    tagged = Tagger(graph).tag(Sample("p2", "xyzzy", "quux"))
    assert tagged.sample.concepts == ()
    assert tagged.sample.edges.shape == (3, 0)
    assert (tagged.target_linked, tagged.text_linked, tagged.bridged) == (False, False, False)
    assert tagged.unlinked == ("quux", "xyzzy")


def relevance_of(graph: KnowledgeGraph, to_target: dict[str, float], to_text: dict[str, float]) -> Relevance:
    """Return a measure by two tables; what is not in them is like neither side."""

    def measure(phrases: Sequence[str], concepts: Sequence[npt.NDArray[np.int64]]) -> list[npt.NDArray[np.float64]]:
        sides = [to_target if phrase in (SAMPLE.target, "zebra") else to_text for phrase in phrases]
        return [
            np.asarray([side.get(graph.label(concept), 0.0) for concept in some.tolist()])
            for side, some in zip(sides, concepts, strict=True)
        ]

    return measure


@pytest.mark.parametrize(
    ("to_target", "to_text", "kept", "bridged"),
    [
        # what the text mentions is judged by the larger similarity, what lies between by the mean of both
        ({"nuclear power": 0.9}, {"reactor": 0.9}, {"nuclear power", "reactor"}, True),
        (
            {"nuclear power": 0.9, "radiation": 0.5},
            {"waste": 0.9, "radiation": 0.2},
            {"nuclear power", "radiation", "waste"},
            True,
        ),
        # without what lies between, nothing leads to the text
        ({"nuclear power": 0.9, "radiation": 0.5}, {"waste": 0.9}, {"nuclear power"}, False),
        # nor does it from a target that is left out itself
        ({}, {"reactor": 0.9, "radiation": 0.9, "waste": 0.9}, set(), False),
    ],
)
def test_the_filter_leaves_whole_paths(
    graph: KnowledgeGraph, to_target: dict[str, float], to_text: dict[str, float], kept: set[str], bridged: bool
) -> None:
    tagged = Tagger(graph, relevance=relevance_of(graph, to_target, to_text)).tag(SAMPLE)
    assert (set(tagged.sample.concepts), tagged.bridged) == (kept, bridged)


def test_around_what_is_left_out_nothing_is_kept(graph: KnowledgeGraph) -> None:
    relevance = relevance_of(graph, {"radiation": 0.9, "zebra": 0.9}, {"waste": 0.9, "animal": 0.9, "zebra": 0.1})
    sample = replace(SAMPLE, text="waste", target="zebra")
    for hops, kept in ((0, {"waste", "zebra"}), (1, {"waste", "zebra", "radiation", "animal"})):
        settings = TaggingSettings(sampling="naive", hops=hops)
        assert set(Tagger(graph, settings, relevance=relevance).tag(sample).sample.concepts) == kept
    dropped = relevance_of(graph, {"radiation": 0.9}, {"waste": 0.1, "animal": 0.9})
    settings = TaggingSettings(sampling="naive", hops=1)
    assert Tagger(graph, settings, relevance=dropped).tag(sample).sample.concepts == ()


def test_a_bridge_leads_to_another_concept_of_the_text(tmp_path: Path) -> None:
    graph = graph_of(tmp_path, [("abortion", "RelatedTo", "clinic"), ("abortion", "IsA", "act"), ("law", "IsA", "act")])
    texts = {"abortion again": False, "abortion clinic": True, "the law": True, "a zoo": False}
    for text, bridged in texts.items():
        assert Tagger(graph).tag(Sample("a", text, "abortion")).bridged is bridged
    naive = TaggingSettings(sampling="naive", hops=0)  # both are kept, and nothing leads from one to the other
    tagged = Tagger(graph, naive).tag(Sample("a", "the law", "abortion"))
    assert (set(tagged.sample.concepts), tagged.bridged) == ({"abortion", "law"}, False)


def test_a_target_is_linked_if_all_its_content_words_are(tmp_path: Path) -> None:
    graph = graph_of(tmp_path, [("gun", "RelatedTo", "weapon"), ("right", "RelatedTo", "law")])
    found = {target: Tagger(graph).tag(Sample("a", "x", target)) for target in ("gun", "the gun lobby", "lobby")}
    assert {target: (one.target_linked, one.target_in_part) for target, one in found.items()} == {
        "gun": (True, False),
        "the gun lobby": (False, True),
        "lobby": (False, False),
    }


def test_samples_in_one_go_are_those_one_by_one(graph: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    samples = [replace(SAMPLE, id=str(n), text=f"{SAMPLE.text} {n}") for n in range(7)]
    relevance = relevance_of(graph, {"nuclear power": 0.9}, {"reactor": 0.5})
    one_by_one = [Tagger(graph, relevance=relevance).tag(sample).sample for sample in samples]
    monkeypatch.setattr(tagger_module, "CHUNK", 3)
    assert [tagged.sample.concepts for tagged in Tagger(graph, relevance=relevance).tag_all(samples)] == [
        sample.concepts for sample in one_by_one
    ]


def test_a_name_of_the_target_is_short_in_the_text(tmp_path: Path) -> None:
    graph = graph_of(tmp_path, [("Joe Biden", "IsA", "politician"), ("joe", "IsA", "coffee")])
    sample = Tagger(graph).tag(Sample("a", "i like biden, and coffee", "Joe Biden")).sample
    words = [
        sample.words[head] for head, _, relation in sample.edges.T.tolist() if relation == WORD_CONCEPT and head < 8
    ]
    assert (sample.concepts, words) == (("joe biden",), ["Joe", "Biden", "biden"])


def test_a_vocabulary_limits_what_is_linked_and_what_is_kept(graph: KnowledgeGraph) -> None:
    tagger = Tagger(graph)
    ids = {graph.label(concept): concept for concept in range(len(graph))}
    assert {graph.label(concept) for concept in tagger.tag(SAMPLE).mentioned} == {
        "nuclear power", "reactor", "waste", "zebra",
    }  # fmt: skip
    allowed = [ids[name] for name in ("nuclear power", "waste")]
    kept = [*(ids[name] for name in ("nuclear power", "radiation", "reactor")), len(graph)]
    limited = tagger.with_vocabulary(allowed, kept).tag(SAMPLE)
    assert limited.sample.concepts == ("nuclear power", "reactor", "radiation")
    assert {graph.label(concept) for concept in limited.mentioned} == {"nuclear power", "waste"}
    assert limited.num_cut == 0


def test_a_tagger_remembers_a_number_of_targets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tagger_module, "CACHED_TARGETS", 3)
    tagger = Tagger(
        graph_of(tmp_path, [("climate", "RelatedTo", "change"), ("climate change", "RelatedTo", "weather")])
    )
    for number in range(20):
        tagged = tagger.tag(Sample(str(number), "the weather", f"climate change {number % 7}"))
        assert tagged.sample.concepts == ("climate change", "weather")
    assert tagger._link_target.cache_info().currsize == 3
