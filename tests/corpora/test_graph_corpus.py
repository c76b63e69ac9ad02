"""Graph corpora: what was written is read, and what was damaged is one sentence."""

import random
import shutil
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

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
from gatbert.corpora.tagging_settings import TaggingSettings
from gatbert.errors import UserError
from gatbert.knowledge import KnowledgeGraph
from gatbert.samples import GraphSample, Sample
from gatbert.tagging.tagger import Tagger
from tests.knowledge.dump import graph_of
from tests.tagged import TRIPLES, tagged_samples


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus of 700 posts."""
    folder = tmp_path_factory.mktemp("corpus")
    graph = graph_of(folder, [("zoo", "RelatedTo", "animal"), ("cage", "AtLocation", "zoo")])
    tagger = Tagger(graph)
    samples = [tagger.tag(Sample(str(n), f"animal number {n} in a cage", "zoos", "favor")) for n in range(700)]
    info = GraphCorpusInfo(graph.relations, graph.checksum, str(graph.folder))
    write_graph_corpus(folder / "test.parquet", samples, info)
    return folder / "test.parquet"


@pytest.fixture
def corpus(made: Path, tmp_path: Path) -> Path:
    """The same, to be spoiled."""
    return Path(shutil.copy(made, tmp_path))


def test_any_flipped_byte_is_found_or_changes_nothing(corpus: Path) -> None:
    whole = corpus.read_bytes()
    wanted = [tagged.sample for tagged in read_graph_corpus(corpus)]
    info = read_info(corpus)
    places = random.Random(0).sample(range(len(whole)), 20) + list(range(len(whole) - 20, len(whole)))  # noqa: S311
    found = 0
    for place in places:
        damaged = bytearray(whole)
        damaged[place] ^= 0x15
        corpus.write_bytes(damaged)
        try:
            again = [tagged.sample for tagged in read_graph_corpus(corpus)]
        except UserError as error:
            assert "\n" not in str(error)  # noqa: PT017
            found += 1
            continue
        assert read_info(corpus) == info
        assert [(s.id, s.text, s.concepts, s.edges.tolist()) for s in again] == [
            (s.id, s.text, s.concepts, s.edges.tolist()) for s in wanted
        ]
    assert found > 0.7 * len(places)


@pytest.mark.parametrize("said", [b"\xff", b"{", b"[" * 100_000, b"7", b"{}", b'{"format_version": 2}'])
def test_a_record_that_was_changed_is_one_sentence(corpus: Path, said: bytes) -> None:
    table = pq.read_table(corpus)
    pq.write_table(table.replace_schema_metadata({**table.schema.metadata, b"gatbert": said}), corpus)
    with pytest.raises(UserError, match=r"test\.parquet"):
        read_info(corpus)


def test_columns_and_records_that_were_changed_are_named(corpus: Path) -> None:
    table = pq.read_table(corpus)
    metadata = table.schema.metadata
    changed = metadata[b"gatbert"].replace(b'"max_concepts": 64', b'"max_concepts": 65')
    assert changed != metadata[b"gatbert"]
    others = [
        table,
        table.drop_columns(["words"]),
        table.rename_columns([name.replace("words", "word") for name in table.column_names]),
        table.set_column(0, "id", pa.array(range(table.num_rows))),
    ]
    for number, other in enumerate(others):
        pq.write_table(
            other.replace_schema_metadata({**metadata, b"gatbert": changed} if number == 0 else metadata), corpus
        )
        with pytest.raises(UserError, match="its record or its columns were changed; tag again"):
            list(read_graph_corpus(corpus))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("words", None),
        ("meta", None),
        ("num_target_words", 99),
        ("num_target_words", -1),
        ("concept_ids", [1]),
        ("definitions", ["one of many"]),
        ("heads", [0]),
    ],
)
def test_rows_that_cannot_be_are_named(corpus: Path, name: str, value: Any) -> None:
    table = pq.read_table(corpus)
    column = table.column(name).to_pylist()
    column[3] = value
    place = table.schema.get_field_index(name)
    pq.write_table(
        table.set_column(place, table.schema.field(place), pa.array(column, table.schema.field(place).type)), corpus
    )
    with pytest.raises(UserError, match=r"test\.parquet is damaged"):
        list(read_graph_corpus(corpus))


def test_edges_are_those_that_were_written(corpus: Path) -> None:
    edges = [tagged.sample.edges for tagged in read_graph_corpus(corpus)]
    assert all(one.dtype == np.int32 and one.shape[0] == 3 for one in edges)


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    return graph_of(tmp_path_factory.mktemp("tagging"), TRIPLES)


def info(graph: KnowledgeGraph) -> GraphCorpusInfo:
    return GraphCorpusInfo(graph.relations, graph.checksum, str(graph.folder), TaggingSettings(max_concepts=64))


def same(one: Tagged, two: Tagged) -> bool:
    edges = np.array_equal(one.sample.edges, two.sample.edges)
    rest = [{**vars(tagged), "sample": None, "mentioned": ()} for tagged in (one, two)]  # files lack what is mentioned
    return edges and rest[0] == rest[1] and vars_of(one) == vars_of(two)


def vars_of(tagged: Tagged) -> dict[str, object]:
    return {field.name: getattr(tagged.sample, field.name) for field in fields(GraphSample) if field.name != "edges"}


def test_a_graph_corpus_gives_back_what_was_written(graph: KnowledgeGraph, tmp_path: Path) -> None:
    tagged = [*tagged_samples(graph, 1100), Tagger(graph).tag(Sample("none", "xyzzy", "quux"))]
    tagged[3] = replace(
        tagged[3], sample=replace(tagged[3].sample, definitions=("é; says",) * len(tagged[3].sample.concepts))
    )
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
    def interrupted() -> Iterator[Tagged]:
        yield from tagged_samples(graph)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_graph_corpus(tmp_path / "test.parquet", interrupted(), info(graph))
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


def test_context_and_background_are_kept_and_older_files_have_none(corpus: Path, tmp_path: Path) -> None:
    tagged = list(read_graph_corpus(corpus))
    with_both = [replace(one, sample=replace(one.sample, context="c", background="b")) for one in tagged[:3]]
    write_graph_corpus(tmp_path / "both.parquet", with_both, read_info(corpus))
    found = [one.sample for one in read_graph_corpus(tmp_path / "both.parquet")]
    assert {(sample.context, sample.background) for sample in found} == {("c", "b")}
    older = tmp_path / "older.parquet"
    file = pq.ParquetFile(corpus)
    pq.write_table(file.read().drop_columns(["context", "background"]), older)
    pq.write_table(
        pq.read_table(older).replace_schema_metadata({**file.schema_arrow.metadata, **(file.metadata.metadata or {})}),
        older,
    )
    assert [one.sample.context for one in read_graph_corpus(older)] == [""] * 700
    merge_graph_corpora(tmp_path / "merged.parquet", [older, tmp_path / "both.parquet"])
    assert len(list(read_graph_corpus(tmp_path / "merged.parquet"))) == 703
