"""Splits that come with a corpus: as files, or by a column; a missing val is cut from train."""

from pathlib import Path
from typing import Any

import pytest

from gatbert.data_modules import SplitDataModule, StanceDataModule
from gatbert.errors import UserError
from tests.data_modules.prepared import ids, split_files
from tests.tiny import corpus_rows, write_corpus


def test_splits_that_share_a_sample_are_refused(encoder: str, tmp_path: Path) -> None:
    rows = corpus_rows(40)
    files = split_files(tmp_path, train=rows[:30], val=rows[29:35], test=rows[35:])
    places = rf"train {tmp_path}/train\.csv:31 and val {tmp_path}/val\.csv:2"
    pair = rf"leak: 1 pair of .*: {places}; .*--data\.duplicates .*drop"
    with pytest.raises(UserError, match=pair):
        SplitDataModule(tokenizer=encoder, **files).prepare_data()


def test_missing_val_is_cut_from_train(encoder: str, tmp_path: Path) -> None:
    rows = corpus_rows(90)
    data = SplitDataModule(tokenizer=encoder, **split_files(tmp_path, train=rows[:60], test=rows[60:]))
    data.prepare_data()
    splits = ids(data)
    assert sorted(splits["train"] + splits["val"]) == sorted(row["id"] for row in rows[:60])
    assert 0 < len(splits["val"]) < 20
    assert splits["predict"] == splits["test"] == [row["id"] for row in rows[60:]]


def test_files_of_a_split_are_joined(encoder: str, tmp_path: Path) -> None:
    rows = corpus_rows(60)
    files = split_files(tmp_path, one=rows[:20], two=rows[20:40], val=rows[40:])
    data = SplitDataModule(tokenizer=encoder, train=[files["one"], files["two"]], val=files["val"])
    data.prepare_data()
    assert [one.id for one in data.samples("train")] == [row["id"] for row in rows[:40]]


def test_no_file_at_all_is_refused(encoder: str) -> None:
    with pytest.raises(UserError, match="no corpus file"):
        SplitDataModule(tokenizer=encoder)


def numbers(data: StanceDataModule) -> dict[str, list[int]]:
    """Return the numbers in the ids of each split."""
    return {name: [int(one[1:]) for one in names] for name, names in ids(data).items()}


def by_column(folder: Path, values: list[str], rows: list[dict[str, str]] | None = None) -> str:
    rows = rows or corpus_rows(len(values))
    return str(write_corpus(folder / "all.csv", [{**r, "Part": v} for r, v in zip(rows, values, strict=True)]))


def test_a_column_names_the_split(encoder: str, tmp_path: Path) -> None:
    file = by_column(tmp_path, ["Train"] * 30 + ["DEV"] * 9 + ["test"] * 9)
    data = SplitDataModule(tokenizer=encoder, files=file, split_column="Part")
    data.prepare_data()
    assert [numbers(data)[name] for name in ("train", "val", "test", "predict")] == [
        list(range(30)),
        list(range(30, 39)),
        list(range(39, 48)),
        list(range(39, 48)),
    ]
    assert set(data.samples("train")[0].meta) == set()  # the column is no flag


def test_values_of_ones_own_and_a_val_that_is_missing(encoder: str, tmp_path: Path) -> None:
    file = by_column(tmp_path, ["1"] * 60 + ["2"] * 9 + ["3"] * 9)
    values = {"train": ["1"], "test": ["2"], "predict": ["3"]}
    data = SplitDataModule(tokenizer=encoder, files=[file], split_column="Part", split_values=values)
    data.prepare_data()
    assert sorted(numbers(data)["train"] + numbers(data)["val"]) == list(range(60))
    assert 0 < len(numbers(data)["val"]) < 20
    assert (numbers(data)["test"], numbers(data)["predict"]) == (list(range(60, 69)), list(range(69, 78)))


@pytest.mark.parametrize(
    ("values", "options", "words"),
    [
        (["train", "held out"], {}, r"all\.csv:3: the value 'held out' in the column 'Part', .*accepted are 'train'"),
        (["train", ""], {}, r"all\.csv:3: no value in the column 'Part'"),
        (["train"], {"split_column": "Prt"}, r"no column 'Prt' for split_column; .*did you mean 'Part'\?"),
        (["train"], {"split_column": None}, "belong together"),
        (["train"], {"train": "x.csv"}, r"files and train are both given"),
        (["train"], {"split_values": {"dev": ["x"]}}, "split_values names the split 'dev'"),
        (["train"], {"split_values": {"test": ["Train"]}}, "'Train' names two splits"),
        (["train"], {"corpus_type": "graph"}, "corpus_type graph have no columns"),
    ],
)
def test_wrong_split_columns(
    encoder: str, tmp_path: Path, values: list[str], options: dict[str, Any], words: str
) -> None:
    file = by_column(tmp_path, values)
    with pytest.raises(UserError, match=words):
        SplitDataModule(**{"tokenizer": encoder, "files": file, "split_column": "Part", **options}).prepare_data()


def test_two_files_of_a_split_may_hold_the_same_text(encoder: str, tmp_path: Path) -> None:
    """Ids that are made of the content would name both."""
    rows = [{name: value for name, value in row.items() if name != "id"} for row in corpus_rows(30)]
    files = split_files(tmp_path, train=rows[:18], val=rows[18:24], one=rows[24:], two=rows[26:])
    data = SplitDataModule(tokenizer=encoder, train=files["train"], val=files["val"], test=[files["one"], files["two"]])
    data.prepare_data()
    names = [sample.id for sample in data.samples("test")]
    assert len(set(names)) == 10
    assert names[6:] == [f"{name}-2" for name in names[2:6]]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"batch_size": 0}, "--data.batch_size 0 is not accepted; accepted is at least 1"),
        ({"num_workers": -1}, "--data.num_workers -1"),
        ({"max_length": 0}, "--data.max_length 0"),
        ({"split_seed": -1}, "--data.split_seed -1"),
        ({"val_fraction": 1.0}, "--data.val_fraction 1.0"),
        ({"val_fraction": float("nan")}, "--data.val_fraction nan"),
        ({"stances": ["favor"]}, "--data.stances"),
        ({"stances": ["favor", "favor", "against"]}, "--data.stances"),
    ],
)
def test_numbers_out_of_range_are_refused_at_once(options: dict[str, Any], words: str) -> None:
    with pytest.raises(UserError, match=words):
        SplitDataModule(tokenizer="none", train="none.csv", **options)


def test_folders_and_missing_files(encoder: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is a folder; give the files in it"):
        SplitDataModule(tokenizer=encoder, train=str(tmp_path)).prepare_data()
    with pytest.raises(UserError, match="does not exist; paths are relative to"):
        SplitDataModule(tokenizer=encoder, train=str(tmp_path / "none.csv")).prepare_data()
