"""How far probabilities can be trusted."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from gatbert.evaluation.predictions import Predictions
from gatbert.evaluation.report_record import Calibration, CalibrationBin, RiskCoverage

NUM_BINS = 10
NUM_POINTS = 101

Floats = npt.NDArray[np.float64]


def calibration(runs: Sequence[Predictions]) -> Calibration | None:
    """Return calibration error and reliability curve over the predictions of all runs; ``None`` without probabilities.

    ECE = Σ_bins (share of predictions) |accuracy - mean confidence|, where the confidence is the probability of the
    predicted stance, in ten bins of equal width. Source: On Calibration of Modern Neural Networks, Guo et al. 2017
    (https://arxiv.org/abs/1706.04599).
    """
    confidence, right = _confidence(runs)
    if confidence is None:
        return None
    # (predictions,): a bin holds its upper bound
    index = np.clip(np.ceil(confidence * NUM_BINS).astype(int) - 1, 0, NUM_BINS - 1)
    # (bins,)
    counts = np.bincount(index, minlength=NUM_BINS)
    means, accuracies = (np.bincount(index, part, NUM_BINS) / np.maximum(counts, 1) for part in (confidence, right))
    bins = tuple(
        CalibrationBin(
            low=number / NUM_BINS,
            high=(number + 1) / NUM_BINS,
            count=int(count),
            confidence=float(mean) if count else None,
            accuracy=float(accuracy) if count else None,
        )
        for number, (count, mean, accuracy) in enumerate(zip(counts, means, accuracies, strict=True))
    )
    return Calibration(float(counts @ np.abs(means - accuracies) / counts.sum()), bins)


def risk_coverage(runs: Sequence[Predictions]) -> RiskCoverage | None:
    """Return the share of errors among the most confident predictions, by how many of them are kept.

    Predictions of one confidence are kept or left together. Source: Selective Classification for Deep Neural Networks,
    Geifman and El-Yaniv 2017 (https://arxiv.org/abs/1705.08500).

    Returns:
        The curve, up to 101 points of it; ``None`` without probabilities.
    """
    confidence, right = _confidence(runs)
    if confidence is None:
        return None
    # (predictions,), the most confident first
    order = np.argsort(-confidence, kind="stable")
    # (confidences,): the last prediction of each confidence, and how many share it
    ends = np.flatnonzero(np.append(np.diff(confidence[order]) != 0, True))
    sizes = np.diff(ends, prepend=-1)
    risk = np.cumsum(1 - right[order])[ends] / (ends + 1)
    # (points,)
    shown = np.unique(np.searchsorted(ends, np.linspace(0, len(order) - 1, NUM_POINTS)))
    coverage = ((ends + 1) / len(order))[shown]
    return RiskCoverage(float(risk @ sizes / len(order)), tuple(coverage.tolist()), tuple(risk[shown].tolist()))


def _confidence(runs: Sequence[Predictions]) -> tuple[Floats | None, Floats]:
    """Return confidence and correctness of all predictions whose gold is known ``(runs * known,)``."""
    right = np.concatenate([(run.predicted == run.gold)[run.known] for run in runs]).astype(float)
    found = [run.probabilities[run.known].max(1) for run in runs if run.probabilities is not None]
    return (np.concatenate(found) if len(found) == len(runs) else None), right
