"""Whether an explanation can be believed: what the model loses as the nodes ranked first go first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from zlib import crc32

import numpy as np
import numpy.typing as npt

from gatbert.evaluation.shown import moves, signed

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

SHARES = tuple(step / 10 for step in range(11))
"""Shares of its nodes that are taken from a sample, none at first."""

RANDOM = "random"
NUM_RANDOM_ORDERS = 5
NUM_RESAMPLES = 2000


@dataclass(frozen=True)
class Faithfulness:
    """Say how a method's ranking compares with random ones.

    Attributes:
        curve: Mean probability of the predicted stance after each of ``SHARES`` is taken.
        area: Mean loss of probability over the shares above 0 (AOPC).
        random_area: The same of random orders.
        difference: ``area`` less ``random_area``.
        low: Lower end of its 95 % interval, from samples drawn again.
        high: Upper end.
        sentence: What this means.
    """

    curve: list[float]
    area: float
    random_area: float
    difference: float
    low: float
    high: float
    sentence: str


def first_nodes(order: Sequence[int]) -> list[frozenset[int]]:
    """Return the nodes that go at each of ``SHARES``, given the order in which they go."""
    return [frozenset(order[: int(np.ceil(share * len(order) - 1e-9))]) for share in SHARES]


def random_orders(name: str, nodes: Sequence[int]) -> list[list[int]]:
    """Return random orders of the nodes of a sample, always the same for a sample of that name."""
    random = np.random.default_rng(crc32(name.encode()))
    return [random.permutation(nodes).tolist() for _ in range(NUM_RANDOM_ORDERS)]


def faithfulness(curves: Sequence[Mapping[str, Floats]]) -> dict[str, Faithfulness]:
    """Compare the ranking of each method with random ones: comprehensiveness, over more shares than in the source.

    Source: ERASER, DeYoung et al. 2020 (https://arxiv.org/abs/1911.03429).

    Args:
        curves: For each sample, by method and ``RANDOM``, the probability of the predicted stance after each of
            ``SHARES`` is taken ``(shares,)``.

    Returns:
        By method, over the samples that have nodes.
    """
    if not curves:
        return {}
    # (samples,) by name
    areas = {name: np.array([_area(one[name]) for one in curves]) for name in curves[0]}
    # (resamples, samples)
    drawn = np.random.default_rng(0).integers(len(curves), size=(NUM_RESAMPLES, len(curves)))
    found = {}
    for name in areas.keys() - {RANDOM}:
        difference = areas[name] - areas[RANDOM]
        low, high = np.quantile(difference[drawn].mean(1), [0.025, 0.975]).tolist()
        one = Faithfulness(
            curve=np.mean([curve[name] for curve in curves], 0).tolist(),
            area=float(areas[name].mean()),
            random_area=float(areas[RANDOM].mean()),
            difference=float(difference.mean()),
            low=min(low, float(difference.mean())),
            high=max(high, float(difference.mean())),
            sentence="",
        )
        found[name] = replace(one, sentence=_sentence(name, one))
    # A set has no order: the methods stand as they do in the curves.
    return {name: found[name] for name in curves[0] if name in found}


def _area(curve: Floats) -> float:
    """Return the mean loss over the shares above 0, given what is left at each ``(shares,)``."""
    return float(curve[0] - curve[1:].mean())


def _sentence(name: str, one: Faithfulness) -> str:
    """Return what the interval allows to say."""
    losses = (
        f"as its first nodes go, the probability {moves(-one.area)} on average, as random ones go, it "
        f"{moves(-one.random_area)}; the difference in loss is {signed(one.difference)} "
        f"({signed(one.low)} to {signed(one.high)})"
    )
    if one.low > 0:
        return f"{name} beats random: {losses}."
    if one.high < 0:
        return f"{name} is worse than random: {losses}."
    return f"{name} is not shown to beat random: {losses}."
