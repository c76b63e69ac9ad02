"""Files to rows: delimited with or without quoting, and JSON lines. Every row knows the line on which it starts."""

import codecs
import csv
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from gatbert.corpora.wording import listed, shown
from gatbert.errors import UserError

Row = tuple[int, Mapping[str, str]]

# Cells with a whole article are longer than the csv module's default limit of 128 KiB.
CELL_LIMIT = 1 << 28

DELIMITERS = {",": "commas", "\t": "tabs", ";": "semicolons", "|": "vertical bars"}
REMEDIES = {",": "give corpus_type csv", "\t": "give corpus_type tsv"}

SIGNATURES = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
    b"PK\x03\x04": "a spreadsheet or another zip archive",
    b"\x1f\x8b": "gzip-compressed",
    b"PAR1": "Parquet",
}
"""First bytes of files that are no plain text, which any of a corpus is."""


def quoted_rows(path: Path, delimiter: str = ",", encoding: str = "utf-8-sig") -> Iterator[Row]:
    """Yield the rows of a delimited file whose cells may be quoted and hold line breaks (RFC 4180).

    Raises:
        UserError: If the file is empty, cut short, wrongly encoded, or a row has another number of cells than the
            header.
    """
    csv.field_size_limit(CELL_LIMIT)
    reader = csv.reader(text_lines(path, encoding), delimiter=delimiter, strict=True)
    yield from _with_header(path, _numbered(path, reader), delimiter)


def unquoted_rows(path: Path, delimiter: str = "\t", encoding: str = "utf-8", errors: str = "strict") -> Iterator[Row]:
    """Yield the rows of a delimited file in which a quotation mark is a character like any other; errors as above."""
    lines = enumerate(text_lines(path, encoding, errors), start=1)
    cells = ((number, line.rstrip("\r\n").split(delimiter)) for number, line in lines)
    yield from _with_header(path, cells, delimiter)


def json_rows(path: Path, encoding: str = "utf-8-sig") -> Iterator[Row]:
    """Yield the objects of a JSON lines file, values as text; errors as above."""
    number = 0
    for number, line in enumerate(text_lines(path, encoding), start=1):
        if line.strip():
            yield number, _object(f"{path}:{number}", line)
    if number == 0:
        raise UserError(f"{path}: the file is empty; accepted is one JSON object a line")


def text_lines(path: Path, encoding: str, errors: str = "strict", newline: str = "") -> Iterator[str]:
    r"""Yield the lines of a text file, with their ends.

    Args:
        path: The file.
        encoding: Its encoding; a byte order mark of UTF-8 says that it is UTF-8 instead.
        errors: What becomes of bytes that the encoding does not have, as in ``open``.
        newline: What ends a line, as in ``open``; by default ``\n``, ``\r`` or both.

    Raises:
        UserError: If a byte or character is none of a text, or the file is of another kind.
    """
    with path.open("rb") as start:
        first = start.read(4)
    for signature, kind in SIGNATURES.items():
        if first.startswith(signature):
            raise UserError(f"{path}: the file is {kind}; save it as plain text in UTF-8")
    if first.startswith(codecs.BOM_UTF8):
        encoding = "utf-8-sig"
    number = 0
    with path.open(encoding=encoding, newline=newline, errors=errors) as file:
        try:
            for number, line in enumerate(file, start=1):
                if "\0" in line:
                    raise UserError(f"{path}:{number}: a NUL byte; the file is damaged, or UTF-16: save it as UTF-8")
                yield line
        except UnicodeDecodeError as error:
            raise UserError(_bad_byte(path, encoding, number + 1, error)) from error


def _bad_byte(path: Path, encoding: str, number: int, error: UnicodeDecodeError) -> str:
    """Say which byte is wrong and where: text is decoded in large pieces, so that only a second look can tell."""
    with path.open("rb") as file:
        wrong = next(((at, e) for at, line in enumerate(file, start=1) if (e := _undecodable(line, encoding))), None)
    number, error = wrong or (number, error)
    byte, name = error.object[error.start], encoding.removesuffix("-sig")
    return f"{path}:{number}: byte 0x{byte:02x} is not {name}; save the file as UTF-8"


def _undecodable(line: bytes, encoding: str) -> UnicodeDecodeError | None:
    try:
        line.decode(encoding)
    except UnicodeDecodeError as error:
        return error
    return None


def _with_header(path: Path, rows: Iterator[tuple[int, list[str]]], delimiter: str) -> Iterator[Row]:
    _, header = next(rows, (0, []))
    if not header:
        raise UserError(f"{path}: the file is empty; accepted is a header with the names of the columns, then rows")
    names = [name.strip() for name in header]
    _check_header(path, names, delimiter)
    for number, cells in rows:
        if cells in ([], [""]):
            continue  # a blank line is no row
        if len(cells) != len(names):
            raise UserError(
                f"{path}:{number}: {len(cells)} cells instead of {len(names)}, as the header has; "
                "the file is cut short, or its delimiter is another"
            )
        yield number, dict(zip(names, cells, strict=True))


def _check_header(path: Path, names: Sequence[str], delimiter: str) -> None:
    """Refuse a header that names a column twice, or that another delimiter divides."""
    if len(names) == 1:
        found = max(DELIMITERS, key=names[0].count)
        if names[0].startswith("{"):
            raise UserError(f"{path}: the file begins with an object of JSON; give corpus_type jsonl")
        if found in names[0]:
            remedy = REMEDIES.get(found, f"save the file with {DELIMITERS[delimiter]}")
            raise UserError(
                f"{path}: the header {shown(names[0])} is divided by {DELIMITERS[found]}, and {DELIMITERS[delimiter]} "
                f"are expected; {remedy}"
            )
    # A column without a name, as spreadsheets leave behind, is no field of anything.
    if twice := [name for name, count in Counter(names).items() if name and count > 1]:
        raise UserError(f"{path}: the header names the column {listed(twice)} more than once; rename one of them")


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


def _object(where: str, line: str) -> dict[str, str]:
    try:
        row = json.loads(line, object_pairs_hook=lambda pairs: _without_repeats(where, pairs))
        if not isinstance(row, dict):
            raise UserError(f"{where}: {type(row).__name__} instead of an object; accepted is one a line")
        values = {name: _as_text(value) for name, value in row.items()}
        "".join(part for pair in values.items() for part in pair).encode()
        return values
    except UserError:
        raise
    except json.JSONDecodeError as error:
        raise UserError(f"{where}: no JSON ({error.msg}); accepted is one object a line") from error
    except RecursionError as error:
        raise UserError(
            f"{where}: the object is nested too deeply; accepted are objects of text and numbers"
        ) from error
    except UnicodeEncodeError as error:
        raise UserError(f"{where}: {error.object[error.start]!r} is half a character; write it whole") from error
    except ValueError as error:  # Python converts no integers of thousands of digits
        raise UserError(f"{where}: a number has too many digits; write it as text") from error


def _without_repeats(where: str, pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, value in pairs:
        if name in values:
            raise UserError(f"{where}: the key {shown(name)} stands twice in one object; rename or remove one of them")
        values[name] = value
    return values


def _as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
