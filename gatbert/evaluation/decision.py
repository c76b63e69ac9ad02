"""Temperature and thresholds from validation: pure functions of log-probabilities and gold stances."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax

from gatbert.evaluation.predictions import Floats, Ints
from gatbert.evaluation.scores import stance_scores

HIGHEST_TEMPERATURE = 10.0
"""Temperatures are looked for between this and its inverse."""

THRESHOLD_STEPS = np.exp(sorted(np.linspace(-2, 2, 41), key=abs))
"""Factors by which a threshold may differ from the others, the smallest difference first."""

MOST_ROUNDS = 5


def fit_temperature(log_probabilities: Floats, gold: Ints) -> float:
    """Return the temperature T that minimises the negative log-likelihood of softmax(log p / T).

    NLL is convex in 1/T, so that there is one minimum. Where every sample is right, the likelihood grows without end as
    T falls, and there is nothing to learn: T is 1. Source: temperature scaling, On Calibration of Modern Neural
    Networks, Guo et al. 2017 (https://arxiv.org/abs/1706.04599).

    Differences from the paper: T is 0.1 to 10.

    Args:
        log_probabilities: ``(samples, stances)``; logits do as well.
        gold: Gold stances ``(samples,)``.
    """
    if not len(gold) or (log_probabilities.argmax(1) == gold).all():
        return 1.0
    rows = np.arange(len(gold))

    def loss(log_temperature: float) -> float:
        return float(-log_softmax(log_probabilities / np.exp(log_temperature), axis=1)[rows, gold].mean())

    most = np.log(HIGHEST_TEMPERATURE)
    found = minimize_scalar(loss, bounds=(-most, most), method="bounded", options={"xatol": 1e-6})
    return float(np.exp(found.x))


def fit_thresholds(log_probabilities: Floats, gold: Ints, stances: Sequence[str], score: str) -> tuple[float, ...]:
    """Return the threshold t of each stance with which argmax p(s) / t(s) has the highest score.

    One stance after the other, its threshold takes the best of 41 values from e^-2 to e^2; of values that are as good,
    the one nearest 1, and only for a better score than before; until nothing is better, five times at most.

    Args:
        log_probabilities: ``(samples, stances)``.
        gold: Gold stances ``(samples,)``.
        stances: Label set.
        score: Name of the score.
    """
    thresholds = np.ones(len(stances))
    best = _score(log_probabilities, thresholds, gold, stances, score)
    for _ in range(MOST_ROUNDS):
        before = best
        for stance in range(len(stances)):
            for step in THRESHOLD_STEPS:
                tried = thresholds.copy()
                tried[stance] = step
                if (found := _score(log_probabilities, tried, gold, stances, score)) > best:
                    best, thresholds = found, tried
        if best == before:
            break
    return tuple(thresholds.tolist())


def undecided(probabilities: Floats, temperature: float, thresholds: Sequence[float]) -> Floats:
    """Return the probabilities as they were without temperature and thresholds ``(samples, stances)``."""
    with np.errstate(divide="ignore"):
        logits = np.log(probabilities) + (np.log(thresholds) if len(thresholds) else 0.0)
    found: Floats = np.exp(log_softmax(temperature * logits, axis=1))
    return found


def _score(log_probabilities: Floats, thresholds: Floats, gold: Ints, stances: Sequence[str], score: str) -> float:
    predicted: npt.NDArray[np.int64] = (log_probabilities - np.log(thresholds)).argmax(1)
    size = len(stances)
    confusion = np.bincount(gold * size + predicted, minlength=size**2).reshape(size, size)
    return float(stance_scores(confusion, stances)[score])
