"""Training with all weights in half precision (``--trainer.precision bf16-true``), on our batches."""

from typing import Any

import lightning.pytorch as pl
import torch
from lightning.pytorch.plugins.precision import HalfPrecision

from gatbert.batches import Batch


class HalfPrecisionOfBatches(HalfPrecision):
    """Convert batches, too, which Lightning does not, as it would change them in place."""

    def convert_input(self, data: Any) -> Any:
        """Return a batch in which vectors are in half precision; anything else as Lightning does."""
        dtype = torch.bfloat16 if self.precision == "bf16-true" else torch.float16
        return data.in_precision(dtype) if isinstance(data, Batch) else super().convert_input(data)


def convert_batches(trainer: pl.Trainer) -> None:
    """Let a trainer with half precision convert our batches."""
    plugin = trainer.strategy.precision_plugin
    if type(plugin) is HalfPrecision:
        trainer.strategy.precision_plugin = HalfPrecisionOfBatches(plugin.precision)
