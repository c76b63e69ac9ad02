"""Splits that gatbert draws itself."""

from collections.abc import Mapping
from typing import Any

from gatbert.data_modules.base import Splits, StanceDataModule
from gatbert.errors import UserError
from gatbert.splits import SplitBy, check_fractions, split_index


class RandomSplitDataModule(StanceDataModule):
    """Split corpora at random into train, val and test, by a hash: the same on every machine, stable under added rows.

    Args:
        partitions: Corpus files with their shares of train, val and test, such as ``{"a.csv": [0.8, 0.1, 0.1]}``.
        split_seed: Another seed draws another split.
        split_by: What is never divided between splits: samples with the same text, target or id.
        kwargs: Options of ``StanceDataModule``.
    """

    def __init__(
        self, partitions: dict[str, list[float]], split_seed: int = 0, split_by: SplitBy = "text", **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        if not partitions:
            raise UserError("partitions is empty; give at least one file, such as {corpus.csv: [0.8, 0.1, 0.1]}")
        for file, fractions in partitions.items():
            check_fractions(fractions, f"partitions of {file}")
        self.partitions = partitions
        self.split_seed = split_seed
        self.split_by = split_by

    def files(self) -> list[str]:
        """Return the files of all partitions."""
        return list(self.partitions)

    def split_settings(self) -> Mapping[str, Any]:
        """Return partitions, seed and grouping."""
        return {"partitions": self.partitions, "split_seed": self.split_seed, "split_by": self.split_by}

    def read_splits(self) -> Splits:
        """Draw the splits; predict takes all samples."""
        parts: Splits = {"train": [], "val": [], "test": [], "predict": []}
        for file, fractions in self.partitions.items():
            for sample in self._read(file, labelled=self._command() != "predict"):
                index = split_index(sample, fractions, self.split_seed, self.split_by)
                parts[("train", "val", "test")[index]].append(sample)
                parts["predict"].append(sample)
        return parts
