"""Intervals and tests for scores of several runs on the same samples.

Two things vary: which samples happen to be in the test set, and how a seed happens to turn out. Samples are drawn again
(Efron and Tibshirani 1993) or exchanged between two systems (approximate randomisation; Noreen 1989, Yeh 2000,
https://aclanthology.org/C00-2137). Seeds are few: three runs against three can be dealt out in only twenty ways, which
could never give p < 0.1. What they add is drawn from Student's t instead, with the variance between runs less the part
that the samples explain already.

Samples on which all runs fare alike are exchangeable, so that counts of *patterns* are drawn, not samples: the same
distribution in a fraction of the time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import lcm

import numpy as np
import numpy.typing as npt

from gatbert.evaluation.power import Design
from gatbert.evaluation.scores import stance_scores

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Scores = dict[str, Floats]

ALPHA = 0.05
"""A difference is claimed if its corrected p value is below this."""

NUM_RESAMPLES = 2000
INTERVAL = (0.025, 0.975)
ROUNDING = 1e-12
CHUNK = 4_000_000
"""Numbers that are drawn at a time."""


@dataclass(frozen=True)
class Estimate:
    """Hold a mean over runs.

    Attributes:
        mean: Mean over runs.
        std: Standard deviation between runs; ``None`` for a single one.
        low: Lower end of the 95 % interval.
        high: Upper end.
        seed_std: Standard deviation of the mean by seeds, as the interval has it: 0 where samples alone explain how
            runs differ; ``None`` for a single run.
    """

    mean: float
    std: float | None
    low: float
    high: float
    seed_std: float | None


@dataclass(frozen=True)
class Comparison:
    """Hold the difference of two groups of runs in one score.

    Attributes:
        difference: Mean of the first group less that of the second.
        low: Lower end of its 95 % interval, which always holds the difference.
        high: Upper end.
        effect_size: Difference in standard deviations of what one sample adds to it (Cohen's d for paired samples).
        p_bootstrap: Two-sided p value of the paired bootstrap.
        p_randomisation: Two-sided p value of approximate randomisation.
        design: What varies in the difference.
    """

    difference: float
    low: float
    high: float
    effect_size: float
    p_bootstrap: float
    p_randomisation: float
    design: Design


class Bootstrap:
    """Draw the samples of a test set again and again, the same ones for all runs.

    Args:
        cells: Cell of the confusion matrix, gold * stances + predicted, by run and sample ``(runs, samples)``.
        stances: Label set.
        num_resamples: How often.
        seed: Seed of the draws.
    """

    def __init__(
        self, cells: npt.NDArray[np.integer], stances: Sequence[str], num_resamples: int = NUM_RESAMPLES, seed: int = 0
    ) -> None:
        self.cells, self.stances, self.num_resamples = cells, tuple(stances), num_resamples
        self._random = np.random.default_rng(seed)
        patterns, members = _patterns(cells)
        # (patterns,)
        counts = np.bincount(members)
        self.scores = _scores(patterns, counts[None], stances)
        """Score of each run, by name ``(1, runs)``."""
        parts = [_scores(patterns, drawn, stances) for drawn in self._draws(members, counts)]
        self.resampled = {name: np.concatenate([part[name] for part in parts]) for name in self.scores}
        """Score of each run on each drawn set, by name ``(resamples, runs)``."""

    def estimate(self, name: str, runs: Sequence[int]) -> Estimate:
        """Return the mean of a score over some runs, with its interval over samples and, if it has several, seeds."""
        own, drawn = self.scores[name][0, runs], self.resampled[name][:, runs].mean(1)
        design = self._design(name, [runs], drawn)
        # A drawn seed can push a score beyond what a score can be.
        low, high = np.clip(np.quantile(drawn + self._seed_errors(design), INTERVAL), 0, 1)
        std = float(own.std(ddof=1)) if len(runs) > 1 else None
        return Estimate(float(own.mean()), std, float(low), float(high), design.seed_std)

    def compare(self, first: Sequence[int], second: Sequence[int]) -> dict[str, Comparison]:
        """Compare two groups of runs in every score."""
        exchanged = self._exchanged(first, second)
        return {name: self._compare(name, first, second, exchanged[name]) for name in self.scores}

    def _compare(self, name: str, first: Sequence[int], second: Sequence[int], exchanged: Floats) -> Comparison:
        """Compare two groups in one score, given its differences where samples were exchanged ``(resamples,)``."""
        difference = float(self.scores[name][0, first].mean() - self.scores[name][0, second].mean())
        # (resamples,): what the draw of samples does to the difference, then with what seeds do
        of_samples = self.resampled[name][:, first].mean(1) - self.resampled[name][:, second].mean(1)
        spread = float(of_samples.std()) * self.cells.shape[1] ** 0.5
        design = self._design(name, [first, second], of_samples)
        drawn = of_samples + self._seed_errors(design)
        exchanged = exchanged + self._seed_errors(design)
        # Nor can a difference be beyond those of scores.
        low, high = np.clip(np.quantile(drawn, INTERVAL), -1, 1)
        beyond = min((drawn <= ROUNDING).sum(), (drawn >= -ROUNDING).sum())
        # The observed difference counts as one of those that were drawn, so that no p value is 0.
        extreme = (np.abs(exchanged) >= abs(difference) - ROUNDING).sum()
        return Comparison(
            difference,
            min(float(low), difference),
            max(float(high), difference),
            effect_size=difference / spread if spread else 0.0,
            p_bootstrap=min(1.0, 2 * float(beyond + 1) / (self.num_resamples + 1)),
            p_randomisation=float(extreme + 1) / (self.num_resamples + 1),
            design=design,
        )

    def _design(self, name: str, groups: Sequence[Sequence[int]], of_samples: Floats) -> Design:
        """Return what varies in the mean of one group or the difference of two, whose draws are given ``(resamples,)``.

        The variance by seeds is that between runs less what the samples explain, over all groups together.
        """
        several = [list(runs) for runs in groups if len(runs) > 1]
        freedom, by_samples, between = sum(len(runs) - 1 for runs in several), 0.0, 0.0
        for runs in several:
            # (runs,) and (resamples, runs)
            own, drawn = self.scores[name][0, runs], self.resampled[name][:, runs]
            # Runs differ on a set of samples also because each errs on others.
            by_samples += float((drawn - drawn.mean(1, keepdims=True)).var(0).sum()) / freedom
            between += float(own.var(ddof=1)) * (len(runs) - 1) / freedom
        shares = sum(1 / len(runs) for runs in several)
        shared = max(0.0, float(of_samples.var()) - by_samples * shares)
        return Design(shared, by_samples, between - by_samples, [len(runs) for runs in several])

    def _seed_errors(self, design: Design) -> Floats:
        """Draw errors that seeds cause ``(resamples,)``.

        The degrees of freedom are those of the smaller group, the cautious choice (Welch 1947).
        """
        # Samples alone explain how runs differ: seeds add nothing.
        if not design.seed_std:
            return np.zeros(self.num_resamples)
        errors: Floats = design.seed_std * self._random.standard_t(min(design.runs) - 1, self.num_resamples)
        return errors

    def _exchanged(self, first: Sequence[int], second: Sequence[int]) -> Scores:
        """Return differences of two groups that have exchanged each sample or not, by chance ``(resamples,)``."""
        size = lcm(len(first), len(second))
        # Repeating all runs of a group changes none of its means, and gives both groups as many.
        sides = [np.repeat(self.cells[runs], size // len(runs), axis=0) for runs in (first, second)]
        patterns, members = _patterns(np.concatenate(sides))
        counts = np.bincount(members)
        parts = []
        for rows in self._chunks(len(counts)):
            # (rows, patterns): how many samples of each pattern change sides
            taken = self._random.binomial(counts, 0.5, size=(rows, len(counts)))
            parts.append(
                {
                    name: both[:, :size].mean(1) - both[:, size:].mean(1)
                    for name, both in _scores(patterns, counts - taken, self.stances, taken).items()
                }
            )
        return {name: np.concatenate([part[name] for part in parts]) for name in self.scores}

    def _draws(self, members: Ints, counts: Ints) -> Iterator[Ints]:
        """Yield how often each pattern is drawn ``(rows, patterns)``."""
        size, num_patterns = len(members), len(counts)
        # Few patterns are drawn by their counts; many, of which most stand there once, faster by their samples.
        if num_patterns * 8 < size:
            for rows in self._chunks(num_patterns):
                yield self._random.multinomial(size, counts / size, size=rows)
            return
        for rows in self._chunks(size):
            # (rows, samples): each row has patterns of its own, so that one count serves all rows
            drawn = members[self._random.integers(size, size=(rows, size))] + num_patterns * np.arange(rows)[:, None]
            yield np.bincount(drawn.ravel(), minlength=rows * num_patterns).reshape(rows, num_patterns)

    def _chunks(self, width: int) -> Iterator[int]:
        step = max(1, CHUNK // width)
        for start in range(0, self.num_resamples, step):
            yield min(step, self.num_resamples - start)


def holm(p_values: Sequence[float]) -> list[float]:
    """Correct p values of several tests, so that any false alarm is as rare as of one (Holm 1979).

    Returns:
        Corrected p values, in the order of the given ones.
    """
    # (tests,), ascending
    order = np.argsort(p_values)
    steps = np.asarray(p_values)[order] * (len(p_values) - np.arange(len(p_values)))
    corrected = np.empty(len(p_values))
    # None is below one that was smaller before.
    corrected[order] = np.minimum(1.0, np.maximum.accumulate(steps))
    return [float(value) for value in corrected]


def _patterns(cells: npt.NDArray[np.integer]) -> tuple[Ints, Ints]:
    """Return what samples look like to all runs ``(runs, patterns)``, and the pattern of each sample ``(samples,)``."""
    # (samples, runs)
    rows = np.ascontiguousarray(cells.T.astype(np.int16))
    # (samples,): a row of bytes as one value, which sorts faster than rows do
    keys = rows.view(np.dtype((np.void, rows.itemsize * rows.shape[1])))[:, 0]
    _, first, members = np.unique(keys, return_index=True, return_inverse=True)
    return rows[first].T.astype(np.int64), members.ravel()


def _scores(patterns: Ints, weights: Ints, stances: Sequence[str], exchanged: Ints | None = None) -> Scores:
    """Return the scores of runs on weighted patterns, by name ``(rows, runs)``.

    Args:
        patterns: Cell of each pattern ``(runs, patterns)``.
        weights: How often each pattern stands there ``(rows, patterns)``.
        stances: Label set.
        exchanged: How often it stands there with the first and the second half of the runs exchanged.
    """
    size = len(stances)
    # (runs, patterns, cells)
    one_hot = np.eye(size**2)[patterns]
    # (rows, runs, cells)
    confusion = np.einsum("rp,npc->rnc", weights, one_hot, optimize=True)
    if exchanged is not None:
        # A run of the one half gets what its counterpart in the other half predicts.
        confusion += np.einsum("rp,npc->rnc", exchanged, np.roll(one_hot, len(patterns) // 2, axis=0), optimize=True)
    return stance_scores(confusion.reshape(*confusion.shape[:2], size, size), stances)
