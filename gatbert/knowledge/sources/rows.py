"""Rows of assertions as sources yield them in Python, and the one way from a phrase to its concept."""

import math
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import NamedTuple

import pyarrow as pa

from gatbert.errors import UserError
from gatbert.knowledge.sources.assertions import Assertions
from gatbert.samples.phrases import fold


class Row(NamedTuple):
    """Hold an assertion.

    Attributes:
        head: The concept that it is about, such as ``en/climate_change``.
        relation: How it is related.
        tail: To which concept.
        weight: How much the assertion weighs.
        license: Its licence, if the source names one.
        spelled: Concepts, each with the phrase as the source writes it, where that minds case.
    """

    head: str
    relation: str
    tail: str
    weight: float
    license: str | None = None
    spelled: tuple[tuple[str, str], ...] = ()


BATCH = 200_000
"""Rows that are held in memory at once."""

ENGLISH = "en"
"""Language of the sources that have no other and do not say so."""


def add_rows(assertions: Assertions, what: str, rows: Iterable[Row], minds_case: bool = False) -> int:
    """Add the wanted ones of any number of rows, and how these are spelled.

    Args:
        assertions: Where they come.
        what: What is being done, for the progress.
        rows: The rows, which are not held in memory.
        minds_case: Whether a phrase in lower case is no name; if not, it tells nothing, as many files have no capitals.

    Returns:
        How many assertions were added.
    """
    rows, added = iter(rows), 0
    for batch in iter(lambda: list(islice(rows, BATCH)), []):
        added += assertions.add_table(what, _table(batch))
        ends = (end for row in batch for end in row.spelled if minds_case or end[1] != end[1].lower())
        if written := list(dict.fromkeys(ends)):
            keys, phrases = zip(*written, strict=True)
            assertions.add_spelled_table(what, pa.table({"key": keys, "phrase": phrases}))
    return added


def concept_key(what: str, phrase: str, language: str, keep_senses: bool = False) -> str:
    """Return the concept of a phrase, or of a ConceptNet URI.

    Args:
        what: What the phrase is and where it stands, for the message.
        phrase: A phrase, or ``/c/LANGUAGE/TERM``, which may go on with a sense.
        language: Language of phrases.
        keep_senses: Whether the senses of URIs are kept.

    Raises:
        UserError: If it names no concept.
    """
    if phrase.startswith("/c/"):
        language, _, rest = phrase.removeprefix("/c/").partition("/")
        parts = [language, *(_term(part) for part in rest.split("/"))]
    else:
        parts = [language, _term(phrase.lower().replace("/", " "))]
    if not parts[0] or not fold(parts[1]):
        raise UserError(f"{what} {phrase!r} names no concept; accepted are phrases, or /c/LANGUAGE/TERM")
    return "/".join(parts if keep_senses else parts[:2])


def _term(phrase: str) -> str:
    return "_".join(phrase.split())


def _table(rows: Sequence[Row]) -> pa.Table:
    heads, relations, tails, weights, licenses, _ = zip(*rows, strict=True)
    return pa.table(
        {
            "head": heads,
            "relation": relations,
            "tail": tails,
            "weight": pa.array(weights, pa.float32()),
            "license": pa.array(licenses, pa.string()),
        }
    )


def weight_of(where: str, text: str) -> float:
    """Return a weight as a file has it.

    Raises:
        UserError: If it is no finite number.
    """
    try:
        weight = float(text)
    except ValueError:
        weight = math.nan
    if not math.isfinite(weight):
        raise UserError(f"{where}: the weight {text!r} is no number")
    return weight
