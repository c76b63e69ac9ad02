"""Scores of stance classification: pure functions of counts."""

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from gatbert.errors import UserError
from gatbert.samples.stances import AGAINST, FAVOR

Floats = npt.NDArray[np.float64]

SummaryScore = Literal["accuracy", "macro_f1", "favor_against_f1"]
"""Scores that sum up all stances; the last is known where both of its stances are."""


def summary_names(stances: Sequence[str]) -> list[str]:
    """Return the names of the scores that sum up all stances."""
    return ["accuracy", "macro_f1", *(["favor_against_f1"] if {FAVOR, AGAINST} <= set(stances) else [])]


def check_score(score: str, stances: Sequence[str]) -> None:
    """Refuse the name of a score that does not sum up all stances of a label set.

    Raises:
        UserError: If there is no such score.
    """
    if score not in summary_names(stances):
        raise UserError(f"score {score!r} is unknown; accepted are {', '.join(summary_names(stances))}")


def metric_names(stances: Sequence[str]) -> list[str]:
    """Return the names of the scores over a label set, in the order in which they are shown."""
    of_stances = [f"{score}_{stance}" for score in ("precision", "recall", "f1") for stance in stances]
    return summary_names(stances) + of_stances


def stance_scores(confusion: npt.ArrayLike, stances: Sequence[str]) -> dict[str, Any]:
    """Compute every score from counts.

    A precision, recall or F1 whose denominator is zero is 0, as in scikit-learn. ``macro_f1`` is the mean F1 over all
    ``stances`` (the score of VAST and EZ-STANCE). ``favor_against_f1`` is the mean F1 of favor and against, with
    neutral samples counted as the errors that they cause (the official score of SemEval-2016 Task 6; Mohammad et al.
    2016, https://aclanthology.org/S16-1003).

    Args:
        confusion: Counts ``(..., stances, stances)``; row = gold, column = predicted.
        stances: Label set, in the order of rows and columns.

    Returns:
        Scores by name, each 0 to 1 and ``(...,)``, float64; the names are those of ``metric_names``.
    """
    counts = np.asarray(confusion, np.float64)
    # (..., stances)
    hits, gold, predicted = np.diagonal(counts, axis1=-2, axis2=-1), counts.sum(-1), counts.sum(-2)
    by_stance = {
        "precision": _ratio(hits, predicted),
        "recall": _ratio(hits, gold),
        "f1": _ratio(2 * hits, gold + predicted),
    }
    f1 = by_stance["f1"]
    scores = {"accuracy": _ratio(hits.sum(-1), gold.sum(-1)), "macro_f1": f1.mean(-1)}
    if {FAVOR, AGAINST} <= set(stances):
        scores["favor_against_f1"] = (f1[..., stances.index(FAVOR)] + f1[..., stances.index(AGAINST)]) / 2
    for name, values in by_stance.items():
        scores |= {f"{name}_{stance}": values[..., index] for index, stance in enumerate(stances)}
    return scores


def _ratio(numerator: Floats, denominator: Floats) -> Floats:
    return numerator / np.where(denominator > 0, denominator, 1)
