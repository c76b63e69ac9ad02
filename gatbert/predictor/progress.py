"""How far a long prediction is, for who looks on."""

import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

from rich.console import Console

from gatbert.console.terminal import Steps

MANY = 4096
"""Texts from which on progress is shown, where nobody says otherwise."""

TOLD_EVERY = 64
"""Texts after which it is shown anew."""

One = TypeVar("One")


def shown(found: Iterable[One], size: int | None, wanted: bool | None) -> Iterator[One]:
    """Yield what is found, and show how much of it there was.

    Args:
        found: Anything, found as it is asked for.
        size: How many there will be; without it, nothing is shown.
        wanted: Whether progress is shown; by default that of many, on a terminal or in a notebook.
    """
    if wanted is None:
        wanted = size is not None and size >= MANY and (sys.stderr.isatty() or Console().is_jupyter)
    if not wanted or not size:
        yield from found
        return
    with Steps() as progress:
        for number, one in enumerate(found, start=1):
            yield one
            if number % TOLD_EVERY == 0 or number == size:
                progress("predict", number / size)
