"""From encoded samples to batches."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import lightning.pytorch as pl
import torch
from torch.utils.data import DataLoader, Dataset

from gatbert.batches import NO_GOLD, REPEATED, Encoded, Preprocessor
from gatbert.data_modules.encoded_cache import EncodedSplit
from gatbert.data_modules.samplers import EvaluationSampler, LengthGroupedSampler
from gatbert.data_modules.trainer_state import num_batches_trained, processes


class LazyLoader(DataLoader[list[Encoded]]):
    """Draw the first batch when it is asked for.

    Lightning asks for an iterator before it knows at which epoch and batch a training goes on; workers would have drawn
    from the beginning by then.
    """

    def __iter__(self) -> Iterator[Any]:  # type: ignore[override]
        # One number of the common generator for each pass, as a loader without workers draws of itself: a seed gives
        # the same dropout with any number of workers, and as it always did.
        torch.empty((), dtype=torch.int64).random_()
        yield from super().__iter__()


class EncodedDataset(Dataset[list[Encoded]]):
    """Give whole batches of encoded samples, as the samplers ask for them.

    Args:
        split: Encoded samples of one split.
    """

    def __init__(self, split: EncodedSplit) -> None:
        self.split = split

    def __getitem__(self, indices: list[int]) -> list[Encoded]:
        return [self.split[index] if index != REPEATED else self._repeated() for index in indices]

    def _repeated(self) -> Encoded:
        """Return a sample that counts nowhere."""
        return replace(self.split[0], stance_index=NO_GOLD, sample_index=REPEATED)


def run_seed() -> int:
    """Return the seed of this run, which ``seed_everything`` gave to torch among others."""
    return torch.initial_seed()


def training_loader(
    split: EncodedSplit,
    preprocessor: Preprocessor,
    batch_size: int,
    num_workers: int,
    trainer: pl.Trainer | None,
    balanced: bool = False,
) -> DataLoader[list[Encoded]]:
    """Return shuffled batches of similar length; those of this process.

    Args:
        split: Encoded samples.
        preprocessor: Collates them.
        batch_size: Samples of a batch.
        num_workers: Processes that collate; 0 collates in this one.
        trainer: Knows which process this is, and how far the training has come.
        balanced: Whether all corpora of a mix have the same share.
    """
    # How far a training has come in its epoch is known when the loader begins, not yet when it is built.
    place = (*processes(trainer), partial(num_batches_trained, trainer))
    corpora = split.corpus_index if balanced else None
    sampler = LengthGroupedSampler(split.sizes, batch_size, run_seed(), *place, corpora)
    return build_loader(split, sampler, preprocessor, num_workers)


def evaluation_loader(
    split: EncodedSplit, preprocessor: Preprocessor, batch_size: int, num_workers: int, trainer: pl.Trainer | None
) -> DataLoader[list[Encoded]]:
    """Return every sample once, shared among processes; arguments as above."""
    sampler = EvaluationSampler(split.sizes, batch_size, *processes(trainer))
    return build_loader(split, sampler, preprocessor, num_workers)


def build_loader(
    split: EncodedSplit,
    sampler: LengthGroupedSampler | EvaluationSampler,
    preprocessor: Preprocessor,
    num_workers: int,
) -> DataLoader[list[Encoded]]:
    """Return the batches of a split.

    Args:
        split: Encoded samples.
        sampler: Tells which samples make up which batch.
        preprocessor: Collates them.
        num_workers: Processes that collate; 0 collates in this one.
    """
    # batch_size=None hands the sampler's whole batches to the data set, one index operation per batch.
    return LazyLoader(
        EncodedDataset(split),
        sampler=sampler,
        batch_size=None,
        collate_fn=preprocessor.collate,
        num_workers=num_workers,
        persistent_workers=num_workers > 0,
        pin_memory=torch.cuda.is_available(),
        # A loader draws a seed for its workers, how often depends on their number: from the generator of all, this
        # would change every dropout mask after it.
        generator=torch.Generator().manual_seed(run_seed()),
    )
