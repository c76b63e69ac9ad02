"""Tagging: golden samples, truncation, relevance, and the file that keeps it all."""

from pathlib import Path
from typing import get_args

import numpy as np
import numpy.typing as npt
import pytest

from gatbert.corpora.tagging_settings import Sampling, TaggingSettings
from gatbert.knowledge import KnowledgeGraph
from gatbert.samples import GraphSample, Sample
from gatbert.tagging import tagger as tagger_module
from gatbert.tagging.tagger import Tagger
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
    assert sample.words == ("nuclear", "power", "Reactors", "leave", "waste", ",", "says", "a", "zebra")
    assert sample.num_target_words == 2
    assert sample.concepts == ("nuclear power", "reactor", "radiation", "waste")
    assert [graph.label(concept) for concept in sample.concept_ids] == list(sample.concepts)
    forward = {
        ("nuclear", "word-concept", "nuclear power"),
        ("power", "word-concept", "nuclear power"),
        ("Reactors", "word-concept", "reactor"),
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
    assert ("Reactors", "word-concept", "reactor") in named_edges(graph, tagged.sample)


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


def test_irrelevant_concepts_are_left_out_but_never_the_targets(graph: KnowledgeGraph) -> None:
    def relevance(sample: Sample, concepts: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        return np.asarray([0.9 if graph.label(c) == "reactor" else 0.1 for c in concepts.tolist()])

    tagged = Tagger(graph, relevance=relevance).tag(SAMPLE)
    assert tagged.sample.concepts == ("nuclear power", "reactor")


def test_a_tagger_remembers_a_number_of_targets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tagger_module, "CACHED_TARGETS", 3)
    tagger = Tagger(
        graph_of(tmp_path, [("climate", "RelatedTo", "change"), ("climate change", "RelatedTo", "weather")])
    )
    for number in range(20):
        tagged = tagger.tag(Sample(str(number), "the weather", f"climate change {number % 7}"))
        assert tagged.sample.concepts == ("climate change", "weather")
    assert tagger._link_target.cache_info().currsize == 3
