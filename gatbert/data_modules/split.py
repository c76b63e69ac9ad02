"""Splits that come with a corpus."""

from typing import Annotated, Any

from gatbert.corpora.splits.given_splits import GivenSplits
from gatbert.corpora.splits.hashing import SplitBy
from gatbert.data_modules.base import StanceDataModule
from gatbert.ranges import Range, Seed

Files = str | list[str] | None


class SplitDataModule(StanceDataModule):
    """Use the splits that come with a corpus, each from one file or several, or all from a column that names them.

    Args:
        train: Training files; a path, a glob such as ``data/*.csv``, or a list of these, as below.
        val: Validation files; without any, ``val_fraction`` of train is cut off by a hash.
        test: Test files.
        predict: Files to predict, with or without gold stances; by default those of test.
        files: Files that hold several splits, in place of train, val and test; ``split_column`` tells them apart.
        split_column: Column of these files that names the split of each row.
        split_values: Values of that column for train, val, test and predict, where they are not the usual ones (train,
            training; val, valid, validation, dev, development; test, testing; in upper or lower case).
        val_fraction: Share of train that becomes val, if there are no validation files.
        split_seed: Another seed cuts another val.
        split_by: What is never divided between train and val: samples with the same text, target or id.
        kwargs: Options of ``StanceDataModule``.
    """

    def __init__(
        self,
        train: Files = None,
        val: Files = None,
        test: Files = None,
        predict: Files = None,
        files: Files = None,
        split_column: str | None = None,
        split_values: dict[str, list[str]] | None = None,
        val_fraction: Annotated[float, Range(least=0, less_than=1)] = 0.1,
        split_seed: Seed = 0,
        split_by: SplitBy = "text",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._corpus = GivenSplits(
            train=train,
            val=val,
            test=test,
            predict=predict,
            together=files,
            split_column=split_column,
            split_values=split_values,
            val_fraction=val_fraction,
            split_seed=split_seed,
            split_by=split_by,
            **self.reading,
        )

    @property
    def corpus(self) -> GivenSplits:
        """The splits that come with the corpus."""
        return self._corpus
