"""Files of rows that are written in parts: each part is a whole small file, and joined they are the whole."""

import csv
import json
import shutil
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pyarrow as pa
import pyarrow.parquet as pq

from gatbert.corpora.rows import texts
from gatbert.errors import UserError

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Table(ABC):
    """Write rows as files of one format.

    Attributes:
        columns: Names of the columns.
        schema: Types of some of them; the others are text.
    """

    columns: Sequence[str]
    schema: pa.Schema

    @abstractmethod
    def write(self, path: Path, rows: Sequence[Row]) -> None:
        """Write a file; a row that lacks a column has nothing there."""

    @abstractmethod
    def join(self, parts: Sequence[Path], path: Path) -> None:
        """Write the rows of some files, of which there is one at least, one file after another.

        Raises:
            UserError: If one has other columns.
        """


class DelimitedTable(Table):
    """A header and a row a line; a cell with a delimiter, quote or line break is quoted (RFC 4180)."""

    delimiter: ClassVar[str] = ","

    def write(self, path: Path, rows: Sequence[Row]) -> None:
        """Write a file; what is no text is written as JSON."""
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, delimiter=self.delimiter, lineterminator="\n")
            writer.writerow(self.columns)
            for row in rows:
                values = texts(row)
                writer.writerow([values.get(column, "") for column in self.columns])

    def join(self, parts: Sequence[Path], path: Path) -> None:
        """Write the first file as it is, and the others without their headers."""
        self.write(path, [])
        header = path.read_bytes()
        with path.open("ab") as whole:
            for part in parts:
                with part.open("rb") as file:
                    if file.read(len(header)) != header:
                        raise _other_columns(part)
                    shutil.copyfileobj(file, whole)


class TabbedTable(DelimitedTable):
    """The same with tabs."""

    delimiter: ClassVar[str] = "\t"


class JsonTable(Table):
    """An object a line, with the names that each row has."""

    def write(self, path: Path, rows: Sequence[Row]) -> None:
        """Write a file; what JSON does not know is written as text."""
        with path.open("w", encoding="utf-8") as file:
            file.writelines(f"{json.dumps(row, ensure_ascii=False, default=str)}\n" for row in rows)

    def join(self, parts: Sequence[Path], path: Path) -> None:
        """Write all lines."""
        with path.open("wb") as whole:
            for part in parts:
                with part.open("rb") as file:
                    shutil.copyfileobj(file, whole)


class ParquetTable(Table):
    """Columns with types: those of the input where it is Parquet, else text."""

    def write(self, path: Path, rows: Sequence[Row]) -> None:
        """Write a file."""
        columns = {name: self._column(name, rows) for name in self.columns}
        pq.write_table(pa.table(columns, self._whole_schema()), path)

    def join(self, parts: Sequence[Path], path: Path) -> None:
        """Write all row groups."""
        with pq.ParquetWriter(path, self._whole_schema()) as writer:
            for part in parts:
                with pq.ParquetFile(part) as file:
                    if not file.schema_arrow.equals(self._whole_schema()):
                        raise _other_columns(part)
                    for number in range(file.num_row_groups):
                        writer.write_table(file.read_row_group(number))

    def _column(self, name: str, rows: Sequence[Row]) -> pa.Array:
        """Return the values of a column, as text where its type is not known."""
        if name in self.schema.names:
            return pa.array([row.get(name) for row in rows], self.schema.field(name).type)
        return pa.array(
            [texts({name: row[name]})[name] if row.get(name) is not None else None for row in rows], pa.string()
        )

    def _whole_schema(self) -> pa.Schema:
        known = {name: self.schema.field(name) for name in self.schema.names}
        return pa.schema([known.get(name, pa.field(name, pa.string())) for name in self.columns])


TABLES: Mapping[str, type[Table]] = {
    ".csv": DelimitedTable,
    ".tsv": TabbedTable,
    ".jsonl": JsonTable,
    ".parquet": ParquetTable,
}
"""Formats of output by its ending."""


def table_type(path: Path) -> type[Table]:
    """Return the format that the ending of a file tells.

    Raises:
        UserError: If it tells none.
    """
    if path.suffix.lower() not in TABLES:
        raise UserError(f"output {path}: its ending tells no format; accepted are {', '.join(TABLES)}")
    return TABLES[path.suffix.lower()]


def _other_columns(part: Path) -> UserError:
    return UserError(f"{part} has other columns than this input; remove it, and predict it again")
