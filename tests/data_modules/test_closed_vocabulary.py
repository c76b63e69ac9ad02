"""A closed vocabulary and splits that are drawn anew: a leak into test is refused, one into val is said."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gatbert.corpora.graph_corpus import GraphCorpusInfo
from gatbert.corpora.splits.mixed_splits import splits_from_options
from gatbert.data_modules import SplitDataModule
from gatbert.data_modules.closed_vocabulary import vocabulary_leak
from gatbert.errors import UserError
from gatbert.samples import Sample
from gatbert.stance_classifier import ExternalClassifier, StanceClassifier, TextClassifier
from gatbert.tagging.corpus import tag_corpus
from tests.knowledge.dump import graph_of
from tests.tagged import TRIPLES

STANCES = ("against", "favor", "neutral")


@pytest.fixture(scope="module")
def tagged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus that was tagged twice, with the vocabulary of train and with all concepts."""
    folder = tmp_path_factory.mktemp("closed")
    graph = graph_of(folder, TRIPLES)
    info = GraphCorpusInfo(graph.relations, graph.checksum, str(graph.folder))
    texts = {"train": range(24), "val": range(24, 32), "test": range(32, 40)}
    splits = {
        name: [
            Sample(str(n), f"{'reactor ' * (n + 1)} leaves waste", "nuclear power", STANCES[n % 3], meta={})
            for n in some
        ]
        for name, some in texts.items()
    }
    tag_corpus(folder / "train", splits, replace(info, allowed=()), graph)
    tag_corpus(folder / "all", splits, info, graph)
    return folder


def leak(**options: Any) -> str | None:
    """Return what is told of splits."""
    corpus = splits_from_options({"corpus_type": "graph", "near_duplicates": "allow", **options})
    return vocabulary_leak(corpus, corpus.read())


def test_the_splits_of_tagging_are_no_leak(tagged: Path) -> None:
    files = {name: str(tagged / "train" / f"{name}.parquet") for name in ("train", "val", "test")}
    assert leak(**files) is None
    assert leak(partitions={path: [float(part == name) for part in files] for name, path in files.items()}) is None


def test_samples_of_the_vocabulary_in_test_are_refused_and_in_val_said(tagged: Path) -> None:
    files = str(tagged / "train" / "*.parquet")
    for seed in (0, 1):
        with pytest.raises(
            UserError, match=r"\d+ samples of test, such as .*train\.parquet:\d+, made the vocabulary train"
        ):
            leak(partitions={files: [0.5, 0.2, 0.3]}, split_seed=seed)
    train, test = (str(tagged / "train" / f"{name}.parquet") for name in ("train", "test"))
    assert "samples of val, such as" in str(leak(train=train, test=test, val_fraction=0.3))
    assert leak(test=train) is None  # how well what was trained on is known may be asked
    assert leak(partitions={str(tagged / "all" / "*.parquet"): [0.5, 0.2, 0.3]}) is None


@pytest.mark.parametrize("classifier", [ExternalClassifier, TextClassifier])
def test_training_says_it_where_graphs_are_read(
    tagged: Path, encoder: str, capsys: pytest.CaptureFixture[str], classifier: type[StanceClassifier]
) -> None:
    options: dict[str, Any] = {"corpus_type": "graph", "near_duplicates": "allow", "max_length": 32}
    for _ in range(2):  # read, and from the cache
        data = SplitDataModule(
            tokenizer=encoder,
            classifier=classifier,
            train=str(tagged / "train" / "train.parquet"),
            test=str(tagged / "train" / "test.parquet"),
            val_fraction=0.3,
            **options,
        )
        data.prepare_data()
        assert ("made the vocabulary train" in "".join(capsys.readouterr())) == (classifier is ExternalClassifier)
