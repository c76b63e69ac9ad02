"""Data modules: splits that cannot leak, a cache that stands for what it was made from, batches that lose nothing."""

from pathlib import Path
from typing import Any

import pytest
from lightning.pytorch import seed_everything

from gatbert.batches import NO_GOLD
from gatbert.data_modules import SplitDataModule
from gatbert.errors import UserError
from tests.corpora.files import FORMATS
from tests.data_modules.prepared import random_split, split_files
from tests.tiny import corpus_rows


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
    tokenizer = data.preprocessor.tokenizer  # type: ignore[attr-defined]  # it has one
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
    tweets = FORMATS["semeval"]
    for name, path in files.items():
        some = {"train": rows[:25], "val": rows[25:30], "test": rows[30:]}[name]
        written = [tweets.row(row["target"], row["text"], row["stance"], row["id"]) for row in some]
        changed = [{**row, "Stance": "UNKNOWN"} if name == "test" and n < 5 else row for n, row in enumerate(written)]
        tweets.write(Path(path), changed)
    data = SplitDataModule(tokenizer=encoder, **files, corpus_type="semeval")
    data.prepare_data()
    golds = [int(gold) for batch in data.test_dataloader() for gold in batch.stance_index]
    assert golds.count(NO_GOLD) == 5
    swapped = {**files, "train": files["test"], "test": files["train"]}
    data = SplitDataModule(tokenizer=encoder, **swapped, val_fraction=0.3, corpus_type="semeval")
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
