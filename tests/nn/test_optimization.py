"""AdamW steps its groups by their own schedules."""

import pytest
import torch

from gatbert.nn.optimization import Optimization


def test_groups_keep_their_rates_and_the_encoder_waits() -> None:
    settings = Optimization(1e-5, 1e-3, 0.1, 1.0, "linear", 0.0, 0.5, None, None, None, 0.0)
    groups = [
        {"params": [torch.nn.Parameter(torch.zeros(1))], "lr": rate, "pretrained": pretrained}
        for rate, pretrained in ((1e-3, False), (1e-5, True))
    ]
    found = settings.optimizer(groups, num_steps=4)
    optimizer, scheduler = found["optimizer"], found["lr_scheduler"]["scheduler"]  # type: ignore[index]
    rates = []
    for _ in range(4):
        rates.append([group["lr"] for group in optimizer.param_groups])
        optimizer.step()
        scheduler.step()
    assert [head for head, _ in rates] == pytest.approx([1e-3, 0.75e-3, 0.5e-3, 0.25e-3])
    assert [encoder for _, encoder in rates] == pytest.approx([0, 0, 1e-5, 0.5e-5])
