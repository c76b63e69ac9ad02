"""Ranges of numbers, as annotations say them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatbert.errors import UserError
from gatbert.ranges import Dropout, PositiveFloat, PositiveInt, Range, Share, check_ranges


def takes(
    size: PositiveInt | None = None,
    shares: list[Share] | None = None,
    partitions: dict[str, list[Share]] | None = None,
    weights: dict[str, PositiveFloat] | str | None = None,
    dropout: Dropout = 0.1,
    text: str = "",
) -> None:
    """Stand for a constructor."""


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"size": 0}, "--x.size 0 is not accepted; accepted is at least 1"),
        ({"shares": [0.5, 1.5]}, "--x.shares 1.5 is not accepted; accepted is 0 to 1"),
        ({"partitions": {"a.csv": [0.5, -1]}}, "--x.partitions -1 is not accepted; accepted is 0 to 1"),
        ({"weights": {"favor": 0}}, "--x.weights 0 is not accepted; accepted is more than 0"),
        ({"dropout": 1.0}, "--x.dropout 1.0 is not accepted; accepted is at least 0 less than 1"),
        ({"dropout": math.nan}, "--x.dropout nan is not accepted; accepted is at least 0 less than 1"),
    ],
)
def test_a_number_out_of_range_is_named_with_what_is_accepted(values: dict[str, object], said: str) -> None:
    with pytest.raises(UserError) as refused:
        check_ranges(takes, values, "--x.")
    assert str(refused.value) == said


def test_what_no_range_limits_passes() -> None:
    check_ranges(takes, {"size": None, "weights": "balanced", "text": "-1", "of_another": -1, "dropout": False})


@given(st.floats(), st.floats(-10, 10), st.floats(-10, 10))
def test_ends_are_in_and_limits_are_out(value: float, least: float, limit: float) -> None:
    finite = math.isfinite(value)
    assert (value in Range(least=least)) == (finite and value >= least)
    assert (value in Range(most=least)) == (finite and value <= least)
    assert (value in Range(more_than=limit)) == (finite and value > limit)
    assert (value in Range(less_than=limit)) == (finite and value < limit)
