"""How files of one's own are written, format, delimiter and encoding, and what their columns hold."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import duckdb

from gatbert.corpora import CORPUS_TYPES, CorpusFormat
from gatbert.corpora.rows import DELIMITERS, Row, json_rows, quoted_rows
from gatbert.corpora.text_options import check_text_options
from gatbert.errors import UserError

ENCODINGS = ("utf-8-sig", "cp1252", "latin-1")
"""Encodings that are tried, in order; the last reads whatever it is."""

JSON_ENDINGS = (".jsonl", ".ndjson", ".json")

PUBLISHED = ("semeval", "vast", "ezstance")
"""Formats of published corpora, which are known by their columns."""

ROWS_LOOKED_AT = 100
"""Rows by which the delimiter is told."""

MOST_VALUES = 1000
"""Different values of a column that are counted; with more, it is no label or flag."""


@dataclass(frozen=True)
class Written:
    """Say how files are written.

    Attributes:
        corpus_type: Their format.
        delimiter: The character between two cells, where it is not that of the format.
        encoding: Their encoding, where it is not that of the format.
    """

    corpus_type: str
    delimiter: str | None = None
    encoding: str | None = None

    @property
    def published(self) -> CorpusFormat | None:
        """The format, if it is that of a published corpus: it knows columns and labels."""
        found = CORPUS_TYPES[self.corpus_type]
        return found if self.corpus_type in PUBLISHED and isinstance(found, CorpusFormat) else None

    def rows(self, path: Path) -> Iterator[Row]:
        """Yield the rows of a file, as training reads them."""
        if self.published is not None:
            return self.published.rows(path)
        encoding = self.encoding or ENCODINGS[0]
        if self.corpus_type == "jsonl":
            return json_rows(path, encoding)
        return quoted_rows(path, self.delimiter or {"csv": ",", "tsv": "\t"}[self.corpus_type], encoding)


@dataclass
class Column:
    """Count what a column holds.

    Attributes:
        values: How often each value stands there, as long as they are few; empty cells are left out.
        filled: Cells that are not empty.
        characters: Characters of all of them together.
        is_unique: Whether no value stands there twice.
    """

    values: Counter[str] = field(default_factory=Counter)
    filled: int = 0
    characters: int = 0
    is_unique: bool = True
    _seen: set[int] = field(default_factory=set)

    def add(self, cell: str) -> None:
        """Count one cell."""
        value = cell.strip()
        if not value:
            return
        self.filled += 1
        self.characters += len(value)
        if self.is_unique:
            self.is_unique = (key := hash(value)) not in self._seen
            self._seen.add(key)
        if len(self.values) <= MOST_VALUES:
            self.values[value] += 1

    @property
    def mean_length(self) -> float:
        """Characters of a cell that is not empty."""
        return self.characters / max(1, self.filled)

    @property
    def is_number(self) -> bool:
        """Whether all values are numbers."""
        return all(value.lstrip("-").replace(".", "", 1).isdecimal() for value in self.values)


@dataclass(frozen=True)
class Table:
    """Hold what was seen of some files of the same form.

    Attributes:
        written: How they are written.
        num_rows: Rows of all of them.
        columns: Their columns, by name.
    """

    written: Written
    num_rows: int
    columns: Mapping[str, Column]


def look_at_files(paths: Sequence[Path], delimiter: str | None = None, encoding: str | None = None) -> Table:
    """Read files whole, and count what their columns hold.

    Args:
        paths: The files; the first tells how all are written.
        delimiter: The character between two cells, where the user says it.
        encoding: The encoding, where the user says it.

    Raises:
        UserError: If a file cannot be read.
    """
    given = {"delimiter": delimiter, "encoding": encoding}
    check_text_options({name: value for name, value in given.items() if value is not None and value != "\\t"})
    written = _how_written(paths[0], delimiter, encoding)
    columns: dict[str, Column] = {}
    count = 0
    for path in paths:
        for _, row in written.rows(path):
            count += 1
            for name, cell in row.items():
                columns.setdefault(name, Column()).add(cell)
    if not count:
        raise UserError(f"{paths[0]}: the file has no rows below its header")
    return Table(written, count, columns)


def csv_of_parquet(path: Path, folder: Path) -> Path:
    """Write a Parquet file anew as CSV, which training reads, and return it.

    Raises:
        UserError: If it is no Parquet file.
    """
    copy = folder / f"{path.stem}.csv"
    try:
        with duckdb.connect() as connection:  # not the shared one, whose results others may still read
            connection.read_parquet(str(path)).write_csv(str(copy))
    except duckdb.Error as error:
        raise UserError(f"{path} is no Parquet file that can be read: {str(error).splitlines()[0]}") from error
    return copy


def _how_written(path: Path, delimiter: str | None, encoding: str | None) -> Written:
    """Tell how a file is written by its name and its first rows."""
    if delimiter is None and encoding is None:
        for written in map(Written, PUBLISHED):
            if _is_written_so(path, written):
                return written
    found = encoding or _encoding(path)
    told = None if found == ENCODINGS[0] else found
    if path.suffix.lower() in JSON_ENDINGS:
        return Written("jsonl", None, told)
    divides = delimiter or _delimiter(path, found)
    return Written("tsv", None, told) if divides in ("\t", "\\t") else Written("csv", _unless_comma(divides), told)


def _is_written_so(path: Path, written: Written) -> bool:
    """Tell whether a file has the columns of a published corpus."""
    try:
        _, row = next(written.rows(path))
    except (UserError, StopIteration):
        return False
    columns = {} if written.published is None else written.published.columns
    return {columns[name] for name in ("text", "target", "stance")} <= row.keys()


def _unless_comma(delimiter: str) -> str | None:
    return None if delimiter == "," else delimiter


def _encoding(path: Path) -> str:
    """Return the first encoding that all of a file is in."""
    with path.open("rb") as file:
        if file.read(2) in (b"\xff\xfe", b"\xfe\xff"):
            return "utf-16"
    for encoding in ENCODINGS:
        try:
            with path.open(encoding=encoding, newline="") as text:
                while text.read(1 << 20):
                    pass
        except UnicodeDecodeError:
            continue
        return encoding
    raise UserError(f"{path}: the encoding cannot be told; say it by --encoding")  # latin-1 reads every byte


def _delimiter(path: Path, encoding: str) -> str:
    """Return the delimiter by which the first rows fall into the most cells, as many in each."""
    widths = {delimiter: _width(path, delimiter, encoding) for delimiter in DELIMITERS}
    best = max(widths, key=lambda delimiter: widths[delimiter])
    if widths[best] < 2:
        list(islice(quoted_rows(path, ",", encoding), ROWS_LOOKED_AT))  # says what is wrong with it, if anything is
        raise UserError(f"{path}: no delimiter divides its rows into as many cells each; say it by --delimiter")
    return best


def _width(path: Path, delimiter: str, encoding: str) -> int:
    try:
        return min((len(row) for _, row in islice(quoted_rows(path, delimiter, encoding), ROWS_LOOKED_AT)), default=0)
    except UserError:
        return 0
