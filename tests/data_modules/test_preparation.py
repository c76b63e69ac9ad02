"""Prepared splits: read from the cache when nothing changed, made again when anything did."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gatbert.data_modules import RandomSplitDataModule, StanceDataModule
from gatbert.data_modules.preparation import most_tokens
from tests.data_modules.prepared import ids, random_split
from tests.tiny import build_tokenizer, corpus_rows, write_corpus


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


def test_training_needs_only_the_cache(encoder: str, posts: Path) -> None:
    filled = random_split(encoder, posts)
    folder = filled.folder
    again = random_split(encoder, posts)
    assert again.folder == folder
    posts.write_bytes(posts.read_bytes())
    shares = {str(posts): [0.6, 0.2, 0.2]}
    fresh = RandomSplitDataModule(tokenizer=encoder, partitions=shares, max_length=48)
    assert fresh.folder == folder
    posts.unlink()
    assert len(fresh.samples("predict")) == 90
    assert sum(len(batch) for batch in fresh.train_dataloader()) == len(fresh.samples("train"))


@pytest.mark.parametrize(
    "change",
    [
        {"split_seed": 3},
        {"split_by": "id"},
        {"max_length": 32},
        {"labels": {"favor": "against", "against": "favor", "neutral": "neutral"}},
        {"stances": ["neutral", "favor", "against"]},
        {"transforms": ["mask_text"]},
        {"columns": {"style": "style"}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_whatever_changes_the_samples_changes_the_cache(encoder: str, posts: Path, change: dict[str, Any]) -> None:
    assert random_split(encoder, posts, **change).folder != random_split(encoder, posts).folder


def test_changed_data_are_read_again(encoder: str, posts: Path) -> None:
    before = random_split(encoder, posts).folder
    write_corpus(posts, corpus_rows(91))
    assert random_split(encoder, posts).folder != before


def test_a_deleted_cache_is_made_again(encoder: str, posts: Path) -> None:
    data = random_split(encoder, posts)
    before = ids(data)
    shutil.rmtree(data.folder)
    assert ids(random_split(encoder, posts)) == before


@pytest.mark.parametrize(("given", "limit", "most"), [(None, 999, 256), (None, 64, 64), (48, 64, 48), (300, 999, 300)])
def test_a_sample_has_256_tokens_at_most_where_nobody_says_else(given: int | None, limit: int, most: int) -> None:
    tokenizer = build_tokenizer()
    tokenizer.model_max_length = limit
    assert most_tokens(given, tokenizer) == most
