"""The loss against PyTorch's, with weights, and with samples that have no gold."""

import pytest
import torch
from torch.nn import functional

from gatbert.batches import NO_GOLD
from gatbert.errors import UserError
from gatbert.nn.loss import balanced_weights, given_weights, weighted_losses

LOGITS = torch.randn(4, 3, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("smoothing", [0.0, 0.2])
def test_the_weighted_mean_equals_pytorchs(smoothing: float) -> None:
    gold, weights = torch.tensor([0, 2, 2, 1]), torch.tensor([1.0, 2.0, 0.5])
    losses, sample_weights = weighted_losses(LOGITS, gold, weights, smoothing)
    expected = functional.cross_entropy(LOGITS, gold, weights, label_smoothing=smoothing)
    torch.testing.assert_close(losses.sum() / sample_weights.sum(), expected)


def test_a_sample_without_gold_has_neither_loss_nor_weight() -> None:
    gold, weights = torch.tensor([0, NO_GOLD, 1, NO_GOLD]), torch.tensor([2.0, 3.0, 5.0])
    losses, sample_weights = weighted_losses(LOGITS, gold, weights, 0.0)
    assert sample_weights.tolist() == [2, 0, 3, 0]
    assert losses[[1, 3]].tolist() == [0, 0]
    assert (losses[[0, 2]] > 0).all()


def test_weights_are_one_for_each_stance() -> None:
    stances = ("against", "favor")
    assert given_weights(None, stances).tolist() == given_weights("balanced", stances).tolist() == [1, 1]
    assert given_weights({"favor": 3.0, "against": 2.0}, stances).tolist() == [2, 3]
    for wrong in ({"favor": 1.0}, {"favor": 1.0, "against": 1.0, "none": 1.0}):
        with pytest.raises(UserError, match=r"must name each of \['against', 'favor'\]"):
            given_weights(wrong, stances)


def test_balanced_weights_are_inverse_to_frequencies() -> None:
    counts = torch.tensor([1, 2, 3])
    torch.testing.assert_close(balanced_weights(counts) * counts, torch.full((3,), 2.0))
    assert balanced_weights(torch.tensor([0, 4])).isfinite().all()


@pytest.mark.parametrize("smoothing", [0.0, 0.2])
def test_an_impossible_stance_is_as_if_there_were_none(smoothing: float) -> None:
    logits = torch.randn(4, 3, generator=torch.Generator().manual_seed(0)).requires_grad_()
    gold = torch.tensor([0, 1, NO_GOLD, 1])
    class_weights = torch.tensor([1.0, 2.0, 5.0])
    impossible = torch.tensor([False, False, True])
    losses, weights = weighted_losses(logits.masked_fill(impossible, -torch.inf), gold, class_weights, smoothing)
    expected, others = weighted_losses(logits[:, :2], gold, class_weights[:2], smoothing)
    torch.testing.assert_close(losses, expected)
    torch.testing.assert_close(weights, others)
    losses.sum().backward()
    assert logits.grad is not None
    assert logits.grad.isfinite().all()
    assert not logits.grad[:, 2].any()
