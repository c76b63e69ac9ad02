"""Data modules: from corpus files to batches."""

from gatbert.data_modules.base import StanceDataModule
from gatbert.data_modules.mixed import MixedDataModule
from gatbert.data_modules.random_split import RandomSplitDataModule
from gatbert.data_modules.split import SplitDataModule

__all__ = ["MixedDataModule", "RandomSplitDataModule", "SplitDataModule", "StanceDataModule"]
