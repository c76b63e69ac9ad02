"""Tagging: golden samples, truncation, relevance, and the file that keeps it all."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gatbert.corpora import read_corpus
from gatbert.corpora.graph_corpus import (
    GraphCorpusInfo,
    Tagged,
    merge_graph_corpora,
    read_graph_corpus,
    read_info,
    write_graph_corpus,
)
from gatbert.errors import UserError
from gatbert.evaluation.drawing import page, sample_picture, svg
from gatbert.knowledge import KnowledgeGraph
from gatbert.samples import GraphSample, Sample
from gatbert.tagging.coverage import CoverageReport
from gatbert.tagging.tagger import Tagger, TaggingSettings
from tests.knowledge.dump import graph_of

SAMPLE = Sample("p1", "Reactors leave waste, says a zebra", "nuclear power", "against", {"style": "plain"})
TRIPLES = [
    ("nuclear power", "HasA", "reactor", 2.0),
    ("nuclear power", "Causes", "radiation", 1.0),
    ("waste", "Causes", "radiation", 1.0),
    ("reactor", "RelatedTo", "waste", 1.0),
    ("zebra", "IsA", "animal", 1.0),
]


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


def test_a_sample_without_concepts_has_no_edges(graph: KnowledgeGraph) -> None:
    tagged = Tagger(graph).tag(Sample("p2", "xyzzy", "quux"))
    assert tagged.sample.concepts == ()
    assert tagged.sample.edges.shape == (3, 0)
    assert (tagged.target_linked, tagged.text_linked, tagged.bridged) == (False, False, False)
    assert tagged.unlinked == ("quux", "xyzzy")


def test_irrelevant_concepts_are_left_out_but_never_the_targets(graph: KnowledgeGraph) -> None:
    def relevance(sample: Sample, concepts: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
        return np.asarray([0.9 if graph.label(c) == "reactor" else 0.1 for c in concepts.tolist()])

    tagged = Tagger(graph, relevance=relevance).tag(SAMPLE)
    assert tagged.sample.concepts == ("nuclear power", "reactor")


def info(graph: KnowledgeGraph) -> GraphCorpusInfo:
    return GraphCorpusInfo(graph.relations, graph.checksum, str(graph.folder), TaggingSettings(max_concepts=64))


def tagged_samples(graph: KnowledgeGraph, count: int = 3) -> list[Tagged]:
    tagger = Tagger(graph)
    return [tagger.tag(replace(SAMPLE, id=f"p{i}", stance=("against", None)[i % 2])) for i in range(count)]


def same(one: Tagged, two: Tagged) -> bool:
    edges = np.array_equal(one.sample.edges, two.sample.edges)
    return edges and vars(replace(one, sample=None)) == vars(replace(two, sample=None)) and vars_of(one) == vars_of(two)  # type: ignore[arg-type]


def vars_of(tagged: Tagged) -> dict[str, object]:
    names = ("id", "text", "target", "stance", "meta", "words", "num_target_words", "concepts", "concept_ids")
    return {name: getattr(tagged.sample, name) for name in names}


def test_a_graph_corpus_gives_back_what_was_written(graph: KnowledgeGraph, tmp_path: Path) -> None:
    tagged = [*tagged_samples(graph, 1100), Tagger(graph).tag(Sample("none", "xyzzy", "quux"))]
    path = tmp_path / "test.parquet"
    assert write_graph_corpus(path, tagged, info(graph)) == 1101
    assert all(same(one, two) for one, two in zip(tagged, read_graph_corpus(path), strict=True))
    assert read_info(path) == info(graph)
    samples = list(read_corpus(path, "graph"))
    assert [sample.id for sample in samples][:2] == ["p0", "p1"]
    assert isinstance(samples[0], GraphSample)


def test_shards_merge_in_order(graph: KnowledgeGraph, tmp_path: Path) -> None:
    tagged = tagged_samples(graph, 5)
    parts = [tmp_path / "a.parquet", tmp_path / "b.parquet"]
    for part, rows in zip(parts, (tagged[:3], tagged[3:]), strict=True):
        write_graph_corpus(part, rows, info(graph))
    assert merge_graph_corpora(tmp_path / "all.parquet", parts) == 5
    read = list(read_graph_corpus(tmp_path / "all.parquet"))
    assert all(same(one, two) for one, two in zip(tagged, read, strict=True))
    write_graph_corpus(parts[1], tagged[3:], replace(info(graph), graph_checksum="other"))
    with pytest.raises(UserError, match=r"b\.parquet was tagged otherwise than .*: graph .* and other"):
        merge_graph_corpora(tmp_path / "all2.parquet", parts)


def test_files_that_are_no_graph_corpus_are_refused(graph: KnowledgeGraph, tmp_path: Path) -> None:
    path = tmp_path / "test.parquet"
    write_graph_corpus(path, tagged_samples(graph), info(graph))
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UserError, match="cut short"):
        read_info(path)
    pq.write_table(pa.table({"a": [1]}), path)
    with pytest.raises(UserError, match="no graph corpus"):
        read_info(path)
    with pytest.raises(UserError, match="does not exist"):
        read_info(tmp_path / "nowhere.parquet")


def test_an_interrupted_file_is_not_left(graph: KnowledgeGraph, tmp_path: Path) -> None:
    def interrupted() -> object:
        yield from tagged_samples(graph)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_graph_corpus(tmp_path / "test.parquet", interrupted(), info(graph))  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


def test_edges_out_of_range_are_refused_when_they_are_read(graph: KnowledgeGraph, tmp_path: Path) -> None:
    (one,) = tagged_samples(graph, 1)
    path = tmp_path / "test.parquet"
    for row, value, words in ((1, 99, "outside the 13 nodes"), (2, 99, "accepted is 1 to")):
        edges = one.sample.edges.copy()
        edges[row, 0] = value
        write_graph_corpus(path, [replace(one, sample=replace(one.sample, edges=edges))], info(graph))
        with pytest.raises(UserError, match=words):
            list(read_corpus(path, "graph"))


def test_the_coverage_report_counts(graph: KnowledgeGraph) -> None:
    report = CoverageReport()
    for tagged in [*tagged_samples(graph, 3), Tagger(graph, TaggingSettings(max_concepts=1)).tag(SAMPLE)]:
        report.add("test", tagged)
    report.add("test", Tagger(graph).tag(Sample("none", "xyzzy xyzzy", "quux")))
    said = report.plain()["test"]
    assert (said["num_samples"], said["target_linked"], said["bridged"]) == (5, 0.8, 0.6)
    assert (said["concepts_median"], said["concepts_cut"], said["samples_cut"]) == (4, 3, 1)
    assert dict(said["unlinked"]) == {"xyzzy": 1, "quux": 1}
    assert list(said["targets"]) == ["nuclear power", "quux"]


def test_unlinked_words_come_in_the_same_order_each_time(graph: KnowledgeGraph) -> None:
    """A set of words has another order in each process."""
    words = [f"{letter}yzzy" for letter in "qwertzuiopasdfghjklyxcvbnm"]
    report = CoverageReport()
    report.add("test", Tagger(graph).tag(Sample("none", " ".join([*words, *words]), "zebra")))
    assert report.plain()["test"]["unlinked"] == [(word, 1) for word in words]


def test_pictures_name_every_node_and_relation(graph: KnowledgeGraph) -> None:
    sample = replace(Tagger(graph).tag(SAMPLE).sample, target="<nuclear> & power")
    picture = sample_picture(sample, graph.relations)
    drawn = svg(picture)
    for word in ("nuclear", "Reactors", *sample.concepts, "Causes", "HasA", "RelatedTo"):
        assert f">{word}<" in drawn
    assert ">says<" not in drawn
    assert "Causes^-1" not in drawn
    html = page(sample.target, sample.text, picture)
    assert "&lt;nuclear&gt; &amp; power" in html
    assert "<nuclear>" not in html
    assert "src=" not in html
