"""Splits that gatbert draws itself."""

from typing import Any

from gatbert.corpora.splits.cuts import cut_values
from gatbert.corpora.splits.random_splits import DrawnBy, RandomSplits
from gatbert.data_modules.base import StanceDataModule
from gatbert.ranges import Count, Folds, Seed, Share


class RandomSplitDataModule(StanceDataModule):
    """Split corpora at random into train, val and test, by a hash: the same on every machine, stable under added rows.

    Args:
        partitions: Corpus files, or globs of them, with their shares of train, val and test, such as
            ``{"a.csv": [0.8, 0.1, 0.1]}``.
        split_seed: Another seed draws another split.
        split_by: What is never divided between splits: samples with the same text, target or id. Or column: what lies
            before the cut of a column is train and val in the proportion of their shares, and the rest is test.
        split_column: Column of numbers or dates for split_by column; of a graph corpus, a flag.
        cut: Value of that column from which on all is test; or two, between which is val and before which is train.
        folds: Folds of a cross-validation, each of which is test in one of as many runs; train and val share the
            others in the proportion of their shares. Files whose share of test is 0 are never tested.
        fold: Which fold is test, from 0.
        kwargs: Options of ``StanceDataModule``.
    """

    def __init__(
        self,
        partitions: dict[str, list[Share]],
        split_seed: Seed = 0,
        split_by: DrawnBy = "text",
        split_column: str | None = None,
        cut: str | int | float | list[str | int | float] | None = None,
        folds: Folds | None = None,
        fold: Count | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._corpus = RandomSplits(
            partitions=partitions,
            split_seed=split_seed,
            split_by=split_by,
            split_column=split_column,
            cut=cut_values(cut),
            folds=folds,
            fold=fold,
            **self.reading,
        )

    @property
    def corpus(self) -> RandomSplits:
        """The splits that are drawn."""
        return self._corpus
