"""Weights are loaded where they fit, and told from others by a checksum."""

from pathlib import Path
from typing import Any

import pytest
import torch

from gatbert.errors import UserError
from gatbert.pretrained.weights import kept_weights, load_weights, weights, weights_sha256


def test_weights_of_another_model_are_refused_by_name(tmp_path: Path) -> None:
    layer = torch.nn.Linear(2, 3)
    state = {f"classifier.{name}": value for name, value in layer.state_dict().items()}
    load_weights(layer, weights({"state_dict": state}, "classifier.", "a.ckpt"), "a.ckpt")
    for wrong in ({"weight": torch.ones(3, 3)}, {"bias": torch.ones(3)}, {**layer.state_dict(), "more": torch.ones(1)}):
        with pytest.raises(UserError, match=r"a\.ckpt is damaged: its weight"):
            load_weights(layer, wrong, "a.ckpt")
    checkpoints: list[dict[str, Any]] = [
        {},
        {"state_dict": 3},
        {"state_dict": {"classifier.w": "x"}},
        {"state_dict": {}},
    ]
    for damaged in checkpoints:
        with pytest.raises(UserError, match=r"a\.ckpt is damaged"):
            weights(damaged, "classifier.", "a.ckpt")


def test_weights_that_a_module_keeps_need_not_be_given() -> None:
    layer = torch.nn.Linear(2, 1)
    layer.weight.requires_grad_(False)
    assert kept_weights(layer) == {"weight"}
    before = layer.weight.clone()
    with pytest.raises(UserError, match="weight is missing"):
        load_weights(layer, {"bias": torch.ones(1)}, "a.ckpt")
    load_weights(layer, {"bias": torch.ones(1)}, "a.ckpt", kept_weights(layer))
    assert layer.bias.tolist() == [1]
    assert torch.equal(layer.weight, before)


def test_a_checksum_tells_weights_by_name_and_value() -> None:
    layer = torch.nn.BatchNorm1d(2)  # with a weight of no dimension, and a whole number
    before = weights_sha256(layer)
    assert weights_sha256(torch.nn.BatchNorm1d(2)) == before
    with torch.no_grad():
        layer.bias[1] = torch.nextafter(layer.bias[1], torch.ones(()))
    assert weights_sha256(layer) != before
