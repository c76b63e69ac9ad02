"""A linear head in the two layers of a family: the same logits, whatever is between them, and small in none of them."""

import pytest
import torch
from torch import nn
from transformers.activations import ACT2FN

from gatbert.exports.family_head import EXACT, TANH, _arrange, _takes, decided_output
from gatbert.samples.decision import Decision
from tests.graphs import STANCES


@pytest.mark.parametrize("name", ["relu", "gelu", "silu", "gelu_new", "tanh"])
@pytest.mark.parametrize("size", [0.1, 1.0, 10.0])
def test_what_is_between_two_layers_cancels(name: str, size: float) -> None:
    torch.manual_seed(0)
    head, dense, output = nn.Linear(16, 3), nn.Linear(16, 16), nn.Linear(16, 3)
    states = size * torch.randn(100, 16)
    with torch.no_grad():
        _arrange(dense, output, head, *(TANH if name == "tanh" else EXACT))
        wanted, found = head(states), output(ACT2FN[name](dense(states)))
    torch.testing.assert_close(found.softmax(-1), wanted.softmax(-1), rtol=0, atol=1e-6)


def test_the_scale_rounds_nothing() -> None:
    assert torch.tensor(TANH[0]).log2().item() == -13


def test_half_precision_keeps_what_it_can() -> None:
    torch.manual_seed(0)
    head, dense, output = nn.Linear(16, 3), nn.Linear(16, 16), nn.Linear(16, 3)
    states = torch.randn(100, 16)
    with torch.no_grad():
        _arrange(dense, output, head, *TANH)
        wanted, found = head(states), output.half()(dense.half()(states.half()).tanh()).float()
    torch.testing.assert_close(found.softmax(-1), wanted.softmax(-1), rtol=0, atol=5e-3)


def test_layers_of_other_sizes_have_no_place() -> None:
    head = nn.Linear(16, 3)
    assert _takes(nn.Linear(16, 16), nn.Linear(16, 3), head)
    assert not _takes(nn.Linear(16, 5), nn.Linear(5, 3), head)
    assert not _takes(nn.Linear(8, 16), nn.Linear(16, 3), head)
    assert not _takes(nn.Linear(16, 16), nn.Linear(16, 3, bias=False), head)


def test_temperature_and_thresholds_go_into_the_last_layer() -> None:
    torch.manual_seed(0)
    decision, head, states = Decision(2.5, {"favor": 0.7}), nn.Linear(16, 3), torch.randn(9, 16)
    with torch.no_grad():
        wanted = decision.logits(head(states), STANCES)
        decided_output(head, STANCES, decision)
        torch.testing.assert_close(head(states), wanted)
