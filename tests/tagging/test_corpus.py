"""A tagged corpus: all splits with their coverage, or nothing; whole, or in shards that come to the same."""

import json
from pathlib import Path

import pytest

from gatbert.corpora.graph_corpus import GraphCorpusInfo, read_graph_corpus
from gatbert.errors import UserError
from gatbert.knowledge import KnowledgeGraph
from gatbert.samples import Sample
from gatbert.tagging.corpus import mentioned_concepts, merge_corpus, tag_corpus
from gatbert.tagging.shards import Shard
from gatbert.tagging.tagger import Tagger
from tests.knowledge.dump import graph_of
from tests.tagged import SAMPLE, TRIPLES

SPLITS = {
    "train": [Sample(f"p{number}", "reactors leave waste", "nuclear power", "favor") for number in range(5)],
    "test": [SAMPLE],
}


@pytest.fixture
def graph(tmp_path: Path) -> KnowledgeGraph:
    """A graph beside the corpus."""
    (tmp_path / "mine").mkdir()
    return graph_of(tmp_path / "mine", TRIPLES)


def info_of(graph: KnowledgeGraph) -> GraphCorpusInfo:
    return GraphCorpusInfo(graph.relations, graph.checksum, str(graph.folder))


def test_shards_come_to_the_whole(graph: KnowledgeGraph, tmp_path: Path) -> None:
    whole = tag_corpus(tmp_path / "whole", SPLITS, info_of(graph), graph)
    for number in (2, 1):
        tag_corpus(tmp_path / "shards", SPLITS, info_of(graph), graph, shard=Shard(number, 2))
    assert merge_corpus(tmp_path / "shards") == whole
    names = ["coverage.json", "test.parquet", "train.parquet"]
    for folder in ("whole", "shards"):
        assert sorted(path.name for path in (tmp_path / folder).iterdir()) == names
        assert json.loads((tmp_path / folder / "coverage.json").read_text())["train"]["num_samples"] == 5
    one, other = (list(read_graph_corpus(tmp_path / folder / "train.parquet")) for folder in ("whole", "shards"))
    assert [tagged.sample.id for tagged in one] == [tagged.sample.id for tagged in other] == [f"p{n}" for n in range(5)]


def test_what_cannot_be_tagged_leaves_nothing(graph: KnowledgeGraph, tmp_path: Path) -> None:
    other = GraphCorpusInfo(graph.relations, "f" * 64, "elsewhere")
    for shard in (None, Shard(1, 2)):
        with pytest.raises(UserError, match="the corpus was tagged with elsewhere"):
            tag_corpus(tmp_path / "out", SPLITS, other, graph, shard=shard)
        assert not (tmp_path / "out").exists()


def test_the_vocabulary_of_train_is_what_its_samples_mention(graph: KnowledgeGraph) -> None:
    found = mentioned_concepts(Tagger(graph), SPLITS["train"])
    assert {graph.label(concept) for concept in found} == {"nuclear power", "reactor", "waste"}
    assert list(found) == sorted(found)
    with pytest.raises(UserError, match="the training files mention no concept; give --train"):
        mentioned_concepts(Tagger(graph), [Sample("x", "xyzzy", "quux")])
