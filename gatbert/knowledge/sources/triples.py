"""Triples of one's own: a relation and two phrases per line."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import ClassVar, Literal

from gatbert.errors import UserError
from gatbert.files.text import utf8_lines
from gatbert.knowledge.sources.assertions import MANY_RELATIONS, Assertions, Choice
from gatbert.knowledge.sources.rows import Row, add_rows, concept_key, weight_of
from gatbert.knowledge.sources.source import Source

Column = Literal["head", "relation", "tail", "weight", "_"]

FIRST_LINES = 20_000
"""Lines that are looked at before all are read."""

FEW_RELATIONS = 50
"""So many may be in a small file, where most lines have a relation of their own."""

SHOWN_LINES = 3


class _Unquoted(csv.Dialect):
    """Tabs between cells; a quotation mark is a character like any other."""

    delimiter = "\t"
    quoting = csv.QUOTE_NONE
    lineterminator = "\n"


@dataclass(frozen=True)
class Triples(Source):
    """A file of triples; ends are phrases, or ConceptNet URIs.

    File: the columns that ``Triples`` names, separated by tabs without quoting, or a CSV, as its name says. Licence:
    none is named in it. ConceptNet-100K (Li et al. 2016, https://aclanthology.org/P16-1137) is such a file: relation,
    head, tail, no header.

    A phrase with capitals, as ``Joe Biden``, tells that its concept is a name; one in lower case tells nothing, as many
    files have no capitals.

    Traps: nothing in a file tells its columns; where they are in another order, phrases are taken for relations, of
    which there are then more than a graph has. A phrase may hold a slash, which divides the parts of a URI.

    Attributes:
        path: TSV (no quoting) or, if its name ends in .csv, CSV; either may be gzipped.
        columns: What each column is, in order: relation, head and tail, maybe weight; ``_`` for one to leave out.
        header: Whether the first line names the columns.
    """

    columns: Sequence[Column] = ("relation", "head", "tail")
    header: bool = False

    kind: ClassVar[str] = "triples"

    def __post_init__(self) -> None:
        if missing := {"relation", "head", "tail"} - set(self.columns):
            raise UserError(f"triples: columns {list(self.columns)} lacks {', '.join(sorted(missing))}")

    def check(self, choice: Choice) -> None:
        """Look at the first lines."""
        if not self.file.is_file():
            raise UserError(f"triples: the file {self.file} does not exist")
        for _ in islice(self.rows(choice), FIRST_LINES):
            pass

    def add(self, assertions: Assertions) -> int:
        """Add the triples, and which of their phrases are written with capitals."""
        return add_rows(assertions, f"read {self.file.name}", self.rows(assertions.choice))

    def rows(self, choice: Choice) -> Iterator[Row]:
        """Yield the assertion of each line.

        Raises:
            UserError: ``FILE:LINE: what is wrong; what is accepted``; or, if there are as many relations as no
                knowledge graph has, the first lines.
        """
        path = self.file
        names: set[str] = set()
        first: list[str] = []
        count = 0
        reader = csv.reader(utf8_lines(path), "excel" if ".csv" in path.suffixes else _Unquoted)
        try:
            for cells in reader:
                # A blank line is no triple.
                if not cells or (self.header and reader.line_num == 1):
                    continue
                row = _row(f"{path}:{reader.line_num}", cells, self.columns, choice)
                count += 1
                names.add(row.relation)
                if len(first) < SHOWN_LINES:
                    first.append(" | ".join(cells)[:80])
                # Before the end, which may be far, where phrases are taken for relations.
                if len(names) > (choice.max_relations or MANY_RELATIONS):
                    raise _too_many(self, len(names), count, first)
                yield row
        except csv.Error as error:
            raise UserError(f"{path}:{reader.line_num + 1}: {error}; the file is cut short or damaged") from error
        if count == 0:
            raise UserError(f"{path}: the file has no triples")
        if choice.max_relations is None and len(names) > max(FEW_RELATIONS, count / 2):
            raise _too_many(self, len(names), count, first)


def _too_many(triples: Triples, num_relations: int, num_lines: int, first: Sequence[str]) -> UserError:
    return UserError(
        f"{triples.file}: {num_relations:,} different relations in {num_lines:,} lines are more than a knowledge "
        f"graph has; {', '.join(triples.columns)} were expected, and the first lines are "
        f"{', '.join(map(repr, first))}; say with --triples_columns what each column is, or allow more with "
        "--max_relations"
    )


def _row(where: str, cells: Sequence[str], columns: Sequence[Column], choice: Choice) -> Row:
    """Return the assertion in the cells of a line."""
    if len(cells) != len(columns):
        raise UserError(f"{where}: {len(cells)} columns instead of {len(columns)} ({', '.join(columns)})")
    values = {name: cell.strip() for name, cell in zip(columns, cells, strict=True)}
    for name in ("relation", "head", "tail"):
        if not values[name]:
            raise UserError(f"{where}: the {name} is empty; fill it in or remove the line")
    weight = weight_of(where, values.get("weight") or "1")
    head, tail = (
        concept_key(f"{where}: the {end}", values[end], choice.languages[0], choice.keep_senses)
        for end in ("head", "tail")
    )
    ends = ((head, values["head"]), (tail, values["tail"]))
    return Row(head, values["relation"].removeprefix("/r/"), tail, weight, spelled=ends)
