"""Splits that come with a corpus: whose files they are, and what is cut from train."""

from pathlib import Path

import pytest

from gatbert.corpora.splits.given_splits import GivenSplits
from gatbert.errors import UserError
from tests.tiny import corpus_rows, write_corpus


def test_a_split_without_files_has_those_from_which_it_is_taken() -> None:
    splits = GivenSplits(train=["a.csv", "b.csv"], test="t.csv")
    assert [splits.files_of(name) for name in ("train", "val", "test", "predict")] == [
        ["a.csv", "b.csv"], ["a.csv", "b.csv"], ["t.csv"], ["t.csv"],
    ]  # fmt: skip
    assert splits.files() == ["a.csv", "b.csv", "t.csv"]
    together = GivenSplits(together="all.csv", split_column="part", predict="p.csv")
    assert [together.files_of(name) for name in ("val", "predict")] == [["all.csv"], ["p.csv"]]


def test_val_is_cut_from_train_as_long_as_it_has_no_files(tmp_path: Path) -> None:
    rows = corpus_rows(90)
    train, val = (
        str(write_corpus(tmp_path / f"{name}.csv", part)) for name, part in (("a", rows[:60]), ("v", rows[60:]))
    )
    own = GivenSplits(train=train, val=val).read()
    assert [len(own[name]) for name in ("train", "val", "test", "predict")] == [60, 30, 0, 0]
    cut = GivenSplits(train=train, val_fraction=0.3).read()
    assert len(cut["train"]) + len(cut["val"]) == 60
    assert 5 < len(cut["val"]) < 30
    assert GivenSplits(train=train, val_fraction=0.0).read()["val"] == []


def test_files_of_other_splits_are_spared(tmp_path: Path) -> None:
    test = str(write_corpus(tmp_path / "t.csv", corpus_rows(9)))
    splits = GivenSplits(train=str(tmp_path / "gone.csv"), test=test)
    assert len(splits.read(only="test")["test"]) == len(splits.read(only="predict")["predict"]) == 9
    with pytest.raises(UserError, match=r"gone\.csv does not exist"):
        splits.read()
