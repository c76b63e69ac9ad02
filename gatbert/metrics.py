"""Scores of stance classification: pure functions of a confusion matrix, and the metric that fills one."""

from collections.abc import Sequence

import torch
from torch import Tensor
from torchmetrics import Metric

from gatbert.batches import NO_GOLD, REPEATED
from gatbert.stance import AGAINST, FAVOR


def metric_names(stances: Sequence[str]) -> list[str]:
    """Return the names of the scores over a label set, in the order in which they are shown."""
    summary = ["accuracy", "macro_f1"]
    if {FAVOR, AGAINST} <= set(stances):
        summary.append("favor_against_f1")
    return summary + [f"{score}_{stance}" for score in ("precision", "recall", "f1") for stance in stances]


def stance_scores(confusion: Tensor, stances: Sequence[str]) -> dict[str, float]:
    """Compute every score from counts.

    A precision, recall or F1 whose denominator is zero is 0, as in scikit-learn. ``macro_f1`` is the mean F1 over all
    ``stances`` (the score of VAST and EZ-STANCE). ``favor_against_f1`` is the mean F1 of favor and against, with
    neutral samples counted as the errors that they cause (the official score of SemEval-2016 Task 6; Mohammad et al.
    2016, https://aclanthology.org/S16-1003).

    Args:
        confusion: Counts ``(stances, stances)``; row = gold, column = predicted.
        stances: Label set, in the order of rows and columns.

    Returns:
        Scores by name, each 0 to 1; the names are those of ``metric_names``.
    """
    counts = confusion.cpu().to(torch.float64)  # not every accelerator has float64
    hits, gold, predicted = counts.diagonal(), counts.sum(1), counts.sum(0)
    by_stance = {
        "precision": _ratio(hits, predicted),
        "recall": _ratio(hits, gold),
        "f1": _ratio(2 * hits, gold + predicted),
    }
    f1 = dict(zip(stances, by_stance["f1"].tolist(), strict=True))
    scores = {
        "accuracy": float(_ratio(hits.sum(), counts.sum())),
        "macro_f1": sum(f1.values()) / len(f1),
    }
    if FAVOR in f1 and AGAINST in f1:
        scores["favor_against_f1"] = (f1[FAVOR] + f1[AGAINST]) / 2
    for name, values in by_stance.items():
        scores |= {f"{name}_{stance}": value for stance, value in zip(stances, values.tolist(), strict=True)}
    return scores


def _ratio(numerator: Tensor, denominator: Tensor) -> Tensor:
    return numerator / denominator.where(denominator > 0, torch.ones_like(denominator))


class StanceScores(Metric):
    """Count a confusion matrix and the summed loss over the samples whose gold stance is known.

    Rows with ``NO_GOLD`` or ``REPEATED`` do not count, so that scores on several processes, where the last step is
    filled up with repeated samples, equal those on one.

    Args:
        stances: Label set, in the order of the logits.
    """

    full_state_update = False
    confusion: Tensor
    loss_sum: Tensor
    loss_weight: Tensor

    def __init__(self, stances: Sequence[str]) -> None:
        super().__init__()
        self.stances = tuple(stances)
        size = len(self.stances)
        self.add_state("confusion", torch.zeros(size, size, dtype=torch.int64), dist_reduce_fx="sum")
        self.add_state("loss_sum", torch.zeros(()), dist_reduce_fx="sum")
        self.add_state("loss_weight", torch.zeros(()), dist_reduce_fx="sum")

    def update(self, logits: Tensor, stance_index: Tensor, sample_index: Tensor, weight: Tensor, loss: Tensor) -> None:
        """Count one batch.

        Args:
            logits: ``(batch, stances)``.
            stance_index: Gold stances ``(batch,)``.
            sample_index: Positions in the split ``(batch,)``.
            weight: Weight of each sample in the mean loss ``(batch,)``.
            loss: Weighted loss of each sample ``(batch,)``.
        """
        size = len(self.stances)
        counted = (stance_index != NO_GOLD) & (sample_index != REPEATED)
        cell = stance_index[counted] * size + logits.argmax(-1)[counted]
        self.confusion += torch.bincount(cell, minlength=size * size).view(size, size)
        self.loss_sum += loss[counted].sum()
        self.loss_weight += weight[counted].sum()

    def compute(self) -> dict[str, float]:
        """Return ``loss`` and all of ``stance_scores``; the loss is the weighted mean over samples."""
        return {"loss": float(_ratio(self.loss_sum, self.loss_weight)), **stance_scores(self.confusion, self.stances)}
