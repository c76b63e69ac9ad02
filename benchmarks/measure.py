"""What every benchmark returns, and how two commands are timed against each other."""

import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Result:
    """Hold one measured ratio.

    Attributes:
        name: Name of the benchmark.
        ratio: What was measured, as a multiple of what it is measured against.
        bar: Most (or, if ``at_least``, least) that the ratio may be.
        detail: The figures behind the ratio, with units.
        at_least: Whether more is better.
    """

    name: str
    ratio: float
    bar: float
    detail: str
    at_least: bool = False

    @property
    def holds(self) -> bool:
        """Whether the ratio is within its bar."""
        return self.ratio >= self.bar if self.at_least else self.ratio <= self.bar


def paired_seconds(first: Sequence[str], second: Sequence[str], rounds: int) -> tuple[list[float], list[float]]:
    """Time two Python command lines in turn, after one warm-up each, so that a drifting machine slows both.

    Args:
        first: Arguments of the Python interpreter.
        second: Arguments of the Python interpreter.
        rounds: Counted runs of each.

    Returns:
        Wall seconds of each run of the first and of the second.
    """
    times: tuple[list[float], list[float]] = ([], [])
    for counted in range(-1, rounds):
        for column, args in enumerate((first, second)):
            start = time.perf_counter()
            subprocess.run([sys.executable, *args], check=True, stdout=subprocess.DEVNULL)
            if counted >= 0:
                times[column].append(time.perf_counter() - start)
    return times


def median_ratio(first: Sequence[float], second: Sequence[float]) -> float:
    """Return the median of the ratios pair by pair."""
    return median(a / b for a, b in zip(first, second, strict=True))
