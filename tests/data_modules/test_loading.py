"""From encoded samples to batches: the seed of their order."""

import pytest
from lightning.pytorch import seed_everything

from gatbert.data_modules.loading import run_seed


@pytest.mark.parametrize("seed", [0, 7, 2**32 - 1])
def test_the_seed_of_a_run_is_that_of_seed_everything(seed: int) -> None:
    seed_everything(seed, workers=True, verbose=False)
    assert run_seed() == seed
