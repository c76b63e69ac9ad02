"""Random splits: every sample once, stable under added rows, divided by what they are split by."""

from pathlib import Path

import pytest

from gatbert.data_modules import RandomSplitDataModule
from gatbert.errors import UserError
from tests.data_modules.prepared import SPLITS, ids, random_split
from tests.tiny import corpus_rows, write_corpus


def test_random_splits_take_every_sample_once(encoder: str, posts: Path) -> None:
    splits = ids(random_split(encoder, posts))
    assert sorted(splits["train"] + splits["val"] + splits["test"]) == sorted(splits["predict"])
    assert len(splits["predict"]) == 90


def test_added_rows_move_no_sample(encoder: str, posts: Path) -> None:
    before = ids(random_split(encoder, posts))
    write_corpus(posts, corpus_rows(120)[::-1])
    after = ids(random_split(encoder, posts))
    for name in SPLITS:
        assert set(before[name]) < set(after[name])


def test_another_seed_draws_another_split(encoder: str, posts: Path) -> None:
    assert ids(random_split(encoder, posts)) != ids(random_split(encoder, posts, split_seed=1))


def test_a_post_about_several_targets_stays_on_one_side(encoder: str, posts: Path) -> None:
    rows = [{**row, "id": f"{row['id']}{t}", "target": t} for row in corpus_rows(30) for t in ("zoo", "tax", "wind")]
    data = random_split(encoder, write_corpus(posts, rows))
    texts = [{sample.text for sample in data.samples(name)} for name in ("train", "val", "test")]
    assert sum(map(len, texts)) == len(set.union(*texts))


def test_several_corpora_each_with_its_own_shares(encoder: str, posts: Path, tmp_path: Path) -> None:
    rows = [{**row, "id": f"other{row['id']}", "text": f"{row['text']} climate"} for row in corpus_rows(30)]
    other = write_corpus(tmp_path / "other.csv", rows)
    data = random_split(encoder, posts, partitions={str(posts): [0.5, 0.5, 0.0], str(other): [0.0, 0.0, 1.0]})
    assert {name.startswith("other") for name in ids(data)["test"]} == {True}
    assert {name.startswith("other") for name in ids(data)["train"] + ids(data)["val"]} == {False}


@pytest.mark.parametrize("shares", [[1.2, -0.1, -0.1], [0.5, 0.5], [float("nan"), 0.5, 0.5], [0.1, 0.1, 0.1]])
def test_shares_that_are_none_are_refused_at_once(shares: list[float]) -> None:
    with pytest.raises(UserError, match=r"partitions of none\.csv"):
        RandomSplitDataModule(tokenizer="none", partitions={"none.csv": shares})
