"""What a comparison of two groups of runs could have found: the power of its test, from what varies in it.

``significance`` calls a difference real that is larger than chance would make it: normal by the draw of samples,
Student's t by seeds, whose variance it estimates from the few runs there are. How often a true difference is found
follows from the same parts, over all estimates that as many runs may give; a test holds it against simulations.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.special import chdtri, ndtr, ndtri, stdtrit

Floats = npt.NDArray[np.float64]

POWER = 0.8
"""Share of experiments in which a difference that counts as detectable is found."""

HALVINGS = 40
_NODES, _GAUSS = np.polynomial.legendre.leggauss(32)
_HALVES = (1 + _NODES) / 2
PLACES, WEIGHTS = _HALVES**3, 1.5 * _GAUSS * _HALVES**2
"""Probabilities at which a distribution is looked at, dense near 0, and what each counts: means over it are exact."""


@dataclass(frozen=True)
class Design:
    """Hold what varies in a mean over runs, or in the difference of two such means, as variances.

    Attributes:
        by_samples: Of the mean or difference: what the draw of samples does, however many seeds there are.
        by_own_samples: Of one run: what the draw of samples does to it and not to others of its group.
        by_seeds: Of one run: what its seed does, as estimated, which may come out below 0.
        runs: How many runs each group has that has several; what the seed of a single run does is unknown.
    """

    by_samples: float
    by_own_samples: float
    by_seeds: float
    runs: Sequence[int]

    @property
    def shares(self) -> float:
        """How much of the variance of a run is in the mean or difference."""
        return sum(1 / runs for runs in self.runs)

    @property
    def seed_std(self) -> float | None:
        """Standard deviation of the mean or difference by seeds, at least 0; ``None`` if no group has several runs."""
        return (max(self.by_seeds, 0.0) * self.shares) ** 0.5 if self.runs else None

    def detectable(self, level: float) -> float:
        """Return the true difference that is found in 80 % of such experiments, two-sided at a level; at most 1."""
        known = self.by_samples + self.by_own_samples * self.shares
        std = (known + (self.seed_std or 0.0) ** 2) ** 0.5
        # (estimates,): what may come out as the variance by seeds
        estimates, weights = np.zeros(1), np.ones(1)
        if self.runs:
            between = self.by_own_samples + max(self.by_seeds, 0.0)
            found = between * _chi_squares(sum(self.runs) - len(self.runs)) - self.by_own_samples
            estimates, weights = np.maximum(found, 0.0) * self.shares, WEIGHTS
        limits = _limits(known, estimates, min(self.runs, default=2) - 1, level)

        def missed(difference: Floats) -> Floats:
            found = ndtr((difference - limits) / std) + ndtr((-difference - limits) / std)
            return np.asarray(POWER - (weights * found).sum(keepdims=True))

        return min(1.0, float(_root(missed, limits.max(keepdims=True) + 5 * std)[0])) if std else 0.0

    def detectable_with_endless_seeds(self, level: float) -> float | None:
        """Return the true difference that endless seeds would find on as many samples; ``None`` of single runs."""
        z = float(ndtri(1 - level / 2) + ndtri(POWER))
        return min(1.0, z * self.by_samples**0.5) if self.runs else None

    def seeds_for(self, difference: float, level: float) -> int | None:
        """Return how many seeds of each group would find a difference.

        ``None`` if no number would, or none of the groups has several runs. A group of a single run stays one, as
        baselines do.
        """
        limit = self.detectable_with_endless_seeds(level)
        if limit is None or limit >= difference:
            return None

        def enough(seeds: int) -> bool:
            return replace(self, runs=[seeds] * len(self.runs)).detectable(level) <= difference

        most = 2
        while not enough(most):
            most *= 2
        least = max(2, most // 2)
        while least < most:
            middle = (least + most) // 2
            least, most = (least, middle) if enough(middle) else (middle + 1, most)
        return most


def _limits(known: float, estimates: Floats, freedom: int, level: float) -> Floats:
    """Return the size from which a difference is called real, for each estimated variance by seeds ``(estimates,)``."""
    # Student's t is a normal whose variance is drawn: (estimates, nodes).
    stds = np.sqrt(known + estimates[:, None] / _chi_squares(freedom))

    def beyond(limits: Floats) -> Floats:
        # Where nothing varies, nothing is beyond.
        tails = 2 * ndtr(-limits[:, None] / np.maximum(stds, np.finfo(np.float64).tiny))
        return np.asarray((WEIGHTS * tails).sum(1) - level)

    # The sum of two parts is no more often beyond the sum of their limits than either part is beyond its own.
    most = -ndtri(level / 4) * known**0.5 - stdtrit(freedom, level / 4) * np.sqrt(estimates)
    return _root(beyond, most)


def _chi_squares(freedom: int) -> Floats:
    """Return chi-squares over their degrees of freedom ``(nodes,)``."""
    values: Floats = chdtri(freedom, 1 - PLACES) / freedom
    return values


def _root(falling: Callable[[Floats], Floats], most: Floats) -> Floats:
    """Return where each of some falling functions passes 0 between 0 and ``most``, by halving ``(functions,)``."""
    least = np.zeros_like(most)
    for _ in range(HALVINGS):
        middle = (least + most) / 2
        above = falling(middle) > 0
        least, most = np.where(above, middle, least), np.where(above, most, middle)
    return most
