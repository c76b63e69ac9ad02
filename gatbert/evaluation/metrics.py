"""The metric that counts a confusion matrix while a model is evaluated."""

from collections.abc import Sequence

import torch
from torch import Tensor
from torchmetrics import Metric

from gatbert.batches import NO_GOLD, REPEATED
from gatbert.evaluation.scores import stance_scores


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
        # (batch,)
        counted = (stance_index != NO_GOLD) & (sample_index != REPEATED)
        # (rows that count,): cell of each in the flattened confusion matrix, whose rows are gold
        cell = stance_index[counted] * size + logits.argmax(-1)[counted]
        self.confusion += torch.bincount(cell, minlength=size * size).view(size, size)
        self.loss_sum += loss[counted].sum()
        self.loss_weight += weight[counted].sum()

    def compute(self) -> dict[str, float]:
        """Return ``loss`` and all of ``stance_scores``; the loss is the weighted mean over samples."""
        loss = float(self.loss_sum / self.loss_weight) if self.loss_weight else 0.0
        scores = stance_scores(self.confusion.cpu().numpy(), self.stances)
        return {"loss": loss, **{name: float(value) for name, value in scores.items()}}
