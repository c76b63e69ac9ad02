"""Where a corpus is cut by the values of a column, such as its dates."""

from collections.abc import Callable, Sequence
from datetime import datetime, timezone
from decimal import Decimal, InvalidOperation
from typing import Any

from dateutil.parser import isoparse

from gatbert.corpora.wording import quoted, where_read
from gatbert.errors import UserError
from gatbert.samples import Sample

TWITTER = "%a %b %d %H:%M:%S %z %Y"
"""The form of Twitter's ``created_at``: Wed Oct 10 20:19:24 +0000 2018."""

ACCEPTED = "a number, a date of ISO 8601 (2020, 2020-06, 2020-06-01T12:30Z) or Wed Oct 10 20:19:24 +0000 2018"

Moment = Decimal | datetime


def cut_values(value: Any) -> list[str] | None:
    """Return one cut or several, as YAML may have them, as text; dates that YAML knows among them."""
    if value is None:
        return None
    return [str(one) for one in (value if isinstance(value, list | tuple) else [value])]


def check_cuts(cuts: Sequence[str]) -> None:
    """Refuse values by which nothing can be cut.

    Raises:
        UserError: Unless there are one or two, both numbers or both dates, of which the first is the earlier.
    """
    told = f"cut [{', '.join(cuts)}] is not accepted; accepted are"
    if len(cuts) not in (1, 2):
        raise UserError(f"{told} one value, from which on all is test, or two, between which is val")
    kinds = [kind for kind in (as_number, as_time) if all(kind(cut) is not None for cut in cuts)]
    if not kinds:
        raise UserError(f"{told} values of one kind, {ACCEPTED}")
    if len(cuts) == 2 and parts_between([cuts[0]], [cuts[1]], kinds[0]) != [0]:
        raise UserError(f"{told} two values of which the first is the earlier")


def parts_by_cuts(rows: Sequence[tuple[Sample, str]], cuts: Sequence[str], column: str) -> list[int]:
    """Return how many of the cuts each sample has reached: 0 before the first.

    Values are compared as numbers if all of them and the cuts are, else as times. Of a date in part, such as 2020-06,
    its first moment counts; a time without a zone is one in UTC.

    Args:
        rows: Samples, each with its value.
        cuts: One or two values, ascending.
        column: Column of the values, for messages.

    Raises:
        UserError: For the first value that is missing, or is neither, or not what the others are; with file and row.
    """
    words = [*cuts, *(value for _, value in rows)]
    for kind in (as_number, as_time):
        if all(kind(word) is not None for word in words):
            return parts_between([value for _, value in rows], cuts, kind)
    neither = [row for row in rows if as_number(row[1]) is None and as_time(row[1]) is None]
    are_times = all(as_time(cut) is not None for cut in cuts)
    others = (row for row in rows if (as_time if are_times else as_number)(row[1]) is None)
    sample, value = neither[0] if neither else next(others)
    told = f"the value {quoted(value)}" if value else "no value"
    wanted = ACCEPTED if neither else f"a {'date' if are_times else 'number'}, as the cut is"
    raise UserError(f"{where_read(sample)}: {told} in the column {quoted(column)}; accepted is {wanted}")


def parts_between(values: Sequence[str], cuts: Sequence[str], kind: Callable[[str], Moment | None]) -> list[int]:
    """Return how many of the cuts each value has reached, all of one kind."""
    # Sorting numbers and times is the same to Python, though not to a type checker.
    bounds: list[Any] = [kind(cut) for cut in cuts]
    found: list[Any] = [kind(value) for value in values]
    return [sum(value >= bound for bound in bounds) for value in found]


def as_number(value: str) -> Decimal | None:
    """Return a number exactly, as ids that tell the time have more digits than a float; else nothing."""
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def as_time(value: str) -> datetime | None:
    """Return a time, in UTC where it names no zone; else nothing."""
    for read in (isoparse, lambda text: datetime.strptime(text, TWITTER)):
        try:
            time = read(value)
        except ValueError:
            continue
        return time if time.tzinfo is not None else time.replace(tzinfo=timezone.utc)
    return None
