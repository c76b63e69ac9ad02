"""Data modules over tiny posts, prepared, and what is in their splits."""

from pathlib import Path
from typing import Any

from gatbert.data_modules import RandomSplitDataModule, StanceDataModule
from tests.tiny import write_corpus

SPLITS = ("train", "val", "test", "predict")


def split_files(folder: Path, **splits: list[dict[str, str]]) -> dict[str, Any]:
    """Write a file for each split, and return the paths as arguments of a data module."""
    return {name: str(write_corpus(folder / f"{name}.csv", rows)) for name, rows in splits.items()}


def random_split(encoder: str, posts: Path, **options: Any) -> RandomSplitDataModule:
    """Prepare a data module that draws its splits from one file of posts."""
    options = {"partitions": {str(posts): [0.6, 0.2, 0.2]}, "max_length": 48, **options}
    data = RandomSplitDataModule(tokenizer=encoder, **options)
    data.prepare_data()
    return data


def ids(data: StanceDataModule) -> dict[str, list[str]]:
    """Return the ids of the samples of each split, in their order."""
    return {name: [sample.id for sample in data.samples(name)] for name in SPLITS}
