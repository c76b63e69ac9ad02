"""Which samples make up which batch: grouped by length, shuffled, and shared among processes."""

from collections.abc import Callable, Iterator
from typing import Literal

import numpy as np
import numpy.typing as npt
from torch.utils.data import Sampler

from gatbert.batches import REPEATED

GROUP_BATCHES = 32
"""Batches that are sorted by size together: enough to leave little padding, few enough to mix short and long."""


Sampling = Literal["proportional", "balanced"]
"""Share of each corpus of a mix in the batches: by its size, or the same for all."""


class LengthGroupedSampler(Sampler[list[int]]):
    """Draw shuffled batches of samples of similar size, another order each epoch.

    Sizes are sorted within random groups of ``GROUP_BATCHES`` batches, so that little of a batch is padding while the
    order stays random. Every process draws the same batches and takes every ``num_processes``-th.

    Args:
        sizes: Size of each sample ``(samples,)``.
        batch_size: Samples per batch.
        seed: With the epoch, fixes the order.
        process: Rank of this process.
        num_processes: How many processes share the batches.
        num_passed: Tells, as an epoch begins, how many batches of this process are passed over: those that a training
            that goes on has behind it. The length counts them.
        corpus_index: Corpus of each sample ``(samples,)``, if all corpora are to have the same share of an epoch, which
            stays as long as it is; ``None`` to draw every sample once.
    """

    def __init__(
        self,
        sizes: npt.NDArray[np.int64],
        batch_size: int,
        seed: int,
        process: int = 0,
        num_processes: int = 1,
        num_passed: Callable[[], int] = lambda: 0,
        corpus_index: npt.NDArray[np.int64] | None = None,
    ) -> None:
        self.sizes = sizes
        self.batch_size = batch_size
        self.seed = seed
        self.process = process
        self.num_processes = num_processes
        self.num_passed = num_passed
        self.corpus_index = corpus_index
        self.epoch = 0

    def set_epoch(self, epoch: int) -> None:
        """Choose the order of this epoch; Lightning calls it."""
        self.epoch = epoch

    def __len__(self) -> int:
        """Return the number of batches of this process, the same on every process."""
        return -(-self._num_batches() // self.num_processes)

    def __iter__(self) -> Iterator[list[int]]:
        generator = np.random.default_rng([self.seed, self.epoch])
        # (samples,)
        order = self._drawn(generator)
        group = self.batch_size * GROUP_BATCHES
        groups = (order[start : start + group] for start in range(0, len(order), group))
        order = np.concatenate([part[np.argsort(-self.sizes[part], kind="stable")] for part in groups])
        batches = [order[start : start + self.batch_size] for start in range(0, len(order), self.batch_size)]
        # (batches,), then (steps * processes,)
        turns = generator.permutation(len(batches))
        # Processes must take the same number of steps: the first batches fill up the last round.
        turns = np.resize(turns, len(self) * self.num_processes)
        for turn in turns[self.process :: self.num_processes][self.num_passed() % len(self) :]:
            yield batches[turn].tolist()

    def _drawn(self, generator: np.random.Generator) -> npt.NDArray[np.int64]:
        """Return the samples of an epoch, in random order ``(samples,)``."""
        if self.corpus_index is None:
            return generator.permutation(len(self.sizes))
        # A corpus without samples in this split has no share.
        members = [np.flatnonzero(self.corpus_index == corpus) for corpus in np.unique(self.corpus_index)]
        drawn = []
        for number, own in enumerate(members):
            share = len(self.sizes) // len(members) + (number < len(self.sizes) % len(members))
            # Each sample comes as often as any other of its corpus, or once more.
            rounds = [generator.permutation(own) for _ in range(-(-share // len(own)))]
            drawn.append(np.concatenate([*rounds, own[:0]])[:share])
        return generator.permutation(np.concatenate(drawn))

    def _num_batches(self) -> int:
        return -(-len(self.sizes) // self.batch_size)


class EvaluationSampler(Sampler[list[int]]):
    """Give every sample exactly once, in batches of similar size.

    On several processes the last round is filled up with sample 0 as the index ``REPEATED``, which the data set
    knows, so that every process takes the same number of steps and no sample counts twice.

    Args:
        sizes: Size of each sample ``(samples,)``.
        batch_size: Samples per batch.
        process: Rank of this process.
        num_processes: How many processes share the batches.
    """

    def __init__(self, sizes: npt.NDArray[np.int64], batch_size: int, process: int = 0, num_processes: int = 1) -> None:
        order = np.argsort(-sizes, kind="stable")
        batches = [order[start : start + batch_size].tolist() for start in range(0, len(order), batch_size)]
        batches += [[REPEATED]] * (-len(batches) % num_processes)
        self.batches = batches[process::num_processes]

    def __len__(self) -> int:
        return len(self.batches)

    def __iter__(self) -> Iterator[list[int]]:
        return iter(self.batches)
