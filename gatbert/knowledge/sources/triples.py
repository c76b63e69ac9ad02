"""Triples of one's own: a relation and two phrases a line."""

import csv
import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pyarrow as pa

from gatbert.errors import UserError
from gatbert.knowledge.phrases import fold
from gatbert.knowledge.sources.assertions import Assertions

Column = Literal["head", "relation", "tail", "weight", "_"]

BATCH = 200_000


class _Unquoted(csv.Dialect):
    """Tabs between cells; a quotation mark is a character like any other."""

    delimiter = "\t"
    quoting = csv.QUOTE_NONE
    lineterminator = "\n"


@dataclass(frozen=True)
class Triples:
    """Describe a file of triples.

    Attributes:
        path: TSV (no quoting) or, if its name ends in .csv, CSV; either may be gzipped.
        columns: What each column is, in order: relation, head and tail, maybe weight; ``_`` for one to leave out.
        header: Whether the first line names the columns.
    """

    path: str
    columns: Sequence[Column] = ("relation", "head", "tail")
    header: bool = False

    def __post_init__(self) -> None:
        if missing := {"relation", "head", "tail"} - set(self.columns):
            raise UserError(f"triples: columns {list(self.columns)} lacks {', '.join(sorted(missing))}")


def add_triples(assertions: Assertions, triples: Triples, path: Path) -> int:
    """Add the triples of a file; ends are phrases, or ConceptNet URIs.

    ConceptNet-100K (Li et al. 2016, https://aclanthology.org/P16-1137) is such a file: relation, head, tail, no header.

    Returns:
        How many assertions were added.

    Raises:
        UserError: ``FILE:LINE: what is wrong; what is accepted``.
    """
    if not path.is_file():
        raise UserError(f"triples: the file {path} does not exist")
    before, rows = assertions.count(), 0
    batch: list[tuple[str, str, str, float, None]] = []
    dialect = "excel" if ".csv" in path.suffixes else _Unquoted
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        reader = csv.reader(file, dialect)
        try:
            for cells in reader:
                if not cells or (triples.header and reader.line_num == 1):
                    continue
                batch.append(_row(f"{path}:{reader.line_num}", cells, triples.columns, assertions))
                rows += 1
                if len(batch) == BATCH:
                    _flush(assertions, batch, path)
        except UnicodeDecodeError as error:
            raise UserError(
                f"{path}:{reader.line_num + 1}: byte 0x{error.object[error.start]:02x} is no UTF-8"
            ) from error
        except (EOFError, csv.Error) as error:
            raise UserError(f"{path}:{reader.line_num + 1}: {error}; the file is cut short or damaged") from error
    if rows == 0:
        raise UserError(f"{path}: the file has no triples")
    _flush(assertions, batch, path)
    return assertions.count() - before


def _row(
    where: str, cells: Sequence[str], columns: Sequence[Column], assertions: Assertions
) -> tuple[str, str, str, float, None]:
    if len(cells) != len(columns):
        raise UserError(f"{where}: {len(cells)} columns instead of {len(columns)} ({', '.join(columns)})")
    values = {name: cell.strip() for name, cell in zip(columns, cells, strict=True)}
    for name in ("relation", "head", "tail"):
        if not values[name]:
            raise UserError(f"{where}: the {name} is empty; fill it in or remove the line")
    try:
        weight = float(values.get("weight") or 1.0)
    except ValueError as error:
        raise UserError(f"{where}: the weight {values['weight']!r} is no number") from error
    head, tail = (_key(values[end], assertions) for end in ("head", "tail"))
    return head, values["relation"].removeprefix("/r/"), tail, weight, None


def _key(phrase: str, assertions: Assertions) -> str:
    if phrase.startswith("/c/"):
        parts = phrase.split("/")[2:]
        return "/".join(parts if assertions.choice.keep_senses else parts[:2])
    term = " ".join(phrase.lower().replace("/", " ").split()).replace(" ", "_")
    return f"{assertions.choice.languages[0]}/{term or fold(phrase)}"


def _flush(assertions: Assertions, batch: list[tuple[str, str, str, float, None]], path: Path) -> None:
    names = ("head", "relation", "tail", "weight", "license")
    columns = list(zip(*batch, strict=True)) or [()] * len(names)
    types = [pa.string(), pa.string(), pa.string(), pa.float32(), pa.string()]
    arrays = [pa.array(column, kind) for column, kind in zip(columns, types, strict=True)]
    assertions.connection.register("batch", pa.table(arrays, names=list(names)))
    assertions.add(f"read {path.name}", "SELECT * FROM batch")
    assertions.connection.unregister("batch")
    batch.clear()
