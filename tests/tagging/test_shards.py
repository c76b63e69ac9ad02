"""Shards part a corpus without gaps, share a folder, and are joined in order."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatbert.corpora.graph_corpus import GraphCorpusInfo, read_graph_corpus, write_graph_corpus
from gatbert.errors import UserError
from gatbert.files.shards import Shard
from gatbert.knowledge import KnowledgeGraph
from gatbert.samples import Sample
from gatbert.tagging.shards import merged_files, shard_files, shard_part
from tests.knowledge.dump import graph_of
from tests.tagged import TRIPLES, tagged_samples


@given(st.integers(0, 200), st.integers(1, 20))
def test_every_sample_is_in_one_shard_and_shards_are_alike_in_size(size: int, count: int) -> None:
    samples = [Sample(str(index), "text", "target") for index in range(size)]
    parts = [shard_part(Shard(number, count), "train", samples)[1] for number in range(1, count + 1)]
    assert [sample for part in parts for sample in part] == samples
    assert max(map(len, parts)) - min(map(len, parts)) <= 1


@pytest.fixture
def graph(tmp_path: Path) -> KnowledgeGraph:
    """A graph beside the shards."""
    (tmp_path / "mine").mkdir()
    return graph_of(tmp_path / "mine", TRIPLES)


def write(graph: KnowledgeGraph, folder: Path, shard: Shard, fail: bool = False) -> None:
    """Write one shard of seven samples, or break off in the middle."""
    info = GraphCorpusInfo(graph.relations, graph.checksum, str(graph.folder))
    with shard_files(folder, shard, ["train"], info) as aside:
        everything = tagged_samples(graph, 7)
        name, samples = shard_part(shard, "train", [one.sample for one in everything])
        write_graph_corpus(aside / name, [one for one in everything if one.sample in samples], info)
        if fail:
            raise KeyboardInterrupt


def test_shards_are_joined_in_their_order_and_go(graph: KnowledgeGraph, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    for number in (3, 1, 2):
        write(graph, folder, Shard(number, 3))
    with merged_files(folder) as (_, splits):
        assert splits == ["train"]
    assert [path.name for path in folder.iterdir()] == ["train.parquet"]
    read = read_graph_corpus(folder / "train.parquet")
    assert [one.sample.id for one in read] == [f"p{number}" for number in range(7)]
    with pytest.raises(UserError, match=r"train\.parquet exists already"):
        write(graph, folder, Shard(1, 3))


def test_what_is_broken_off_leaves_nothing(graph: KnowledgeGraph, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        write(graph, tmp_path / "out", Shard(1, 2), fail=True)
    assert not (tmp_path / "out").exists()
    write(graph, tmp_path / "out", Shard(1, 2))
    with pytest.raises(KeyboardInterrupt):
        write(graph, tmp_path / "out", Shard(2, 2), fail=True)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["train.1-of-2.parquet"]
    with pytest.raises(UserError, match=r"lacks shards \[2\] of 2 of train"), merged_files(tmp_path / "out"):
        pass
