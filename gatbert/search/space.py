"""The space of a search: which values of which options it may try."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gatbert.console.given_files import read_options
from gatbert.errors import UserError
from gatbert.files.paths import resolve

ACCEPTED = "accepted are {low: 1.0e-5, high: 1.0e-4, log: true}, {low: 0.0, high: 0.5, step: 0.1} and lists of choices"


@dataclass(frozen=True)
class Dimension:
    """Hold the values that one option may take: a range, or choices.

    Attributes:
        low: Smallest value; a range of two whole numbers has whole numbers alone.
        high: Largest value.
        log: Whether equal ratios, and not equal differences, are equally likely.
        step: Distance between neighbouring values; ``None`` for any value between.
        choices: The values, where it is no range.
    """

    low: float | None = None
    high: float | None = None
    log: bool = False
    step: float | None = None
    choices: tuple[Any, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether it is a range of whole numbers."""
        return all(type(value) is int for value in (self.low, self.high, self.step or 1))

    @property
    def probes(self) -> tuple[Any, ...]:
        """All choices, or both ends of the range: what stands for all values when they are checked."""
        return self.choices or (self.low, self.high)


Space = Mapping[str, Dimension]
"""Dimensions by the names of their options, as flags have them, without dashes."""


def read_space(path: str) -> Space:
    """Read the space of a search.

    Args:
        path: YAML file: for each option a range, with ``low``, ``high`` and maybe ``log`` or ``step``, or a list.

    Raises:
        UserError: With the option and what is wrong there.
    """
    if not (file := resolve(path)).is_file():
        raise UserError(f"--space: there is no file {path}; give a YAML file with a range or choices for each option")
    space = {str(name): _dimension(f"{path}: {name}", value) for name, value in read_options(file).items()}
    if not space:
        raise UserError(f"{path} names no option; for each option, {ACCEPTED}")
    return space


def _dimension(where: str, value: Any) -> Dimension:
    if isinstance(value, list):
        return _choices(where, [_number(item) for item in value])
    if not isinstance(value, dict):
        raise UserError(f"{where}: {value!r} is neither a range nor a list; {ACCEPTED}")
    if unknown := [name for name in value if name not in ("low", "high", "log", "step")]:
        raise UserError(f"{where}: a range has no {unknown[0]!r}; {ACCEPTED}")
    return _range(where, **{name: _number(item) for name, item in value.items()})


def _choices(where: str, choices: list[Any]) -> Dimension:
    if len(choices) < 2:
        raise UserError(
            f"{where}: {choices} leaves nothing to choose; give two values or more, or an argument after --"
        )
    for number, choice in enumerate(choices):
        # To Python, True is 1, and 1.0 as well.
        if any((type(choice), choice) == (type(other), other) for other in choices[:number]):
            raise UserError(f"{where}: {choice!r} stands there twice; give each choice once")
    return Dimension(choices=tuple(choices))


def _range(where: str, low: Any = None, high: Any = None, log: Any = False, step: Any = None) -> Dimension:
    """Return a range that is neither empty nor without an end."""
    for name, value in (("low", low), ("high", high), *([] if step is None else [("step", step)])):
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise UserError(f"{where}: {name} {value!r} is no number; {ACCEPTED}")
    if not isinstance(log, bool):
        raise UserError(f"{where}: log {log!r} is not accepted; accepted is true or false")
    if low >= high:
        raise UserError(f"{where}: low {low} is not less than high {high}; give the smaller one as low")
    if log and (low <= 0 or step is not None):
        raise UserError(f"{where}: log takes a low of more than 0, and no step; leave log out, or mend them")
    if step is not None and not (step > 0 and math.isclose((high - low) / step, round((high - low) / step))):
        raise UserError(
            f"{where}: no number of steps of {step} leads from {low} to {high}; give a high that is reached"
        )
    return Dimension(low, high, log, step)


def _number(value: Any) -> Any:
    """Return 1e-5 as the number that it is to the options; YAML 1.1 has it as a word, as it has no dot."""
    is_number = isinstance(value, str) and re.fullmatch(r"[+-]?\d+(\.\d*)?[eE][+-]?\d+", value)
    return float(value) if is_number else value
