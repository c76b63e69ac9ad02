"""Which numbers an argument accepts, said once: in its type."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from gatbert.errors import UserError


@dataclass(frozen=True)
class Range:
    """Hold the numbers that an argument accepts, as part of its annotation: ``Annotated[float, Range(more_than=0)]``.

    Infinity and not-a-number are in no range.

    Attributes:
        least: Smallest number that is accepted.
        most: Largest number that is accepted.
        more_than: Number above which all are accepted.
        less_than: Number below which all are accepted.
        also: A number beside the others, such as -1 for no limit.
    """

    least: float | None = None
    most: float | None = None
    more_than: float | None = None
    less_than: float | None = None
    also: float | None = None

    def __contains__(self, value: float) -> bool:
        return value == self.also or (
            math.isfinite(value)
            and (self.least is None or value >= self.least)
            and (self.most is None or value <= self.most)
            and (self.more_than is None or value > self.more_than)
            and (self.less_than is None or value < self.less_than)
        )

    def __repr__(self) -> str:
        """Return the range in words, as ``--help`` shows it within the type."""
        # In the order in which they are said: "1 to 5", "at least 1", "more than 0 less than 1 or -1".
        ends = {
            "": self.least if self.most is not None else None,
            "at least ": self.least if self.most is None else None,
            "more than ": self.more_than,
            "to " if self.least is not None else "at most ": self.most,
            "less than ": self.less_than,
            "or ": self.also,
        }
        return " ".join(f"{words}{end}" for words, end in ends.items() if end is not None)


PositiveInt = Annotated[int, Range(least=1)]
Count = Annotated[int, Range(least=0)]
PositiveFloat = Annotated[float, Range(more_than=0)]
NonNegativeFloat = Annotated[float, Range(least=0)]
Share = Annotated[float, Range(least=0, most=1)]
"""A share, probability or ratio: 0 to 1, both included."""

Dropout = Annotated[float, Range(least=0, less_than=1)]
"""Probability of being dropped; with 1, nothing would be left."""

Decay = Annotated[float, Range(more_than=0, less_than=1)]
"""Share of a running average that stays at a step."""

Factor = Annotated[float, Range(more_than=0, most=1)]
Cosine = Annotated[float, Range(least=-1, most=1)]
Folds = Annotated[int, Range(least=2)]
"""Parts of a cross-validation, each tested once."""

Seed = Annotated[int, Range(least=0, most=2**32 - 1)]


def check_ranges(takes: Callable[..., Any], values: Mapping[str, Any], prefix: str = "") -> None:
    """Refuse numbers that are not in the ranges of a signature; a list or dictionary is checked item by item.

    Args:
        takes: Function, constructor or dataclass whose annotations tell the ranges.
        values: Arguments by name; others than those of ``takes`` are passed over.
        prefix: What stands before a name in the message, such as ``--model.``.

    Raises:
        UserError: ``NAME VALUE is not accepted; accepted is RANGE``, for the first such number.
    """
    for name, hint in get_type_hints(takes, include_extras=True).items():
        check_range(f"{prefix}{name}", hint, values.get(name))


def check_range(name: str, hint: Any, value: Any) -> None:
    """Refuse a value with a number that is not in the range of a type; errors as in ``check_ranges``."""
    for accepted, number in _numbers(hint, value):
        if number not in accepted:
            raise UserError(f"{name} {number} is not accepted; accepted is {accepted}")


def _numbers(hint: Any, value: Any) -> Iterator[tuple[Range, float]]:
    """Yield the numbers in a value that a type limits, each with its range."""
    if get_origin(hint) is Annotated:
        ranges = [part for part in hint.__metadata__ if isinstance(part, Range)]
        if ranges and isinstance(value, int | float) and not isinstance(value, bool):
            yield ranges[0], value  # True is an int to Python, and no number to a user
    elif get_origin(hint) in (Union, UnionType):
        for member in get_args(hint):
            yield from _numbers(member, value)
    elif get_args(hint) and isinstance(value, list | tuple | Mapping):
        # Of a list or tuple the first type, of a mapping that of its values.
        item_hint = get_args(hint)[-1 if isinstance(value, Mapping) else 0]
        for item in value.values() if isinstance(value, Mapping) else value:
            yield from _numbers(item_hint, item)
