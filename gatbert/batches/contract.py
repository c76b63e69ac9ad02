"""The typed contract between data and networks: encoded samples, batches, and the preprocessor that makes them."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from gatbert.samples.pair_settings import PairSettings
from gatbert.samples.sample import Sample
from gatbert.samples.sentinels import NO_GOLD, REPEATED

BatchT = TypeVar("BatchT", bound="Batch")


@dataclass(frozen=True)
class Encoded:
    """Hold one sample as index arrays, as a preprocessor made it.

    Attributes:
        arrays: Integer arrays by name; samples differ in the length of the last axis only.
        size: Cost of the sample, in nodes; batches are grouped by it.
        stance_index: Position of the gold stance in the label set, or ``NO_GOLD``.
        sample_index: Position of the sample in its split, or ``REPEATED``.
        corpus_index: Position of the sample's corpus in the mix from which it comes.
        cut: Whether the end of the text did not fit, and is missing; known when a sample is encoded, not later.
        vectors: Vectors of which the array ``vector_rows`` names some, shared by all samples that were encoded together
            ``(rows, size)``; ``None`` if they lie elsewhere, or there are none.
    """

    arrays: Mapping[str, npt.NDArray[np.integer[Any]]]
    size: int
    stance_index: int = NO_GOLD
    sample_index: int = REPEATED
    corpus_index: int = 0
    cut: bool = False
    vectors: npt.NDArray[np.float32] | None = None


@dataclass(frozen=True)
class Batch:
    """Hold the tensors of several samples; subclasses add what their network reads.

    Attributes:
        stance_index: Gold stances ``(batch,)``, int64, ``NO_GOLD`` where unknown.
        sample_index: Positions in the split ``(batch,)``, int64, ``REPEATED`` where a row counts nowhere.
        corpus_index: Positions of their corpora in the mix ``(batch,)``, int64; 0 where there is one corpus.
    """

    stance_index: Tensor
    sample_index: Tensor
    corpus_index: Tensor

    def __len__(self) -> int:
        return self.stance_index.shape[0]

    @property
    def graph(self) -> "Batch | None":
        """The packed graph of these samples, a ``GraphBatch``; ``None`` if there is none in the batch."""
        return None

    def to(self: BatchT, device: torch.device | str, non_blocking: bool = False) -> BatchT:
        """Return the batch with every tensor on ``device``."""
        return self._map(lambda tensor: tensor.to(device, non_blocking=non_blocking))

    def pin_memory(self: BatchT) -> BatchT:
        """Return the batch in page-locked memory, from which copies to a GPU overlap with its work."""
        return self._map(Tensor.pin_memory)

    def in_precision(self: BatchT, dtype: torch.dtype) -> BatchT:
        """Return the batch with every tensor of floating point numbers in this precision."""
        return self._map(lambda tensor: tensor.to(dtype) if tensor.is_floating_point() else tensor)

    def _map(self: BatchT, function: Any) -> BatchT:
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return type(self)(**{name: _mapped(value, function) for name, value in values.items()})


def _mapped(value: Any, function: Any) -> Any:
    if isinstance(value, Batch):
        return value._map(function)  # noqa: SLF001  (a batch within a batch)
    return function(value) if isinstance(value, Tensor) else value


class Preprocessor(ABC):
    """Turn samples into index arrays once, and index arrays into batches at every step."""

    mask_token: str
    """What transforms put in the place of a masked word."""

    max_length: int
    """Most tokens of a sample, special ones included."""

    pair: PairSettings = PairSettings()
    """What is read of a sample as text."""

    max_concepts: int | None = None
    """Most concepts of a sample; ``None`` if no concepts are read."""

    @abstractmethod
    def encode(self, samples: Sequence[Sample]) -> list[Encoded]:
        """Encode samples; the result depends on nothing but the samples and ``settings``."""

    @abstractmethod
    def collate(self, encoded: Sequence[Encoded]) -> Batch:
        """Join encoded samples into one batch, padding as the network needs it."""

    @abstractmethod
    def settings(self) -> Mapping[str, Any]:
        """Return all that ``encode`` depends on, as plain values: the key of the cache of encoded samples."""


def collate_indices(encoded: Sequence[Encoded]) -> dict[str, Tensor]:
    """Return the fields that every batch has: stance, sample and corpus index, each ``(batch,)``."""
    return {
        "stance_index": torch.tensor([item.stance_index for item in encoded], dtype=torch.int64),
        "sample_index": torch.tensor([item.sample_index for item in encoded], dtype=torch.int64),
        "corpus_index": torch.tensor([item.corpus_index for item in encoded], dtype=torch.int64),
    }
