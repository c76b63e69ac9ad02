"""ConceptNet: the assertions of the public dump."""

import gzip
import json
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from gatbert.errors import UserError
from gatbert.knowledge.sources.assertions import Assertions, Choice

COLUMNS = ("uri", "relation", "head", "tail", "metadata")

READ = """
    SELECT * FROM read_csv(?, delim = '\t', quote = '', escape = '', header = false, auto_detect = false,
        null_padding = false, max_line_size = 16777216, columns = {columns})
"""


def add_conceptnet(assertions: Assertions, path: Path) -> int:
    """Add the assertions of a dump whose two ends are in the wanted languages.

    File: ``assertions-5.7.0.csv`` or ``.csv.gz`` (https://github.com/commonsense/conceptnet5/wiki/Downloads), tab
    separated: URI, relation, start, end, JSON with weight, dataset and licence. Licence: CC BY-SA 4.0, each line names
    its own. 34,074,917 lines, about a tenth of them English to English.

    Traps: terms carry part of speech and sense (``/c/en/test/n/wikt/en_1``), folded unless the user keeps them;
    relations may have two parts (``/r/dbpedia/genre``); weights may be below 1.

    Returns:
        How many assertions were added.

    Raises:
        UserError: ``FILE:LINE: what is wrong; what is accepted``.
    """
    if not path.is_file():
        raise UserError(f"conceptnet: the file {path} does not exist")
    columns = "{" + ", ".join(f"'{name}': 'VARCHAR'" for name in COLUMNS) + "}"
    term = (
        "substr({0}, 4)"
        if assertions.choice.keep_senses
        else "split_part({0}, '/', 3) || '/' || split_part({0}, '/', 4)"
    )
    wanted = " AND ".join(_in_languages(end, assertions.choice) for end in ("head", "tail"))
    query = f"""
        SELECT {term.format("head")} AS head, substr(relation, 4) AS relation, {term.format("tail")} AS tail,
            CAST(coalesce(said[1], error('no weight')) AS FLOAT) AS weight, said[2] AS license
        FROM (SELECT head, relation, tail, json_extract_string(metadata, ['$.weight', '$.license']) AS said
            FROM ({READ.format(columns=columns)}) WHERE {wanted})
    """  # noqa: S608
    try:
        added = assertions.add(f"read {path.name}", query, [str(path)])
    except duckdb.Error as error:
        _name_the_line(path, assertions.choice)
        raise UserError(f"{path}: {str(error).splitlines()[0]}") from error
    if added == 0:
        _name_the_line(path, assertions.choice)
        _name_the_languages(path, assertions.choice)
    return added


def _in_languages(end: str, choice: Choice) -> str:
    return "(" + " OR ".join(f"starts_with({end}, '/c/{language}/')" for language in choice.languages) + ")"


def _name_the_line(path: Path, choice: Choice) -> None:
    """Find the first line that is wrong; DuckDB, which is fast, does not say which it was."""
    number = 0
    try:
        for number, line in enumerate(_lines(path), start=1):
            if (wrong := _mistake(line, choice)) is not None:
                raise UserError(f"{path}:{number}: {wrong}")
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UserError(f"{path}:{number + 1}: the gzip file is cut short or damaged; load it again") from error
    if number == 0:
        raise UserError(f"{path}: the file is empty; accepted are the assertions of ConceptNet 5")


def _lines(path: Path) -> Iterator[bytes]:
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        yield from file


def _mistake(line: bytes, choice: Choice) -> str | None:
    try:
        cells = line.decode().rstrip("\r\n").split("\t")
    except UnicodeDecodeError as error:
        return f"byte 0x{line[error.start]:02x} is not UTF-8"
    if len(cells) != len(COLUMNS):
        return f"{len(cells)} columns instead of {len(COLUMNS)} ({', '.join(COLUMNS)}), separated by tabs"
    ends = [cell.split("/") for cell in cells[2:4]]
    if any(len(end) < 3 or end[2] not in choice.languages for end in ends):
        return None
    try:
        metadata: Any = json.loads(cells[4])
        float(metadata["weight"])
    except (ValueError, KeyError, TypeError):
        return f"the last column is no JSON object with a weight: {cells[4][:60]}"
    return None


def _name_the_languages(path: Path, choice: Choice) -> None:
    """Refuse languages that the file does not have."""
    found: Counter[str] = Counter()
    for line in _lines(path):
        for cell in line.split(b"\t")[2:4]:
            parts = cell.decode(errors="replace").split("/")
            found[parts[2] if len(parts) > 3 else "?"] += 1
    if missing := [language for language in choice.languages if not found[language]]:
        there = ", ".join(language for language, _ in found.most_common(12))
        raise UserError(f"{path} has no concept in {', '.join(missing)}; its languages are {there}")
