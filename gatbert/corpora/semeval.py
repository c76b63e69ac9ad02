"""SemEval-2016 Task 6: stance in tweets."""

import codecs
from collections.abc import Iterator
from pathlib import Path

from gatbert.corpora.corpus_format import CorpusFormat
from gatbert.corpora.rows import Row, unquoted_rows
from gatbert.samples.stances import AGAINST, FAVOR, NEUTRAL

MARKER = "#semst"


def _junk_byte(error: UnicodeError) -> tuple[str, int]:
    """Read the five bytes that Windows-1252 leaves undefined as Latin-1: two training tweets hold some."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error("cp1252_junk", _junk_byte)


def _rows(path: Path, delimiter: str = "\t", encoding: str = "cp1252") -> Iterator[Row]:
    errors = "cp1252_junk" if encoding == "cp1252" else "strict"
    return unquoted_rows(path, delimiter, encoding, errors)


def without_marker(text: str) -> str:
    """Cut off the tag by which the organisers collected the tweets."""
    # By index, from behind, as there may be many of them: to cut and search again would take quadratic time.
    end = len(text)
    while True:
        while end and text[end - 1].isspace():
            end -= 1
        if text[max(end - len(MARKER), 0) : end].lower() != MARKER:
            return text[:end].strip()
        end -= len(MARKER)


SEMEVAL = CorpusFormat(
    rows=_rows,
    columns={
        "id": "ID",
        "text": "Tweet",
        "target": "Target",
        "stance": "Stance",
        "opinion_towards": "Opinion towards",
        "sentiment": "Sentiment",
    },
    labels={"FAVOR": FAVOR, "AGAINST": AGAINST, "NONE": NEUTRAL, "UNKNOWN": None},
    optional=frozenset({"opinion_towards", "sentiment"}),
    clean_text=without_marker,
)
"""Mohammad et al. 2016, "SemEval-2016 Task 6: Detecting Stance in Tweets", https://aclanthology.org/S16-1003.

Files: ``*-all-annotations.txt`` (six columns) and the task release (four columns, test stance UNKNOWN: no gold).
Licence: none stated (tweets). Rows: training 2,814 and trial 100, together the published 2,914; test A 1,249 (the same
five targets); test B 707 (Donald Trump, no training data).

Traps: Windows-1252, tab separated, no quoting; two training tweets hold junk bytes; tweets end in ``#SemST``.
"""
