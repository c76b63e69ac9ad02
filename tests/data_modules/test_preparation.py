"""What is said before training, what is refused, and when the cache is made again."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gatbert.data_modules import RandomSplitDataModule, StanceDataModule
from tests.tiny import corpus_rows, write_corpus


def split_files(folder: Path, **splits: list[dict[str, str]]) -> dict[str, Any]:
    return {name: str(write_corpus(folder / f"{name}.csv", rows)) for name, rows in splits.items()}


def said(data: StanceDataModule, capsys: pytest.CaptureFixture[str]) -> list[str]:
    capsys.readouterr()
    data.prepare_data()
    return capsys.readouterr().out.splitlines()


def two_stances(count: int, **labels: str) -> list[dict[str, str]]:
    names = {"against": "against", "favor": "favor", **labels}
    rows = [row for row in corpus_rows(count * 3 // 2 + 3) if row["stance"] != "neutral"]
    return [{**row, "stance": names[row["stance"]]} for row in rows[:count]]


def ids(data: StanceDataModule, name: str) -> list[int]:
    return [int(sample.id[1:]) for sample in data.samples(name)]


def test_a_damaged_cache_is_made_again(encoder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    posts = write_corpus(tmp_path / "posts.csv", corpus_rows(90))
    options: dict[str, Any] = {"partitions": {str(posts): [0.6, 0.2, 0.2]}, "max_length": 48}

    def prepared() -> tuple[StanceDataModule, str]:
        data = RandomSplitDataModule(tokenizer=encoder, **options)
        data.prepare_data()
        return data, capsys.readouterr().err

    whole, _ = prepared()
    tokens = whole.split("test")[0].arrays["input_ids"].copy()
    array = np.load(whole.folder / "test" / "input_ids.npy", mmap_mode="r+")
    array[:] = 7
    array.flush()
    del array
    mended, warned = prepared()
    assert mended.folder == whole.folder
    np.testing.assert_array_equal(mended.split("test")[0].arrays["input_ids"], tokens)
    assert f"warning: the cache {whole.folder} is made again: test/input_ids.npy is not as it was written" in warned
    assert len(warned.splitlines()) == 1
    assert prepared()[1] == ""
    shutil.rmtree(whole.folder / "val")
    assert "val/" in prepared()[1]
    whole.folder.joinpath("summary.json").write_text(json.dumps({"splits": {}}))
    assert "summary.json" in prepared()[1]
    assert [path.name for path in whole.folder.parent.iterdir()] == [whole.folder.name]
