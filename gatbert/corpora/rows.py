"""Files to rows: delimited with or without quoting, and JSON lines. Every row knows the line on which it starts."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from gatbert.errors import UserError

Row = tuple[int, Mapping[str, str]]

# Cells with a whole article are longer than the csv module's default limit of 128 KiB.
CELL_LIMIT = 1 << 28


def quoted_rows(path: Path, delimiter: str = ",", encoding: str = "utf-8-sig") -> Iterator[Row]:
    """Yield the rows of a delimited file whose cells may be quoted and hold line breaks (RFC 4180).

    Raises:
        UserError: If the file is empty, cut short, wrongly encoded, or a row has another number of cells than the
            header.
    """
    csv.field_size_limit(CELL_LIMIT)
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(_decoded(path, file, encoding), delimiter=delimiter, strict=True)
        yield from _with_header(path, _numbered(path, reader))


def unquoted_rows(path: Path, delimiter: str = "\t", encoding: str = "utf-8", errors: str = "strict") -> Iterator[Row]:
    """Yield the rows of a delimited file in which a quotation mark is a character like any other; errors as above."""
    with path.open(encoding=encoding, newline="", errors=errors) as file:
        lines = enumerate(_decoded(path, file, encoding), start=1)
        yield from _with_header(path, ((number, line.rstrip("\r\n").split(delimiter)) for number, line in lines))


def json_rows(path: Path, encoding: str = "utf-8-sig") -> Iterator[Row]:
    """Yield the objects of a JSON lines file, values as text; errors as above."""
    with path.open(encoding=encoding, newline="") as file:
        number = 0
        for number, line in enumerate(_decoded(path, file, encoding), start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except json.JSONDecodeError as error:
                raise UserError(f"{path}:{number}: no JSON ({error.msg}); accepted is one object a line") from error
            if not isinstance(row, dict):
                raise UserError(f"{path}:{number}: {type(row).__name__} instead of an object; accepted is one a line")
            yield number, {str(name): _as_text(value) for name, value in row.items()}
        if number == 0:
            raise UserError(f"{path}: the file is empty; accepted is one JSON object a line")


def _with_header(path: Path, rows: Iterator[tuple[int, list[str]]]) -> Iterator[Row]:
    _, header = next(rows, (0, []))
    if not header:
        raise UserError(f"{path}: the file is empty; accepted is a header with the names of the columns, then rows")
    names = [name.strip() for name in header]
    for number, cells in rows:
        if cells in ([], [""]):
            continue  # a blank line is no row
        if len(cells) != len(names):
            raise UserError(
                f"{path}:{number}: {len(cells)} cells instead of {len(names)}, as the header has; "
                "the file is cut short or its delimiter is another"
            )
        yield number, dict(zip(names, cells, strict=True))


def _numbered(path: Path, reader: Any) -> Iterator[tuple[int, list[str]]]:
    while True:
        start = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise UserError(f"{path}:{start}: {error}; a quote is not closed or the file is cut short") from error
        if cells is None:
            return
        yield start, cells


def _decoded(path: Path, lines: Iterable[str], encoding: str) -> Iterator[str]:
    """Yield lines; a byte that the encoding does not have, or a NUL, is an error that names the line."""
    number = 0
    try:
        for number, line in enumerate(lines, start=1):
            if "\0" in line:
                raise UserError(f"{path}:{number}: a NUL byte; the file is damaged or not {encoding}")
            yield line
    except UnicodeDecodeError as error:
        byte = error.object[error.start]
        raise UserError(f"{path}:{number + 1}: byte 0x{byte:02x} is not {encoding}; save it as {encoding}") from error


def _as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
