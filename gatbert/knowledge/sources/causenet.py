"""CauseNet: what causes what, as sentences of the web claim it."""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar

from gatbert.errors import UserError
from gatbert.files.text import utf8_lines
from gatbert.knowledge.sources.assertions import Assertions, Choice
from gatbert.knowledge.sources.rows import ENGLISH, Row, add_rows, concept_key
from gatbert.knowledge.sources.source import Source

EXAMPLE = '{"causal_relation": {"cause": {"concept": "smoking"}, "effect": {"concept": "cancer"}}}'
LICENSE = "CC BY 4.0"

FIRST_LINES = 100
"""Lines that are looked at before all are read."""


@dataclass(frozen=True)
class CauseNet(Source):
    """The causal relations of a file, each as ``Causes``.

    File: ``causenet-precision.jsonl.bz2`` or ``causenet-full.jsonl.bz2`` (https://causenet.org; Heindorf et al. 2020,
    https://doi.org/10.1145/3340531.3412763), unpacked or not: a JSON object per line, with cause and effect in
    ``causal_relation``, and in ``sources`` each sentence, list or infobox that says so. Licence: CC BY 4.0.
    CauseNet-Precision has 199,806 relations of 80,223 concepts, CauseNet-Full 11,609,890 of 12,186,195.

    The weight is the support: the number under ``support``, or that of the sources, or 1 where neither is given.

    Traps: words of a concept are joined by underscores, and some hold NUL characters, which are left out; what a page
    claims is not so for that (``vaccines`` cause ``autism``), and a low support says little.
    """

    kind: ClassVar[str] = "causenet"
    is_english: ClassVar[bool] = True

    def check(self, choice: Choice) -> None:
        """Look at the first lines."""
        if not self.file.is_file():
            raise UserError(f"causenet: the file {self.file} does not exist")
        for _ in islice(_rows(self.file), FIRST_LINES):
            pass

    def add(self, assertions: Assertions) -> int:
        """Add the causal relation of each line."""
        return add_rows(assertions, f"read {self.file.name}", _rows(self.file))


def _rows(path: Path) -> Iterator[Row]:
    """Yield an assertion for each line."""
    number = 0
    for number, line in enumerate(utf8_lines(path), start=1):
        if line.strip():
            yield _row(f"{path}:{number}", line)
    if number == 0:
        raise UserError(f"{path}: the file is empty; accepted is a line for each causal relation, such as {EXAMPLE}")


def _row(where: str, line: str) -> Row:
    """Return the assertion in a line."""
    try:
        relation: Any = json.loads(line)
        cause, effect = (relation["causal_relation"][end]["concept"].replace("\0", "") for end in ("cause", "effect"))
        support = float(relation.get("support") or len(relation.get("sources", ())) or 1)
        if not math.isfinite(support):
            raise ValueError("the support is no number")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UserError(f"{where}: no causal relation of CauseNet; accepted is a line such as {EXAMPLE}") from error
    head, tail = (
        concept_key(f"{where}: the {end}", phrase.replace("_", " "), ENGLISH)
        for end, phrase in (("cause", cause), ("effect", effect))
    )
    return Row(head, "Causes", tail, support, LICENSE)
