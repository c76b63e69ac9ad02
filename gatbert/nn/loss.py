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
        logits: ``(batch, stances)``.
        stance_index: Gold stances ``(batch,)``, ``NO_GOLD`` where unknown.
        class_weights: Weight of each stance ``(stances,)``.
        label_smoothing: Probability mass that is spread over all stances, 0 to 1.
    """
    losses = functional.cross_entropy(
        logits.float(),
        stance_index,
        class_weights.float(),
        ignore_index=NO_GOLD,
        reduction="none",
        label_smoothing=label_smoothing,
    )
    is_known = stance_index != NO_GOLD
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
