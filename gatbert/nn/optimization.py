"""How a classifier is optimized: its loss, AdamW with learning rates and their schedule, and what stays as it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import torch
from lightning.pytorch.utilities.types import OptimizerLRSchedulerConfig

from gatbert.nn.schedule import Schedule, schedule_factor
from gatbert.ranges import PositiveInt

Freeze = Literal["embeddings", "encoder"] | PositiveInt
"""What of an encoder is not trained: its embeddings, all of it, or as many of its lowest layers and the embeddings."""


@dataclass(frozen=True)
class Optimization:
    """Hold how a classifier is optimized.

    Attributes:
        learning_rate: Peak learning rate of the pretrained encoder's last layer.
        head_learning_rate: Peak learning rate of all that is not the pretrained encoder; ``None`` for the same.
        weight_decay: Weight decay of matrices; biases and norms have none.
        layer_decay: What the learning rate of a layer is multiplied by to give that of the layer below.
        schedule: Learning rate after the warm-up.
        warmup_ratio: Share of all steps in which the learning rate rises from zero.
        encoder_delay: Share of all steps in which all but the pretrained encoder is trained before it begins.
        freeze: What of the encoder is not trained; ``None`` for nothing.
        ema: Decay of a running average of the weights; ``None`` for no average.
        class_weights: Weight of each stance in the loss.
        label_smoothing: Probability mass that the loss spreads over all stances.
    """

    learning_rate: float
    head_learning_rate: float | None
    weight_decay: float
    layer_decay: float
    schedule: Schedule
    warmup_ratio: float
    encoder_delay: float
    freeze: Freeze | None
    ema: float | None
    class_weights: Literal["balanced"] | Mapping[str, float] | None
    label_smoothing: float

    def optimizer(self, groups: Sequence[dict[str, Any]], num_steps: int) -> OptimizerLRSchedulerConfig:
        """Return AdamW with its schedule, stepped every step.

        Args:
            groups: Parameters as ``StanceClassifier.parameter_groups`` returns them.
            num_steps: Steps of the training.
        """
        optimizer = torch.optim.AdamW(groups)
        delays = [self.encoder_delay * group["pretrained"] for group in optimizer.param_groups]
        factors = [schedule_factor(self.schedule, num_steps, self.warmup_ratio, delay) for delay in delays]
        scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, factors)
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": scheduler, "interval": "step"}}
