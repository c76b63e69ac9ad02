"""Edge files of KGTK, such as that of CSKG: ids with their labels beside them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import ClassVar

from gatbert.errors import UserError
from gatbert.files.text import utf8_lines
from gatbert.knowledge.sources.assertions import Assertions, Choice
from gatbert.knowledge.sources.rows import ENGLISH, Row, add_rows, concept_key, weight_of
from gatbert.knowledge.sources.source import Source

NAMES_OF = {
    "node1": ("node1", "from", "subject"),
    "relation": ("relation", "label", "predicate", "property", "relationship"),
    "node2": ("node2", "to", "object"),
}
"""What KGTK calls the columns of an edge; the first is that of CSKG."""

EXAMPLE = "node1, relation, node2, node1;label, node2;label, separated by tabs"

DIVIDER = re.compile(r"(?<!\\)\|")
"""Between the values of a cell; one that belongs to a value has a backslash before it."""

TEXT = re.compile(r"""'(.*)'@[\w-]+|"(.*)\"""")
"""Texts may be quoted, and say their language."""

ITEM = re.compile(r"[QP]\d+")
"""An id of Wikidata, which says nothing by itself."""

SENSE = re.compile(r"\.[a-z]\.\d+$")
"""What follows the lemma in the id of a synset, as in ``wn:shoe.n.01``."""

FIRST_LINES = 1000
"""Lines that are looked at before all are read."""


@dataclass(frozen=True)
class KGTK(Source):
    """The edges of a file whose two ends are in the wanted languages.

    File: a TSV with a header, gzipped or not, of which the columns ``node1``, ``relation``, ``node2`` and, if they are
    there, ``node1;label``, ``node2;label`` and ``weight`` are read (https://kgtk.readthedocs.io/en/latest/specification);
    in any order, among any others. ``cskg.tsv.gz`` (https://cskg.readthedocs.io; Ilievski et al. 2021,
    https://doi.org/10.1007/978-3-030-77385-4_41) has 6,001,531 edges of 2,160,968 nodes. Licence: CC BY-SA 4.0.

    A node is the concept that its id names if that is ConceptNet's (``/c/en/piano_keyboard/n/wn/artifact``), so that it
    is the same as in ConceptNet; else that of its first label, and without a label what its id says
    (``fn:fe:use``, ``wn:shoe.n.01``). Its other labels are each a ``Synonym`` of it.

    Traps: the labels are those of all nodes that were merged into one, in the order of the alphabet: for
    ``piano_keyboard`` they begin with ``clavier``, so the first is not always the usual one; and a label may be a
    concept of its own (``piano`` is one of ``clavier``), for which reason it is no ``FormOf``, which would put one in
    the place of the other. Ids of Wikidata say nothing without a label, and their edges are left out.
    """

    kind: ClassVar[str] = "kgtk"

    def check(self, choice: Choice) -> None:
        """Look at the first lines."""
        if not self.file.is_file():
            raise UserError(f"kgtk: the file {self.file} does not exist")
        for _ in islice(_rows(self.file, choice), FIRST_LINES):
            pass

    def add(self, assertions: Assertions) -> int:
        """Add the edges, and the further labels of their nodes."""
        return add_rows(assertions, f"read {self.file.name}", _rows(self.file, assertions.choice))


def _rows(path: Path, choice: Choice) -> Iterator[Row]:
    """Yield an assertion for each edge, and one for each further label of its nodes."""
    lines = utf8_lines(path)
    header = next(lines, "").rstrip("\r\n").split("\t")
    columns = _columns(path, header)
    number = 1
    for number, line in enumerate(lines, start=2):
        cells = line.rstrip("\r\n").split("\t")
        if cells == [""]:
            continue
        if len(cells) != len(header):
            raise UserError(f"{path}:{number}: {len(cells)} columns instead of {len(header)}, as the header has")
        yield from _edge(f"{path}:{number}", {name: cells[at] for name, at in columns.items()}, choice)
    if number == 1:
        raise UserError(f"{path}: the file has no edges below its header")


def _columns(path: Path, header: Sequence[str]) -> Mapping[str, int]:
    """Return where the columns stand that are read; a header without an edge is refused."""
    found = {name: header.index(name) for name in ("node1;label", "node2;label", "weight") if name in header}
    for name, others in NAMES_OF.items():
        at = next((header.index(other) for other in others if other in header), None)
        if at is None:
            raise UserError(f"{path}:1: no column {name} in the header; accepted is an edge file of KGTK: {EXAMPLE}")
        found[name] = at
    return found


def _edge(where: str, values: Mapping[str, str], choice: Choice) -> Iterator[Row]:
    """Yield the assertions of a line; none if an end says nothing, or is in another language."""
    for name in NAMES_OF:
        if not values[name]:
            raise UserError(f"{where}: {name} is empty; fill it in or remove the line")
    weight = weight_of(where, values.get("weight") or "1")
    ends = [_names(values[name], values.get(f"{name};label", "")) for name in ("node1", "node2")]
    if not all(ends):
        return
    keys = [
        [concept_key(f"{where}: the label", phrase, ENGLISH, choice.keep_senses) for phrase in phrases]
        for phrases in ends
    ]
    if any(key.partition("/")[0] not in choice.languages for names in keys for key in names):
        return
    # Of at:xAttr, fn:HasLexicalUnit and /r/IsA, what follows the source
    relation = values["relation"].removeprefix("/r/").rpartition(":")[2]
    yield Row(keys[0][0], relation or values["relation"], keys[1][0], weight)
    for concept, *others in keys:
        yield from (Row(other, "Synonym", concept, weight) for other in others if other != concept)


def _names(node: str, cell: str) -> list[str]:
    """Return what a node is called, the concept first; nothing if only an id of Wikidata is known."""
    labels = [label for value in DIVIDER.split(cell) if (label := _text(value))]
    if node.startswith("/c/"):
        return [node, *labels]
    if labels or ITEM.fullmatch(node):
        return labels
    return [SENSE.sub("", node.rpartition(":")[2]).replace("_", " ") or node]


def _text(value: str) -> str:
    """Return a value without its quotation marks and language."""
    match = TEXT.fullmatch(value)
    text = value if match is None else match[1] or match[2] or ""
    return text.replace("\\|", "|").replace("_", " ").strip()
