"""Splits that are drawn: shares of each file, and nothing between them."""

from pathlib import Path

import pytest

from gatbert.corpora.splits import SPLITS
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


def test_a_text_stays_in_one_split_across_files_whatever_their_shares(tmp_path: Path) -> None:
    rows = corpus_rows(60)
    again = [
        {**row, "id": f"again-{row['id']}", "target": "another", "text": f"RT @you: {row['text']}..."} for row in rows
    ]
    files = [str(write_corpus(tmp_path / name, some)) for name, some in (("a.csv", rows), ("b.csv", again))]
    found = RandomSplits(partitions={files[0]: [0.8, 0.1, 0.1], files[1]: [0.2, 0.3, 0.5]}).read()
    texts = [
        {sample.text.removeprefix("RT @you: ").removesuffix("...") for sample in found[name]} for name in SPLITS[:3]
    ]
    assert sum(map(len, texts)) == len(set.union(*texts)) == len({row["text"] for row in rows})
    assert len(found["train"]) < len(found["test"])  # the last split that has it takes a text


def test_no_file_at_all_is_refused() -> None:
    with pytest.raises(UserError, match=r"partitions is empty; give at least one file, such as"):
        RandomSplits(partitions={})
