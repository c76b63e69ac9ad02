"""How far probabilities can be trusted."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from gatbert.evaluation.predictions import Predictions

NUM_BINS = 10
NUM_POINTS = 101

Floats = npt.NDArray[np.float64]


def calibration(runs: Sequence[Predictions]) -> dict[str, Any] | None:
    """Return the expected calibration error and the reliability curve, over the predictions of all runs together.

    ECE = Σ_bins (share of predictions) |accuracy - mean confidence|, where the confidence is the probability of the
    predicted stance, in ten bins of equal width. Source: On Calibration of Modern Neural Networks, Guo et al. 2017
    (https://arxiv.org/abs/1706.04599).

    Returns:
        ``ece`` and ``bins``: bounds, count, mean confidence and accuracy of each; ``None`` without probabilities.
    """
    confidence, right = _confidence(runs)
    if confidence is None:
        return None
    index = np.clip(np.ceil(confidence * NUM_BINS).astype(int) - 1, 0, NUM_BINS - 1)
    counts = np.bincount(index, minlength=NUM_BINS)
    means, accuracies = (np.bincount(index, part, NUM_BINS) / np.maximum(counts, 1) for part in (confidence, right))
    bins = [
        {
            "low": number / NUM_BINS,
            "high": (number + 1) / NUM_BINS,
            "count": int(count),
            "confidence": float(mean) if count else None,
            "accuracy": float(accuracy) if count else None,
        }
        for number, (count, mean, accuracy) in enumerate(zip(counts, means, accuracies, strict=True))
    ]
    return {"ece": float(counts @ np.abs(means - accuracies) / counts.sum()), "bins": bins}


def risk_coverage(runs: Sequence[Predictions]) -> dict[str, Any] | None:
    """Return the share of errors among the most confident predictions, by how many of them are kept.

    Predictions of one confidence are kept or left together. Source: Selective Classification for Deep Neural Networks,
    Geifman and El-Yaniv 2017 (https://arxiv.org/abs/1705.08500).

    Returns:
        ``area`` under the curve, ``coverage`` and ``risk``, up to 101 points; ``None`` without probabilities.
    """
    confidence, right = _confidence(runs)
    if confidence is None:
        return None
    order = np.argsort(-confidence, kind="stable")
    ends = np.flatnonzero(np.append(np.diff(confidence[order]) != 0, True))
    sizes = np.diff(ends, prepend=-1)
    risk = np.cumsum(1 - right[order])[ends] / (ends + 1)
    shown = np.unique(np.searchsorted(ends, np.linspace(0, len(order) - 1, NUM_POINTS)))
    return {
        "area": float(risk @ sizes / len(order)),
        "coverage": ((ends + 1) / len(order))[shown].tolist(),
        "risk": risk[shown].tolist(),
    }


def _confidence(runs: Sequence[Predictions]) -> tuple[Floats | None, Floats]:
    """Return confidence and correctness of all predictions whose gold is known ``(runs * samples,)``."""
    right = [(run.predicted == run.gold)[run.gold >= 0] for run in runs]
    found = [run.probabilities for run in runs if run.probabilities is not None]
    if len(found) < len(runs):
        return None, np.concatenate(right).astype(float)
    confidence = [values.max(1)[run.gold >= 0] for values, run in zip(found, runs, strict=True)]
    return np.concatenate(confidence), np.concatenate(right).astype(float)
