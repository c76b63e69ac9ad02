"""How learning rates rise and fall over a training."""

from collections.abc import Callable
from typing import Literal

import torch

Schedule = Literal["linear", "cosine", "constant"]


def schedule_factor(
    schedule: Schedule, num_steps: int, warmup_ratio: float, delay: float = 0.0
) -> Callable[[int], float]:
    """Return the function of the step that gives the factor of a learning rate, 0 to 1.

    Args:
        schedule: What comes after the warm-up: linear or cosine to zero, or constant.
        num_steps: Steps of the training.
        warmup_ratio: Share of all steps in which the rate rises from zero.
        delay: Share of all steps in which it is zero before.
    """
    from transformers import get_scheduler  # which brings peft and bitsandbytes where they are installed: seconds

    start = round(delay * num_steps)
    kind = "constant_with_warmup" if schedule == "constant" else schedule
    # A scheduler asks for an optimizer; this one is never stepped.
    nothing = torch.optim.SGD([torch.zeros(1)], lr=1.0)
    scheduler = get_scheduler(kind, nothing, round(warmup_ratio * num_steps), num_steps - start)
    (factor,) = scheduler.lr_lambdas
    return lambda step: factor(step - start) if step >= start else 0.0
