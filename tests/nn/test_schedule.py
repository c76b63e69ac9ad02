"""Learning rates: those of transformers, and later where they are delayed."""

from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from transformers import get_scheduler

from gatbert.nn.schedule import schedule_factor

SCHEDULES = pytest.mark.parametrize("schedule", ["linear", "cosine", "constant"])


@SCHEDULES
def test_without_delay_it_is_that_of_transformers(schedule: Any) -> None:
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=1.0)
    scheduler = get_scheduler({"constant": "constant_with_warmup"}.get(schedule, schedule), optimizer, 5, 20)
    factor = schedule_factor(schedule, 20, 0.25)
    for step in range(20):
        assert factor(step) == pytest.approx(scheduler.get_last_lr()[0])
        optimizer.step()
        scheduler.step()


@SCHEDULES
@given(num_steps=st.integers(1, 200), delay=st.floats(0, 1), warmup_ratio=st.floats(0, 1))
def test_delayed_it_is_zero_before_and_then_warms_up(
    schedule: Any, num_steps: int, delay: float, warmup_ratio: float
) -> None:
    factor = schedule_factor(schedule, num_steps, warmup_ratio, delay)
    start = round(delay * num_steps)
    assert [factor(step) for step in range(start)] == [0.0] * start
    later = [factor(step) for step in range(start, num_steps)]
    assert all(0 <= value <= 1 for value in later)
    warm = round(warmup_ratio * num_steps)
    assert later[:warm] == pytest.approx([step / warm for step in range(min(warm, len(later)))])
