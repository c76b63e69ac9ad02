"""Splits that gatbert draws itself."""

from typing import Any

from gatbert.corpora.splits.hashing import SplitBy
from gatbert.corpora.splits.random_splits import RandomSplits
from gatbert.data_modules.base import StanceDataModule
from gatbert.ranges import Seed, Share


class RandomSplitDataModule(StanceDataModule):
    """Split corpora at random into train, val and test, by a hash: the same on every machine, stable under added rows.

    Args:
        partitions: Corpus files, or globs of them, with their shares of train, val and test, such as
            ``{"a.csv": [0.8, 0.1, 0.1]}``.
        split_seed: Another seed draws another split.
        split_by: What is never divided between splits: samples with the same text, target or id.
        kwargs: Options of ``StanceDataModule``.
    """

    def __init__(
        self, partitions: dict[str, list[Share]], split_seed: Seed = 0, split_by: SplitBy = "text", **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self._corpus = RandomSplits(partitions=partitions, split_seed=split_seed, split_by=split_by, **self.reading)

    @property
    def corpus(self) -> RandomSplits:
        """The splits that are drawn."""
        return self._corpus
