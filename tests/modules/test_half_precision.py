"""Batches come to a module in half precision in the precision of its weights, and indices stay what they are."""

from dataclasses import dataclass

import lightning.pytorch as pl
import pytest
import torch
from torch import Tensor

from gatbert.batches import Batch
from gatbert.modules.half_precision import convert_batches


@dataclass(frozen=True)
class VectorBatch(Batch):
    """Hold vectors beside the indices that every batch has."""

    vectors: Tensor


@pytest.mark.parametrize(
    ("precision", "dtype"), [("bf16-true", torch.bfloat16), ("16-true", torch.float16), ("32-true", torch.float32)]
)
def test_vectors_are_converted_and_indices_are_not(precision: str, dtype: torch.dtype) -> None:
    quiet = {"logger": False, "enable_checkpointing": False}
    trainer = pl.Trainer(accelerator="cpu", precision=precision, **quiet)  # type: ignore[arg-type]  # one of a Literal
    convert_batches(trainer)
    index = torch.tensor([0, 2])
    batch = VectorBatch(index, index, index, torch.randn(2, 3))
    found = trainer.strategy.precision_plugin.convert_input(batch)
    assert (found.vectors.dtype, found.stance_index.dtype) == (dtype, torch.int64)
    assert batch.vectors.dtype == torch.float32
