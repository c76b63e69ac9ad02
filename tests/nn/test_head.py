"""Heads: one layer is linear, more are an MLP."""

import pytest
import torch
from torch import nn

from gatbert.errors import UserError
from gatbert.nn.head import build_head


def test_one_layer_is_linear() -> None:
    head = build_head(4, 3, dropout=0.5)
    assert isinstance(head, nn.Linear)
    assert head.weight.shape == (3, 4)


def test_more_are_what_the_formula_says() -> None:
    head = build_head(4, 3, num_layers=3, hidden_size=5, dropout=0.5).eval()
    shapes = [tuple(weight.shape) for name, weight in head.named_parameters() if name.endswith("weight")]
    assert shapes == [(5, 4), (5, 5), (3, 5)]
    vector = torch.randn(2, 4)
    w1, b1, w2, b2, w3, b3 = head.parameters()
    gelu = nn.functional.gelu
    expected = gelu(gelu(vector @ w1.T + b1) @ w2.T + b2) @ w3.T + b3
    torch.testing.assert_close(head(vector), expected)
    assert not torch.equal(head.train()(vector), head(vector))
    assert build_head(4, 3, num_layers=2)[0].out_features == 4  # type: ignore[index]


def test_a_size_between_layers_needs_two() -> None:
    with pytest.raises(UserError, match="head_hidden_size 5 is a size between layers, and head_layers is 1; give 2"):
        build_head(4, 3, hidden_size=5)
