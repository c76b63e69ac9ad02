"""The typed contract between data and networks: encoded samples, and the batches that are made of them."""

from gatbert.batches.contract import Batch, Encoded, Preprocessor, collate_indices
from gatbert.samples.sentinels import NO_GOLD, REPEATED

__all__ = ["NO_GOLD", "REPEATED", "Batch", "Encoded", "Preprocessor", "collate_indices"]
