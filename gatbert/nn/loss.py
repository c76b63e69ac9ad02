"""The loss of a classification in which samples weigh by their class, and some have no gold."""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor
from torch.nn import functional

from gatbert.batches import NO_GOLD
from gatbert.errors import UserError


def weighted_losses(
    logits: Tensor, stance_index: Tensor, class_weights: Tensor, label_smoothing: float
) -> tuple[Tensor, Tensor]:
    """Return cross-entropy times weight, and weight, of each sample; both ``(batch,)``, zero where there is no gold.

    Args:
        logits: ``(batch, stances)``; minus infinity for a stance that a sample cannot have, over which no mass is
            spread.
        stance_index: Gold stances ``(batch,)``, ``NO_GOLD`` where unknown.
        class_weights: Weight of each stance ``(stances,)``.
        label_smoothing: Probability mass that is spread over all stances, 0 to 1.
    """
    class_weights = class_weights.float()
    # (batch, stances)
    log_probs = logits.float().log_softmax(-1)
    # (batch,)
    losses = functional.nll_loss(log_probs, stance_index, class_weights, ignore_index=NO_GOLD, reduction="none")
    is_known = stance_index != NO_GOLD
    if label_smoothing:
        is_possible = log_probs.isfinite()
        spread = -(class_weights * log_probs.where(is_possible, 0)).sum(-1) / is_possible.sum(-1)
        losses = (1 - label_smoothing) * losses + label_smoothing * spread * is_known
    return losses, class_weights[torch.where(is_known, stance_index, 0)] * is_known


def given_weights(weights: Mapping[str, float] | str | None, stances: Sequence[str]) -> Tensor:
    """Return the weight of each stance ``(stances,)``: 1, unless weights are given one by one.

    Raises:
        UserError: If one is missing, or is of no stance of the label set.
    """
    if weights is None or isinstance(weights, str):
        return torch.ones(len(stances))
    if set(weights) != set(stances):
        raise UserError(f"class_weights names {sorted(weights)}; it must name each of {sorted(stances)}")
    return torch.tensor([float(weights[stance]) for stance in stances])


def balanced_weights(counts: Tensor) -> Tensor:
    """Return weights inverse to how many samples each stance has, 1 for the mean number ``(stances,)``."""
    return (counts.sum() / (len(counts) * counts.clamp(min=1))).float()
