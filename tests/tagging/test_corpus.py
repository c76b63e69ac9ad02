"""A tagged corpus: all splits with their coverage, or nothing; whole, or in shards that come to the same."""

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatbert.corpora.graph_corpus import GraphCorpusInfo, Tagged, read_graph_corpus, read_info
from gatbert.corpora.tagging_settings import Sampling, TaggingSettings
from gatbert.errors import UserError
from gatbert.files.shards import Shard
from gatbert.knowledge import KnowledgeGraph
from gatbert.samples import Sample
from gatbert.tagging.corpus import Vocabulary, merge_corpus, tag_corpus
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


@pytest.mark.parametrize("allowed", [None, ()])
def test_shards_come_to_the_whole(graph: KnowledgeGraph, tmp_path: Path, allowed: tuple[()] | None) -> None:
    info = replace(info_of(graph), allowed=allowed)
    whole = tag_corpus(tmp_path / "whole", SPLITS, info, graph)
    for number in (2, 1):
        tag_corpus(tmp_path / "shards", SPLITS, info, graph, shard=Shard(number, 2))
    assert merge_corpus(tmp_path / "shards") == whole
    names = ["coverage.json", "test.parquet", "train.parquet"]
    for folder in ("whole", "shards"):
        assert sorted(path.name for path in (tmp_path / folder).iterdir()) == names
        assert json.loads((tmp_path / folder / "coverage.json").read_text())["train"]["num_samples"] == 5
    paths = [tmp_path / folder / "train.parquet" for folder in ("whole", "shards")]
    assert read_info(paths[0]) == read_info(paths[1])
    one, other = (list(read_graph_corpus(path)) for path in paths)
    assert [tagged.sample.id for tagged in one] == [tagged.sample.id for tagged in other] == [f"p{n}" for n in range(5)]


def test_what_cannot_be_tagged_leaves_nothing(graph: KnowledgeGraph, tmp_path: Path) -> None:
    other = GraphCorpusInfo(graph.relations, "f" * 64, "elsewhere")
    for shard in (None, Shard(1, 2)):
        with pytest.raises(UserError, match="the corpus was tagged with elsewhere"):
            tag_corpus(tmp_path / "out", SPLITS, other, graph, shard=shard)
        assert not (tmp_path / "out").exists()


NAMES = ["ash", "birch", "cedar", "dill", "elm", "fir", "gorse", "hazel"]
WORDS = st.sampled_from(NAMES)
PHRASES = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)
"""Targets of one word to three: a shorter one takes the place of a longer one that is not in the vocabulary."""


@st.composite
def corpora(draw: st.DrawFn) -> dict[str, list[Sample]]:
    """Draw splits of some samples each."""
    texts = st.lists(st.tuples(st.lists(WORDS, max_size=8).map(" ".join), PHRASES), min_size=1, max_size=4)
    return {
        split: [Sample(f"{split}{n}", text or "-", target) for n, (text, target) in enumerate(draw(texts))]
        for split in ("train", "val", "test", "predict")
    }


@pytest.fixture(scope="module")
def drawn_graphs(tmp_path_factory: pytest.TempPathFactory) -> list[KnowledgeGraph]:
    """Graphs of these words and phrases, sparse to dense."""
    random, graphs = Random(0), []  # noqa: S311
    for num_edges in (10, 25, 60):
        phrases = [*NAMES, *(" ".join(random.sample(NAMES, size)) for size in (2, 3) for _ in range(20))]
        triples = [(head, "RelatedTo", tail) for head, tail in (random.sample(phrases, 2) for _ in range(num_edges))]
        graphs.append(graph_of(tmp_path_factory.mktemp("drawn"), triples))
    return graphs


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_with_the_vocabulary_of_train_every_concept_of_any_graph_is_in_one_of_train(
    drawn_graphs: list[KnowledgeGraph], data: st.DataObject
) -> None:
    how = TaggingSettings(
        sampling=data.draw(st.sampled_from(get_args(Sampling))),
        hops=data.draw(st.integers(0, 2)),
        degree_cap=data.draw(st.integers(0, 4)),
        max_concepts=data.draw(st.integers(1, 6)),
    )
    tagger, splits, vocabulary = (
        Tagger(data.draw(st.sampled_from(drawn_graphs)), how),
        data.draw(corpora()),
        Vocabulary(),
    )
    train = graphs_of(vocabulary.observed(tagger.tag_all(splits["train"]), splits["train"]))
    known = {concept for concepts, _ in train for concept in concepts}
    limited = tagger.with_vocabulary(vocabulary.mentioned, vocabulary.kept)
    for samples in splits.values():
        assert {concept for concepts, _ in graphs_of(limited.tag_all(samples)) for concept in concepts} <= known
    assert graphs_of(limited.tag_all(splits["train"])) == train  # as raw texts, they get the same


def graphs_of(tagged: Iterable[Tagged]) -> list[tuple[tuple[int, ...], list[list[int]]]]:
    """Return concepts and edges of each sample."""
    return [(one.sample.concept_ids, one.sample.edges.tolist()) for one in tagged]


def test_middles_of_paths_are_those_of_training_graphs(tmp_path: Path) -> None:
    facts = [("tax", "seen"), ("vote", "seen"), ("poll", "tax"), ("vote", "unseen"), ("poll", "unseen")]
    graph = graph_of(tmp_path, [(head, "RelatedTo", tail) for head, tail in facts])
    splits = {"train": [Sample("a", "vote", "tax"), Sample("b", "poll", "tax")], "test": [Sample("c", "poll", "vote")]}
    found = {}
    for allowed in (None, ()):
        out = tmp_path / f"out{allowed}"
        tag_corpus(out, splits, replace(info_of(graph), allowed=allowed), graph)
        found[allowed] = [one.sample.concepts for one in read_graph_corpus(out / "test.parquet")]
    assert found == {None: [("vote", "unseen", "poll")], (): [("vote", "poll")]}


def test_each_file_says_which_split_it_is_and_which_concepts_it_may_have(graph: KnowledgeGraph, tmp_path: Path) -> None:
    tag_corpus(tmp_path / "out", SPLITS, replace(info_of(graph), allowed=()), graph)
    infos = {split: read_info(tmp_path / "out" / f"{split}.parquet") for split in SPLITS}
    assert {split: info.split for split, info in infos.items()} == {"train": "train", "test": "test"}
    assert infos["train"] == infos["test"]
    names = [{graph.label(concept) for concept in ids or ()} for ids in (infos["test"].allowed, infos["test"].kept)]
    assert names == [{"nuclear power", "reactor", "waste"}, {"nuclear power", "reactor", "radiation", "waste"}]


def test_training_samples_that_mention_nothing_have_no_vocabulary(graph: KnowledgeGraph, tmp_path: Path) -> None:
    splits = {"train": [Sample("x", "xyzzy", "quux")], "test": [SAMPLE]}
    with pytest.raises(UserError, match="vocabulary train: the training samples mention no concept of the graph"):
        tag_corpus(tmp_path / "out", splits, replace(info_of(graph), allowed=()), graph)
    assert not (tmp_path / "out").exists()
