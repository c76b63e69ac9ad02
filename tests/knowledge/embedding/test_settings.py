"""Settings of an embedding: in their ranges, and of an even size where numbers are complex."""

from typing import Any, get_args

import pytest

from gatbert.errors import UserError
from gatbert.knowledge.embedding.settings import EmbeddingSettings, KgeModelName


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"size": 0}, "size 0 is not accepted"),
        ({"epochs": 0}, "epochs 0 is not accepted"),
        ({"batch_size": -1}, "batch_size -1 is not accepted"),
        ({"learning_rate": 0.0}, "learning_rate 0.0 is not accepted"),
        ({"learning_rate": float("nan")}, "learning_rate nan is not accepted"),
    ],
)
def test_numbers_out_of_range_are_refused_by_name(values: dict[str, Any], words: str) -> None:
    with pytest.raises(UserError, match=words):
        EmbeddingSettings(**values)


@pytest.mark.parametrize("model", get_args(KgeModelName))
def test_an_odd_size_is_refused_where_numbers_are_complex(model: KgeModelName) -> None:
    if model in ("ComplEx", "RotatE"):
        with pytest.raises(UserError, match="size 7 is odd"):
            EmbeddingSettings(model=model, size=7)
    else:
        assert EmbeddingSettings(model=model, size=7).size == 7
