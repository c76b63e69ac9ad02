"""What stands for no index can't be used as one, and no two such numbers are the same."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from gatbert.samples import sentinels

SENTINELS = {name: value for name, value in vars(sentinels).items() if isinstance(value, int)}
COUNT = 300
"""Elements of what is looked up in: more than a small negative number may count back."""

LOOKUPS: dict[str, Callable[[int], Any]] = {
    "list": lambda index: list(range(COUNT))[index],
    "tuple": lambda index: tuple(range(COUNT))[index],
    "text": lambda index: ("a" * COUNT)[index],
    "array": lambda index: np.arange(COUNT)[index],
    "array by array": lambda index: np.zeros((COUNT, 2))[np.array([0, index], np.int32)],
    "tensor": lambda index: torch.arange(COUNT)[index],
    "tensor by tensor": lambda index: torch.zeros(COUNT, 2)[torch.tensor([0, index])],
    "index_select": lambda index: torch.arange(COUNT).index_select(0, torch.tensor([index])),
    "index_add": lambda index: torch.zeros(COUNT).index_add(0, torch.tensor([index]), torch.ones(1)),
    "embedding": lambda index: torch.nn.functional.embedding(torch.tensor([index]), torch.zeros(COUNT, 2)),
}


@pytest.mark.parametrize("lookup", LOOKUPS.values(), ids=LOOKUPS)
@pytest.mark.parametrize("shift", [0, 1_000_000], ids=["itself", "counted on from another sample"])
@pytest.mark.parametrize("name", SENTINELS)
def test_each_raises_where_it_is_used_as_an_index(name: str, shift: int, lookup: Callable[[int], Any]) -> None:
    lookup(COUNT - 1)
    with pytest.raises((IndexError, RuntimeError)):
        lookup(SENTINELS[name] + shift)


def test_each_has_a_number_of_its_own_that_fits_where_indices_do() -> None:
    assert len(set(SENTINELS.values())) == len(SENTINELS) == 4
    assert all(np.int32(value) == value for value in SENTINELS.values())
