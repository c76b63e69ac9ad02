"""A file of texts and targets, and the same rows with what a model says of them."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from gatbert.app.limits import Limits
from gatbert.corpora.rows import DELIMITERS, quoted_rows
from gatbert.corpora.wording import quoted, quoted_list
from gatbert.errors import UserError
from gatbert.evaluation.predictions import PREDICTED, PROBABILITY
from gatbert.files.text import decoded_lines

ENCODING = "utf-8-sig"
TEXT, TARGET = "text", "target"
DIGITS = 6


@dataclass(frozen=True)
class Table:
    """Hold the rows of a file.

    Attributes:
        name: Name of the file.
        rows: Its rows, each with all columns.
    """

    name: str
    rows: Sequence[Mapping[str, str]]


def read_table(path: Path, limits: Limits, stances: Sequence[str]) -> Table:
    """Read a file whose columns are divided by commas, semicolons or tabs.

    Args:
        path: The file.
        limits: The most that is taken.
        stances: Stances of the model that will answer.

    Raises:
        UserError: If it is no such file, too long, lacks a column, has one that will be added, or a row without text
            or target, or with one that is too long.
    """
    try:
        rows = list(islice(_rows(path, limits, stances), limits.max_rows + 1))
    except UserError as error:
        # The user knows the file by its name, and not where the server keeps it.
        raise UserError(str(error).replace(str(path), path.name)) from error
    if not rows:
        raise UserError(f"{path.name} has no rows below its header")
    if len(rows) > limits.max_rows:
        raise UserError(
            f"{path.name} has more than {limits.max_rows:,} rows; start the page with a larger --max_rows, or use "
            "gatbert predict"
        )
    return Table(path.name, rows)


def write_table(table: Table, found: Sequence[Mapping[str, float]], folder: Path) -> Path:
    """Write the rows of a table with stance and probabilities, and return the file.

    Args:
        table: The rows.
        found: Probability of each stance, for each row.
        folder: Where the file is written.
    """
    path = folder / f"{Path(table.name).stem}.predicted.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*table.rows[0], *added_columns(list(found[0]))])
        writer.writeheader()
        writer.writerows({**row, **_added(one)} for row, one in zip(table.rows, found, strict=True))
    return path


def added_columns(stances: Sequence[str]) -> list[str]:
    """Return the columns that are added, as prediction files have them."""
    return [PREDICTED, *(f"{PROBABILITY}{stance}" for stance in stances)]


def _rows(path: Path, limits: Limits, stances: Sequence[str]) -> Iterator[Mapping[str, str]]:
    """Yield the rows of a file; errors as in ``read_table``, with the path."""
    header = next(iter(decoded_lines(path, ENCODING)), "")
    if header.startswith("{"):
        raise UserError(f"{path} is no table, but JSON; give rows whose cells are divided by commas")
    delimiter = max(DELIMITERS, key=header.count)
    for number, (line, row) in enumerate(quoted_rows(path, delimiter, ENCODING)):
        if number == 0:
            _check_columns(path, list(row), stances)
        limits.check(row[TEXT], row[TARGET], f"{path}:{line}")
        yield row


def _check_columns(path: Path, names: Sequence[str], stances: Sequence[str]) -> None:
    for name in (TEXT, TARGET):
        if name not in names:
            raise UserError(f"{path} has no column {name}; it has {quoted_list(names)}; name one of them {name}")
    if taken := [name for name in added_columns(stances) if name in names]:
        raise UserError(f"{path} has a column {quoted(taken[0])} already, which will be added; rename it")


def _added(found: Mapping[str, float]) -> dict[str, str]:
    probabilities = {f"{PROBABILITY}{stance}": f"{value:.{DIGITS}g}" for stance, value in found.items()}
    return {PREDICTED: max(found, key=found.__getitem__), **probabilities}
