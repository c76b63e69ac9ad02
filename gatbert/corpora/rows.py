"""Files to rows: delimited with or without quoting, and JSON lines. Every row knows the line on which it starts."""

import csv
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from gatbert.corpora.wording import quoted, quoted_list
from gatbert.errors import UserError
from gatbert.files.text import decoded_lines

Row = tuple[int, Mapping[str, str]]

CELL_LIMIT = 1 << 28
"""Most characters of a cell: one with a whole article is longer than the 131,072 that Python allows by default."""

DELIMITERS = {",": "commas", "\t": "tabs", ";": "semicolons", "|": "vertical bars"}
REMEDIES = {",": "give corpus_type csv", "\t": "give corpus_type tsv"}


def quoted_rows(path: Path, delimiter: str = ",", encoding: str = "utf-8-sig") -> Iterator[Row]:
    """Yield the rows of a delimited file whose cells may be quoted and hold line breaks (RFC 4180).

    Raises:
        UserError: If the file is empty, cut short, wrongly encoded, or a row has another number of cells than the
            header.
    """
    csv.field_size_limit(CELL_LIMIT)
    reader = csv.reader(decoded_lines(path, encoding), delimiter=delimiter, strict=True)
    yield from _with_header(path, _numbered(path, reader), delimiter)


def unquoted_rows(path: Path, delimiter: str = "\t", encoding: str = "utf-8", errors: str = "strict") -> Iterator[Row]:
    """Yield the rows of a delimited file in which a quotation mark is a character like any other; errors as above."""
    lines = enumerate(decoded_lines(path, encoding, errors), start=1)
    cells = ((number, line.rstrip("\r\n").split(delimiter)) for number, line in lines)
    yield from _with_header(path, cells, delimiter)


def json_rows(path: Path, encoding: str = "utf-8-sig") -> Iterator[Row]:
    """Yield the objects of a JSON lines file, values as text; errors as above."""
    return ((number, texts(row)) for number, row in json_objects(path, encoding))


def json_objects(path: Path, encoding: str = "utf-8-sig") -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield the objects of a JSON lines file as they are; errors as above."""
    number = 0
    for number, line in enumerate(decoded_lines(path, encoding), start=1):
        if line.strip():
            yield number, _object(f"{path}:{number}", line)
    if number == 0:
        raise UserError(f"{path}: the file is empty; accepted is one JSON object per line")


def _with_header(path: Path, rows: Iterator[tuple[int, list[str]]], delimiter: str) -> Iterator[Row]:
    """Yield each row below the first as a dictionary with the names in the first."""
    _, header = next(rows, (0, []))  # an empty file has none
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
    if len(names) == 1:  # one column is no corpus: the file is of another kind, or divided otherwise
        found = max(DELIMITERS, key=names[0].count)
        if names[0].startswith("{"):
            raise UserError(f"{path}: the file begins with an object of JSON; give corpus_type jsonl")
        if found in names[0]:
            remedy = REMEDIES.get(found, f"give delimiter '{found}'")
            expected = DELIMITERS.get(delimiter, quoted(delimiter))
            raise UserError(
                f"{path}: the header {quoted(names[0])} is divided by {DELIMITERS[found]}, and {expected} "
                f"are expected; {remedy}"
            )
    # A column without a name, as spreadsheets leave behind, is no field of anything.
    if twice := [name for name, count in Counter(names).items() if name and count > 1]:
        raise UserError(f"{path}: the header names the column {quoted_list(twice)} more than once; rename one of them")


def _numbered(path: Path, reader: Any) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of the csv module, each with the line on which it starts: a quoted cell may hold line breaks."""
    while True:
        start = reader.line_num + 1  # the reader knows the last line of a row alone
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise UserError(f"{path}:{start}: {error}; a quote is not closed or the file is cut short") from error
        if cells is None:
            return
        yield start, cells


def texts(row: Mapping[str, Any]) -> dict[str, str]:
    """Return a row with its values as text: what is no text or number as JSON, nothing as an empty text."""
    return {name: _as_text(value) for name, value in row.items()}


def _object(where: str, line: str) -> dict[str, Any]:
    """Return the object in a line of JSON; whatever else stands there is named."""
    try:
        row = json.loads(line, object_pairs_hook=lambda pairs: _without_repeats(where, pairs))
        if not isinstance(row, dict):
            raise UserError(f"{where}: {type(row).__name__} instead of an object; accepted is one per line")
        # What cannot be a text is found here, with its place: half a character, as JSON may hold, or a huge number.
        "".join(part for pair in texts(row).items() for part in pair).encode()
        return row
    except UserError:
        raise
    except json.JSONDecodeError as error:
        raise UserError(f"{where}: no JSON ({error.msg}); accepted is one object per line") from error
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
            raise UserError(f"{where}: the key {quoted(name)} stands twice in one object; rename or remove one of them")
        values[name] = value
    return values


def _as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():  # 1.0 is the label 1, as spreadsheets write it
        return str(int(value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
