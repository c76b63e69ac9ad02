"""Batches move as a whole, keep what is no tensor, and are never changed in place."""

from dataclasses import FrozenInstanceError, dataclass

import numpy as np
import pytest
import torch
from torch import Tensor

from gatbert.batches import NO_GOLD, REPEATED, Batch, Encoded, collate_indices


@dataclass(frozen=True)
class LabelledBatch(Batch):
    """A batch with a tensor that may be missing and a value that is none."""

    states: Tensor | None
    name: str


def batch_of(states: Tensor | None) -> LabelledBatch:
    encoded = [Encoded({"a": np.zeros(1, np.int32)}, 1, 2, 7), Encoded({"a": np.zeros(1, np.int32)}, 1)]
    return LabelledBatch(**collate_indices(encoded), states=states, name="x")


def test_indices_are_collated() -> None:
    batch = batch_of(None)
    assert batch.stance_index.tolist() == [2, NO_GOLD]
    assert batch.sample_index.tolist() == [7, REPEATED]
    assert len(batch) == 2


def test_to_moves_every_tensor_and_leaves_the_batch_as_it_was() -> None:
    batch = batch_of(torch.ones(2, 3))
    moved = batch.to("meta")
    assert batch.states is not None
    assert moved.states is not None
    assert {moved.stance_index.device.type, moved.states.device.type} == {"meta"}
    assert batch.states.device.type == "cpu"
    assert (moved.name, batch_of(None).to("meta").states) == ("x", None)


def test_batches_are_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        batch_of(None).name = "y"  # type: ignore[misc]  # it is to fail
