"""Triples of one's own: a relation and two phrases per line."""

import csv
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Literal, NamedTuple

import pyarrow as pa

from gatbert.errors import UserError
from gatbert.files.paths import resolve
from gatbert.files.text import utf8_lines
from gatbert.knowledge.sources.assertions import MANY_RELATIONS, Assertions, Choice
from gatbert.samples.phrases import fold

Column = Literal["head", "relation", "tail", "weight", "_"]

BATCH = 200_000
"""Rows that are held in memory at once."""

FIRST_LINES = 20_000
"""Lines that are looked at before all are read."""

FEW_RELATIONS = 50
"""So many may be in a small file, where most lines have a relation of their own."""

SHOWN_LINES = 3


class _Row(NamedTuple):
    """Hold the assertion of a line, and its two phrases as they are written."""

    head: str
    relation: str
    tail: str
    weight: float
    phrases: tuple[str, str]


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

    @property
    def file(self) -> Path:
        """The file that ``path`` names."""
        return resolve(self.path)


def check_triples(triples: Triples, choice: Choice) -> None:
    """Look at the first lines of a file, before all else is done; errors as in ``add_triples``."""
    if not triples.file.is_file():
        raise UserError(f"triples: the file {triples.file} does not exist")
    for _ in islice(_rows(triples, choice), FIRST_LINES):
        pass


def add_triples(assertions: Assertions, triples: Triples) -> int:
    """Add the triples of a file; ends are phrases, or ConceptNet URIs.

    File: the columns that ``Triples`` names, separated by tabs without quoting, or a CSV, as its name says. Licence:
    none is named in it. ConceptNet-100K (Li et al. 2016, https://aclanthology.org/P16-1137) is such a file: relation,
    head, tail, no header.

    A phrase with capitals, as ``Joe Biden``, tells that its concept is a name; one in lower case tells nothing, as many
    files have no capitals.

    Traps: nothing in a file tells its columns; where they are in another order, phrases are taken for relations, of
    which there are then more than a graph has. A phrase may hold a slash, which divides the parts of a URI.

    Returns:
        How many assertions were added.

    Raises:
        UserError: ``FILE:LINE: what is wrong; what is accepted``; or, if there are as many relations as no knowledge
            graph has, the first lines.
    """
    rows = _rows(triples, assertions.choice)
    added = 0
    for batch in iter(lambda: list(islice(rows, BATCH)), []):
        added += assertions.add_table(f"read {triples.file.name}", _table(batch))
        assertions.add_spelled_table(f"read {triples.file.name}", _spellings(batch))
    return added


def _rows(triples: Triples, choice: Choice) -> Iterator[_Row]:
    """Yield the assertion of each line."""
    path = triples.file
    names: set[str] = set()
    first: list[str] = []
    count = 0
    reader = csv.reader(utf8_lines(path), "excel" if ".csv" in path.suffixes else _Unquoted)
    try:
        for cells in reader:
            # A blank line is no triple.
            if not cells or (triples.header and reader.line_num == 1):
                continue
            row = _row(f"{path}:{reader.line_num}", cells, triples.columns, choice)
            count += 1
            names.add(row.relation)
            if len(first) < SHOWN_LINES:
                first.append(" | ".join(cells)[:80])
            # Before the end, which may be far, where phrases are taken for relations.
            if len(names) > (choice.max_relations or MANY_RELATIONS):
                raise _too_many(triples, len(names), count, first)
            yield row
    except csv.Error as error:
        raise UserError(f"{path}:{reader.line_num + 1}: {error}; the file is cut short or damaged") from error
    if count == 0:
        raise UserError(f"{path}: the file has no triples")
    if choice.max_relations is None and len(names) > max(FEW_RELATIONS, count / 2):
        raise _too_many(triples, len(names), count, first)


def _too_many(triples: Triples, num_relations: int, num_lines: int, first: Sequence[str]) -> UserError:
    return UserError(
        f"{triples.file}: {num_relations:,} different relations in {num_lines:,} lines are more than a knowledge "
        f"graph has; {', '.join(triples.columns)} were expected, and the first lines are "
        f"{', '.join(map(repr, first))}; say with --triples_columns what each column is, or allow more with "
        "--max_relations"
    )


def _row(where: str, cells: Sequence[str], columns: Sequence[Column], choice: Choice) -> _Row:
    """Return the assertion in the cells of a line."""
    if len(cells) != len(columns):
        raise UserError(f"{where}: {len(cells)} columns instead of {len(columns)} ({', '.join(columns)})")
    values = {name: cell.strip() for name, cell in zip(columns, cells, strict=True)}
    for name in ("relation", "head", "tail"):
        if not values[name]:
            raise UserError(f"{where}: the {name} is empty; fill it in or remove the line")
    try:
        weight = float(values.get("weight") or 1.0)
    except ValueError:
        weight = math.nan
    if not math.isfinite(weight):
        raise UserError(f"{where}: the weight {values['weight']!r} is no number")
    head, tail = (_key(f"{where}: the {end}", values[end], choice) for end in ("head", "tail"))
    return _Row(head, values["relation"].removeprefix("/r/"), tail, weight, (values["head"], values["tail"]))


def _key(what: str, phrase: str, choice: Choice) -> str:
    """Return language and term of a phrase, or of a ConceptNet URI."""
    if phrase.startswith("/c/"):
        language, _, rest = phrase.removeprefix("/c/").partition("/")
        parts = [language, *(_term(part) for part in rest.split("/"))]
    else:
        parts = [choice.languages[0], _term(phrase.lower().replace("/", " "))]
    if not parts[0] or not fold(parts[1]):
        raise UserError(f"{what} {phrase!r} names no concept; accepted are phrases, or /c/LANGUAGE/TERM")
    return "/".join(parts if choice.keep_senses else parts[:2])


def _term(phrase: str) -> str:
    return "_".join(phrase.split())


def _table(rows: Sequence[_Row]) -> pa.Table:
    heads, relations, tails, weights, _ = zip(*rows, strict=True)
    return pa.table(
        {
            "head": heads,
            "relation": relations,
            "tail": tails,
            "weight": pa.array(weights, pa.float32()),
            "license": pa.nulls(len(rows), pa.string()),
        }
    )


def _spellings(rows: Sequence[_Row]) -> pa.Table:
    """Return key and phrase of the concepts that are written with capitals."""
    ends = ((key, phrase) for row in rows for key, phrase in zip((row.head, row.tail), row.phrases, strict=True))
    written = {key: phrase for key, phrase in ends if phrase != phrase.lower()}
    return pa.table({"key": pa.array(written, pa.string()), "phrase": pa.array(written.values(), pa.string())})
