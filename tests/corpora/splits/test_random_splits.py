"""Splits that are drawn: shares of each file, and nothing between them."""

from pathlib import Path

import pytest

from gatbert.corpora.splits.random_splits import RandomSplits
from gatbert.errors import UserError
from tests.tiny import corpus_rows, write_corpus


def test_predict_has_all_and_the_others_have_each_sample_once(tmp_path: Path) -> None:
    file = str(write_corpus(tmp_path / "a.csv", corpus_rows(60)))
    found = RandomSplits(partitions={file: [0.5, 0.25, 0.25]}).read()
    drawn = [sample.id for name in ("train", "val", "test") for sample in found[name]]
    assert sorted(drawn) == sorted(sample.id for sample in found["predict"])
    assert all(found.values())


def test_files_of_a_split_are_those_of_which_it_has_a_share() -> None:
    splits = RandomSplits(partitions={"a.csv": [1.0, 0.0, 0.0], "b.csv": [0.0, 0.5, 0.5]})
    assert [splits.files_of(name) for name in ("train", "val", "test")] == [["a.csv"], ["b.csv"], ["b.csv"]]
    assert splits.files_of("predict") == splits.files() == ["a.csv", "b.csv"]


def test_no_file_at_all_is_refused() -> None:
    with pytest.raises(UserError, match=r"partitions is empty; give at least one file, such as"):
        RandomSplits(partitions={})
