"""Data modules: splits that cannot leak, a cache that stands for what it was made from, batches that lose nothing."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from lightning.pytorch import seed_everything

from gatbert.batches import NO_GOLD
from gatbert.data_modules import RandomSplitDataModule, SplitDataModule, StanceDataModule
from gatbert.errors import UserError
from tests.tiny import corpus_rows, write_corpus

SPLITS = ("train", "val", "test", "predict")


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    return write_corpus(tmp_path / "posts.csv", corpus_rows(90))


def random_split(encoder: str, posts: Path, **options: Any) -> RandomSplitDataModule:
    options = {"partitions": {str(posts): [0.6, 0.2, 0.2]}, "max_length": 48, **options}
    data = RandomSplitDataModule(tokenizer=encoder, **options)
    data.prepare_data()
    return data


def ids(data: StanceDataModule) -> dict[str, list[str]]:
    return {name: [sample.id for sample in data.samples(name)] for name in SPLITS}


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


def split_files(tmp_path: Path, **splits: list[dict[str, str]]) -> dict[str, str]:
    return {name: str(write_corpus(tmp_path / f"{name}.csv", rows)) for name, rows in splits.items()}


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
    assert ids_of(data, "train") == [row["id"] for row in rows[:40]]


def ids_of(data: StanceDataModule, name: str) -> list[str]:
    return [sample.id for sample in data.samples(name)]


def test_training_needs_only_the_cache(encoder: str, posts: Path) -> None:
    filled = random_split(encoder, posts)
    folder = filled.folder
    again = random_split(encoder, posts)
    assert again.folder == folder
    posts.write_bytes(posts.read_bytes())
    fresh = RandomSplitDataModule(tokenizer=encoder, partitions=filled.corpus.partitions, max_length=48)
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


def test_batches_hold_every_sample_once_with_its_gold(encoder: str, posts: Path) -> None:
    data = random_split(encoder, posts, batch_size=7)
    for loader, name in ((data.val_dataloader(), "val"), (data.test_dataloader(), "test")):
        samples = data.samples(name)
        seen = [(int(i), int(g)) for b in loader for i, g in zip(b.sample_index, b.stance_index, strict=True)]
        assert sorted(index for index, _ in seen) == list(range(len(samples)))
        assert all(data.stances[gold] == samples[index].stance for index, gold in seen)


def test_workers_collate_the_same_batches(encoder: str, posts: Path) -> None:
    def order(num_workers: int) -> list[list[int]]:
        seed_everything(3)
        loader = random_split(encoder, posts, batch_size=8, num_workers=num_workers).train_dataloader()
        return [batch.sample_index.tolist() for batch in loader]

    assert order(2) == order(0)


def test_transforms_hide_what_they_name(encoder: str, posts: Path) -> None:
    data = random_split(encoder, posts, transforms=["mask_target", "mask_text"])
    tokenizer = data.preprocessor.tokenizer  # type: ignore[attr-defined]
    words = set(tokenizer.convert_ids_to_tokens(data.split("train")[0].arrays["input_ids"].tolist()))
    assert words == {"[CLS]", "[MASK]", "[SEP]"}
    assert data.samples("train")[0].text != "[MASK]"  # predictions show what was written


def test_unlabelled_samples_are_refused_in_training_and_counted_nowhere_in_test(encoder: str, tmp_path: Path) -> None:
    rows = corpus_rows(40)
    unknown = [{**row, "stance": "?"} for row in rows[30:35]]
    files = split_files(tmp_path, train=rows[:25], val=rows[25:30], test=[*unknown, *rows[35:]])
    labels: dict[str, Any] = {"favor": "favor", "against": "against", "neutral": "neutral"}
    with pytest.raises(UserError, match=r"test\.csv:2: unknown label '\?'"):
        SplitDataModule(tokenizer=encoder, **files, labels=labels).prepare_data()
    data = SplitDataModule(tokenizer=encoder, **files, labels={**labels, "?": None})
    data.prepare_data()
    golds = [int(gold) for batch in data.test_dataloader() for gold in batch.stance_index]
    assert golds.count(NO_GOLD) == 5
    swapped = {**files, "train": files["test"], "test": files["train"]}
    data = SplitDataModule(tokenizer=encoder, **swapped, val_fraction=0.3, labels={**labels, "?": None})
    with pytest.raises(UserError, match="train split has 5 samples of 10 without a gold stance"):
        data.prepare_data()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"partitions": {}}, "partitions is empty"),
        ({"batch_size": 0}, "batch_size 0"),
        ({"transforms": ["mask_all"]}, "mask_all"),
        ({"max_length": 65}, "max_length 65"),
    ],
)
def test_wrong_options_are_refused(encoder: str, posts: Path, options: dict[str, Any], words: str) -> None:
    with pytest.raises(UserError, match=words):
        random_split(encoder, posts, **options)


def test_no_file_at_all_is_refused(encoder: str) -> None:
    with pytest.raises(UserError, match="no corpus file"):
        SplitDataModule(tokenizer=encoder)
