"""Batches are drawn when they are asked for, and loading them leaves dropout as it is."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from lightning.pytorch import seed_everything

from gatbert.batches import NO_GOLD, REPEATED, Encoded
from gatbert.data_modules.encoded_cache import EncodedSplit
from gatbert.data_modules.loading import EncodedDataset, LazyLoader, run_seed

LETTERS: Any = list("abc")
"""A data set, as far as a loader asks."""


class Split(EncodedSplit):
    """Three encoded samples, of no folder."""

    def __init__(self) -> None:
        pass

    def __getitem__(self, index: int) -> Encoded:
        return Encoded({"input_ids": np.arange(index + 1)}, index + 1, stance_index=index, sample_index=index)


def test_a_repeated_sample_is_the_first_without_its_name_and_its_gold() -> None:
    first, second, repeated = EncodedDataset(Split())[[0, 2, REPEATED]]
    assert (first.sample_index, second.sample_index, second.size) == (0, 2, 3)
    assert (repeated.sample_index, repeated.stance_index) == (REPEATED, NO_GOLD)
    assert repeated.arrays["input_ids"].tolist() == first.arrays["input_ids"].tolist()


def test_nothing_is_drawn_before_it_is_asked_for() -> None:
    drawn: list[int] = []

    class Sampler(torch.utils.data.Sampler[int]):
        def __iter__(self) -> Iterator[int]:
            drawn.append(1)
            yield from range(3)

        def __len__(self) -> int:
            return 3

    batches = iter(LazyLoader(LETTERS, sampler=Sampler(), batch_size=None))
    assert drawn == []
    assert next(batches) == "a"
    assert drawn == [1]


def test_each_pass_draws_one_number_of_the_common_generator() -> None:
    after = []
    for num_passes in (0, 1, 2):
        torch.manual_seed(5)
        for _ in range(num_passes):
            list(LazyLoader(LETTERS, batch_size=None, generator=torch.Generator().manual_seed(run_seed())))
        after.append(torch.rand(()).item())
    torch.manual_seed(5)
    wanted = []
    for _ in range(3):
        state = torch.get_rng_state()
        wanted.append(torch.rand(()).item())
        torch.set_rng_state(state)
        torch.empty((), dtype=torch.int64).random_()
    assert after == wanted


@pytest.mark.parametrize("seed", [0, 7, 2**32 - 1])
def test_the_seed_of_a_run_is_that_of_seed_everything(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PL_GLOBAL_SEED", "")
    seed_everything(seed, workers=True, verbose=False)
    assert run_seed() == seed
