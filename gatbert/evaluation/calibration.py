"""How far probabilities can be trusted."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from gatbert.evaluation.decision import undecided
from gatbert.evaluation.predictions import Predictions
from gatbert.evaluation.report_record import Abstention, Calibration, CalibrationBin, RiskCoverage
from gatbert.evaluation.scores import stance_scores
from gatbert.samples.decision import Decision

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


def ece_before(runs: Sequence[Predictions], decisions: Sequence[Decision | None]) -> float | None:
    """Return the calibration error that these predictions had without temperature and thresholds.

    Args:
        runs: Predictions.
        decisions: What was done to the logits of each, ``None`` where that is not known; none at all for baselines.

    Returns:
        The error; ``None`` where nothing was done, or a run does not say what.
    """
    if all(one in (None, Decision()) for one in decisions):
        return None
    before = []
    for run, decision in zip(runs, decisions, strict=True):
        if decision is None or run.probabilities is None:
            return None
        thresholds = [decision.thresholds.get(stance, 1.0) for stance in run.stances]
        found = undecided(run.probabilities, decision.temperature, thresholds)
        before.append(replace(run, predicted=found.argmax(1), probabilities=found))
    found_before = calibration(before)
    return None if found_before is None else found_before.ece


def abstention(runs: Sequence[Predictions], below: float) -> Abstention | None:
    """Return what is left if predictions below a probability are none; ``None`` without probabilities.

    Args:
        runs: Predictions.
        below: Probability of the predicted stance from which on it counts.
    """
    kept = []
    for run in runs:
        if run.probabilities is None:
            return None
        kept.append(run.taken(run.known[run.probabilities[run.known].max(1) >= below]))
    scores = [stance_scores(run.confusion, run.stances) for run in kept]
    coverage = sum(map(len, kept)) / sum(len(run.known) for run in runs)
    return Abstention(below, coverage, {name: float(np.mean([one[name] for one in scores])) for name in scores[0]})


def _confidence(runs: Sequence[Predictions]) -> tuple[Floats | None, Floats]:
    """Return confidence and correctness of all predictions whose gold is known ``(runs * known,)``."""
    right = np.concatenate([(run.predicted == run.gold)[run.known] for run in runs]).astype(float)
    found = [run.probabilities[run.known].max(1) for run in runs if run.probabilities is not None]
    return (np.concatenate(found) if len(found) == len(runs) else None), right
