"""ConceptNet: the assertions of the public dump."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar

import duckdb

from gatbert.errors import UserError
from gatbert.files.text import utf8_lines
from gatbert.knowledge.sources.assertions import Assertions, Choice, file_pattern
from gatbert.knowledge.sources.source import Source

COLUMNS = ("uri", "relation", "head", "tail", "metadata")

QUERY = """
    SELECT {head} AS head,
        if(starts_with(relation, '/r/'), substr(relation, 4), error('no relation')) AS relation,
        {tail} AS tail,
        CAST(coalesce(said[1], error('no weight')) AS FLOAT) AS weight, said[2] AS license
    FROM (SELECT head, relation, tail, json_extract_string(metadata, ['$.weight', '$.license']) AS said
        FROM (SELECT * FROM read_csv(?, delim = '\t', quote = '', escape = '', header = false, auto_detect = false,
            null_padding = false, max_line_size = 16777216, compression = '{compression}', columns = {columns}))
        WHERE {wanted})
"""
"""The languages are looked at first, so that JSON, which is dear to read, is read in the wanted lines alone."""

FIRST_LINES = 1000
"""Lines that are looked at before all are read."""


@dataclass(frozen=True)
class ConceptNet(Source):
    """The assertions of a dump whose two ends are in the wanted languages.

    File: ``assertions-5.7.0.csv`` or ``.csv.gz`` (https://github.com/commonsense/conceptnet5/wiki/Downloads), tab
    separated: URI, relation, start, end, JSON with weight, dataset and licence. Licence: CC BY-SA 4.0, each line names
    its own. 34,074,917 lines, about a tenth of them English to English.

    Traps: terms carry part of speech and sense (``/c/en/test/n/wikt/en_1``), folded unless the user keeps them;
    relations may have two parts (``/r/dbpedia/genre``); weights may be below 1.
    """

    kind: ClassVar[str] = "conceptnet"

    def check(self, choice: Choice) -> None:
        """Look at the first lines."""
        if not self.file.is_file():
            raise UserError(f"conceptnet: the file {self.file} does not exist")
        _name_the_line(self.file, choice, islice(utf8_lines(self.file), FIRST_LINES))

    def add(self, assertions: Assertions) -> int:
        """Add the assertions."""
        path, choice = self.file, assertions.choice
        query = _query(choice, "gzip" if path.suffix == ".gz" else "none")
        try:
            added = assertions.add(f"read {path.name}", query, [file_pattern(path)])
        except duckdb.OutOfMemoryException:
            raise
        except duckdb.Error as error:
            _name_the_line(path, choice, utf8_lines(path))
            raise UserError(f"{path}: {str(error).splitlines()[0]}") from error
        if added == 0:  # of a file in another format, no line is in a wanted language
            _name_the_line(path, choice, utf8_lines(path))
            _name_the_languages(path, choice)
        return added


def _query(choice: Choice, compression: str) -> str:
    """Return the SQL of the rows of a dump, whose path is its one parameter."""
    return QUERY.format(
        head=_term("head", choice),
        tail=_term("tail", choice),
        compression=compression,
        columns="{" + ", ".join(f"'{name}': 'VARCHAR'" for name in COLUMNS) + "}",
        wanted=" AND ".join(_in_languages(end, choice) for end in ("head", "tail")),
    )


def _term(end: str, choice: Choice) -> str:
    """Return the SQL of language and term of an end, with its sense if that is kept; an empty term is an error."""
    folded = f"split_part({end}, '/', 3) || '/' || split_part({end}, '/', 4)"
    term = f"substr({end}, 4)" if choice.keep_senses else folded
    return f"if(split_part({end}, '/', 4) <> '', {term}, error('no term'))"


def _in_languages(end: str, choice: Choice) -> str:
    """Return the SQL that tells whether an end is in a wanted language, even where its term is empty."""
    uris = [f"/c/{language}" for language in choice.languages]
    return "(" + " OR ".join(f"starts_with({end}, '{uri}/') OR {end} = '{uri}'" for uri in uris) + ")"


def _name_the_line(path: Path, choice: Choice, lines: Iterable[str]) -> None:
    """Find the first line that is wrong; DuckDB, which is fast, does not say which it was."""
    number = 0
    for number, line in enumerate(lines, start=1):
        if (wrong := _mistake(line, choice)) is not None:
            raise UserError(f"{path}:{number}: {wrong}")
    if number == 0:
        raise UserError(f"{path}: the file is empty; accepted are the assertions of ConceptNet 5")


def _mistake(line: str, choice: Choice) -> str | None:
    """Return what is wrong with a line, and what is accepted; ``None`` if nothing is, or nobody wants it."""
    cells = line.rstrip("\r\n").split("\t")
    if len(cells) != len(COLUMNS):
        return f"{len(cells)} columns instead of {len(COLUMNS)} ({', '.join(COLUMNS)}), separated by tabs"
    if not cells[1].startswith("/r/") or not cells[2].startswith("/c/"):
        return (
            f"column 2 is {cells[1][:60]!r}, column 3 {cells[2][:60]!r}; accepted are /r/RELATION and /c/LANGUAGE/TERM"
        )
    ends = [cell.split("/") for cell in cells[2:4]]
    # A line in other languages is never looked at by the query either: it may be as it likes.
    if any(len(end) < 3 or end[2] not in choice.languages for end in ends):
        return None
    if any(len(end) < 4 or not end[3] for end in ends):
        return f"{cells[2][:60]!r} or {cells[3][:60]!r} has no term; accepted is /c/LANGUAGE/TERM"
    try:
        metadata: Any = json.loads(cells[4])
        float(metadata["weight"])
    except (ValueError, KeyError, TypeError):
        return f"the last column is no JSON object with a weight: {cells[4][:60]}"
    return None


def _name_the_languages(path: Path, choice: Choice) -> None:
    """Refuse languages that the file does not have."""
    found: Counter[str] = Counter()
    for line in utf8_lines(path):
        for cell in line.split("\t")[2:4]:
            parts = cell.split("/")
            found[parts[2] if len(parts) > 3 else "?"] += 1
    if missing := [language for language in choice.languages if not found[language]]:
        there = ", ".join(language for language, _ in found.most_common(12))
        raise UserError(f"{path} has no concept in {', '.join(missing)}; its languages are {there}")
