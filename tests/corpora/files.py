"""One tiny file of every format, with the same three posts, and the means to spoil it."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from gatbert.corpora import read_corpus
from gatbert.errors import UserError

Rows = list[dict[str, str]]
HEADER = "text,target,stance\n"


@dataclass(frozen=True)
class Format:
    """How a test writes a file of a corpus format.

    Attributes:
        columns: Column of id, target, text and stance in its files.
        labels: Label of against, favor and neutral.
        encoding: Encoding of its files.
        dump: Turns rows into the text of a file.
    """

    columns: dict[str, str]
    labels: dict[str, str]
    encoding: str
    dump: Callable[[Rows], str]

    def row(self, target: str, text: str, stance: str, name: str) -> dict[str, str]:
        """Return one row in the columns and labels of this format."""
        values = {"id": name, "target": target, "text": text, "stance": self.labels[stance]}
        return {column: values[field] for field, column in self.columns.items()}

    def write(self, path: Path, rows: Rows) -> Path:
        """Write a file of this format."""
        path.write_bytes(self.dump(rows).encode(self.encoding))
        return path


def quoted(delimiter: str) -> Callable[[Rows], str]:
    def dump(rows: Rows) -> str:
        text = io.StringIO()
        writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        return text.getvalue()

    return dump


def unquoted(rows: Rows) -> str:
    lines = [list(rows[0]), *(list(row.values()) for row in rows)]
    return "".join("\t".join(cells) + "\r\n" for cells in lines)


def json_lines(rows: Rows) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


OWN = {"id": "id", "target": "target", "text": "text", "stance": "stance"}
OWN_LABELS = {"against": "Con", "favor": "favour", "neutral": "none"}
TWEETS = {"against": "AGAINST", "favor": "FAVOR", "neutral": "NONE"}

FORMATS = {
    "semeval": Format(
        {"id": "ID", "target": "Target", "text": "Tweet", "stance": "Stance"}, TWEETS, "cp1252", unquoted
    ),
    "vast": Format(
        {"id": "new_id", "target": "topic_str", "text": "post", "stance": "label"},
        {"against": "0", "favor": "1", "neutral": "2"},
        "utf-8",
        quoted(","),
    ),
    "ezstance": Format({"target": "Target 1", "text": "Text", "stance": "Stance 1"}, TWEETS, "utf-8", quoted(",")),
    "csv": Format(OWN, OWN_LABELS, "utf-8", quoted(",")),
    "tsv": Format(OWN, OWN_LABELS, "utf-8", quoted("\t")),
    "jsonl": Format(OWN, OWN_LABELS, "utf-8", json_lines),
}


def posts(corpus: Format) -> Rows:
    """Return three posts, with quotation marks and letters beyond ASCII."""
    return [
        corpus.row("wind power", 'They say "free" \u2013 it is not', "against", "p1"),
        corpus.row("homework", "Après l\u2019école, it helps", "favor", "p2"),
        corpus.row("wind power", "What does a turbine weigh?", "neutral", "p3"),
    ]


def refused(path: Path, content: str | bytes, corpus_type: str = "csv", **options: Any) -> str:
    """Write a file that must be refused in one short sentence, and return the sentence."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(UserError) as error:
        list(read_corpus(path, corpus_type, **options))
    message = str(error.value)
    assert message.startswith(f"{path}")
    assert "\n" not in message
    assert len(message) < 2000
    return message
