"""A gate is closed at the start, and opens by its own scale."""

import pytest
import torch

from gatbert.nn.graph_gate import GATE_SCALE, GraphGate


def test_a_new_gate_is_closed_and_hears_every_gradient() -> None:
    gate = GraphGate(4)
    assert gate().tolist() == [0.0] * 4
    gate().sum().backward()
    assert gate.gate.grad is not None
    assert gate.gate.grad.tolist() == [GATE_SCALE] * 4  # tanh'(0) = 1


def test_it_never_lets_more_in_than_there_is() -> None:
    gate = GraphGate(3)
    gate.gate.data = torch.tensor([-100.0, 0.5 / GATE_SCALE, 100.0])
    assert gate().tolist() == pytest.approx([-1.0, 0.4621172, 1.0])
