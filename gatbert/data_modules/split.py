"""Splits that come with a corpus."""

from collections.abc import Mapping
from typing import Any

from gatbert.data_modules.base import Splits, StanceDataModule
from gatbert.errors import UserError
from gatbert.samples import Sample
from gatbert.splits import SplitBy, check_fractions, split_index


class SplitDataModule(StanceDataModule):
    """Use the splits that come with a corpus, each from one file or several.

    Args:
        train: Training files.
        val: Validation files; without any, ``val_fraction`` of train is cut off by a hash.
        test: Test files.
        predict: Files to predict, with or without gold stances; by default those of test.
        val_fraction: Share of train that becomes val, if there are no validation files.
        split_seed: Another seed cuts another val.
        split_by: What is never divided between train and val: samples with the same text, target or id.
        kwargs: Options of ``StanceDataModule``.
    """

    def __init__(
        self,
        train: str | list[str] | None = None,
        val: str | list[str] | None = None,
        test: str | list[str] | None = None,
        predict: str | list[str] | None = None,
        val_fraction: float = 0.1,
        split_seed: int = 0,
        split_by: SplitBy = "text",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        check_fractions([1 - val_fraction, val_fraction, 0.0], "val_fraction")
        given = {"train": train, "val": val, "test": test, "predict": predict}
        self.paths = {name: [paths] if isinstance(paths, str) else list(paths or []) for name, paths in given.items()}
        self.val_fraction = val_fraction
        self.split_seed = split_seed
        self.split_by = split_by
        if not self.files():
            raise UserError("no corpus file is given; give data.train, data.val, data.test or data.predict")

    def files(self) -> list[str]:
        """Return the files of all splits, each once."""
        return list(dict.fromkeys(path for paths in self.paths.values() for path in paths))

    def split_settings(self) -> Mapping[str, Any]:
        """Return the paths and how val is cut from train."""
        return {"paths": self.paths, "val": [self.val_fraction, self.split_seed, self.split_by]}

    def read_splits(self) -> Splits:
        """Read the files of each split."""
        parts = {
            name: [sample for path in paths for sample in self._read(path, labelled=name != "predict")]
            for name, paths in self.paths.items()
        }
        if not parts["val"]:
            fractions = (1 - self.val_fraction, self.val_fraction)
            both: tuple[list[Sample], list[Sample]] = ([], [])
            for sample in parts["train"]:
                both[split_index(sample, fractions, self.split_seed, self.split_by)].append(sample)
            parts["train"], parts["val"] = both
        parts["predict"] = parts["predict"] or parts["test"]
        return parts
