"""A running average of the weights, which is what validation sees and checkpoints keep."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import lightning.pytorch as pl
from lightning.pytorch.callbacks import WeightAveraging
from lightning.pytorch.trainer.states import TrainerFn
from torch import Tensor

from gatbert.errors import UserError
from gatbert.errors.libraries import CALLBACKS

OWN_ENTRIES = ("current_model_state", "averaging_state")
"""What Lightning adds to a checkpoint from which training goes on: the weights without average, and its count."""

WEIGHTS = {"state_dict", OWN_ENTRIES[0]}
"""Where the weights of a module are in a checkpoint."""


class AveragedWeights(WeightAveraging):
    """Keep an exponential moving average of the weights, updated after every step.

    Validation, checkpoints and all after training use the average. Buffers and quantized weights are taken as they
    are: an average of whole numbers is none.

    Args:
        decay: Share of the average that stays at a step.
    """

    def __init__(self, decay: float) -> None:
        super().__init__(use_buffers=False, avg_fn=partial(_average, decay))

    def state_dict(self) -> dict[str, Any]:
        """Return nothing: a test of the checkpoint would miss the callback that has a state in it."""
        return {}

    def on_train_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Take the steps before as averaged, so that half collected gradients are no step where training goes on."""
        self.load_state_dict({"latest_update_step": trainer.global_step})

    def on_load_checkpoint(
        self, trainer: pl.Trainer, pl_module: pl.LightningModule, checkpoint: dict[str, Any]
    ) -> None:
        """Go on from both kinds of weights; a test needs the average alone, which the module has loaded by now.

        Raises:
            UserError: If the training that goes on had no average.
        """
        if trainer.state.fn != TrainerFn.FITTING:
            return
        if not has_average(checkpoint):
            raise UserError("ema: the checkpoint from which training goes on has no averaged weights; leave ema out")
        super().on_load_checkpoint(trainer, pl_module, checkpoint)

    @classmethod
    def for_decay(cls, decay: float | None) -> list[pl.Callback]:
        """Return the callback, or none if there is nothing to average."""
        return [] if decay is None else [cls(decay)]


def _average(decay: float, average: Tensor, weight: Tensor, _count: Any) -> Tensor:
    return decay * average + (1 - decay) * weight if average.is_floating_point() else weight


def average_weights(trainer: pl.Trainer, module: pl.LightningModule, checkpoint: dict[str, Any]) -> None:
    """Put the average, if there is one, in the place of the weights in a checkpoint of weights alone.

    Of such a checkpoint Lightning tells the module, and no callback.
    """
    for callback in CALLBACKS.read_from(trainer):
        if isinstance(callback, AveragedWeights):
            callback.on_save_checkpoint(trainer, module, checkpoint)
            for name in OWN_ENTRIES:
                checkpoint.pop(name, None)


def has_average(checkpoint: Mapping[str, Any]) -> bool:
    """Tell whether the training of a checkpoint averaged its weights, and can go on."""
    return OWN_ENTRIES[0] in checkpoint
