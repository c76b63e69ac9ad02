"""What a graph corpus says about itself: all that is needed to tag raw text in the same way later."""

import base64
import binascii
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np

from gatbert.corpora.known_names import KnownNames
from gatbert.corpora.tagging_settings import TaggingSettings
from gatbert.errors import UserError
from gatbert.files.records import from_plain, to_plain
from gatbert.samples.relations import Relations
from gatbert.samples.stances import STANCES

FORMAT_VERSION = 3

CONCEPTS = ("allowed", "kept")
"""Fields that are ids of concepts, and are packed."""

LATER = {"kept": None, "split": ""}
"""What records of this format that were written earlier lack."""

MOST_CONCEPTS = 1 << 24
"""Concepts that are unpacked at most."""


@dataclass(frozen=True)
class GraphCorpusInfo:
    """Hold how a graph corpus was read and tagged.

    Attributes:
        relations: Relations of its edges.
        graph_checksum: Checksum of the graph with which it was tagged.
        graph: Where that graph was, as it was written.
        settings: How samples got their subgraphs.
        similarity: Encoder that judged whether a concept has to do with a sample, or ``None``.
        allowed: Concepts that could be linked, ascending; ``None`` for all, none where train will tell them yet.
        kept: Concepts that graphs could have, ascending, or ``None`` for all: those that training graphs have.
        known_names: What the corpus tells of names; other corpora tell other things.
        stances: Label set with which the corpus was read.
        corpus_type: Format of its files.
        columns: Column of each field, as given.
        labels: Stance of each label, as given.
        checksums: SHA-256 over the files of each split.
        split: Which split of the corpus the file holds; empty where that is not known.
    """

    relations: Relations
    graph_checksum: str
    graph: str = field(compare=False)
    settings: TaggingSettings = field(default_factory=TaggingSettings)
    similarity: str | None = None
    allowed: tuple[int, ...] | None = None
    kept: tuple[int, ...] | None = None
    known_names: KnownNames = field(default_factory=KnownNames, compare=False)
    stances: tuple[str, ...] = STANCES
    corpus_type: str = "csv"
    columns: Mapping[str, str | None] | None = None
    labels: Mapping[str, str | None] | None = None
    checksums: Mapping[str, str] = field(default_factory=dict)
    split: str = field(default="", compare=False)

    @property
    def vocabulary(self) -> Literal["train", "all"]:
        """Whether graphs could have all concepts, or only those that training samples mention and their graphs have."""
        return "all" if self.allowed is None else "train"

    def to_plain(self) -> dict[str, Any]:
        """Return the record as plain values; allowed concepts, and names, become strings."""
        packed = {name: None if (ids := getattr(self, name)) is None else _packed(ids) for name in CONCEPTS}
        rest = to_plain(replace(self, allowed=None, kept=None, known_names=KnownNames()))
        return {"format_version": FORMAT_VERSION, **rest, **packed, "known_names": self.known_names.to_plain()}

    @classmethod
    def from_plain(cls, values: Any, where: str = "the record of a graph corpus") -> "GraphCorpusInfo":
        """Return the record that ``to_plain`` described.

        Args:
            values: What ``to_plain`` returned, maybe out of a file.
            where: What the values are, for messages.

        Raises:
            UserError: If they are of another format version, or a value is missing or no such value.
        """
        rest = {**LATER, **values} if isinstance(values, dict) else {}
        if (version := rest.pop("format_version", None)) != FORMAT_VERSION:
            raise UserError(
                f"{where} has graph corpus format {version}; this gatbert reads {FORMAT_VERSION}; tag the corpus again"
            )
        for name in CONCEPTS:
            if rest.get(name) is not None:
                rest[name] = _unpacked(rest[name], name, where)
        if "known_names" in rest:
            rest["known_names"] = to_plain(KnownNames.from_plain(rest["known_names"], where))
        return from_plain(cls, rest, where)

    def tagging_difference(self, other: "GraphCorpusInfo") -> str | None:
        """Return what makes another corpus tagged otherwise, as ``NAME THIS and THAT``, or ``None`` if nothing does."""
        if self.graph_checksum != other.graph_checksum:
            return f"graph {self.graph_name()} and {other.graph_name()}"
        if self.allowed and other.allowed:  # both are known
            for name in CONCEPTS:
                if (one := getattr(self, name)) != (two := getattr(other, name)):
                    return f"vocabulary train with {len(one or ())} and {len(two or ())} concepts"
        ours, others = (_flat(info) for info in (self, other))
        return next((f"{name} {ours[name]} and {others[name]}" for name in ours if ours[name] != others[name]), None)

    def difference(self, other: "GraphCorpusInfo") -> str | None:
        """Return what makes another corpus no part of the same, or ``None`` if nothing does."""
        if (found := self.tagging_difference(other)) is not None:
            return found
        for name in ("stances", "corpus_type", "columns", "labels"):
            if (ours := getattr(self, name)) != (others := getattr(other, name)):
                return f"{name} {ours} and {others}"
        both = self.checksums.keys() & other.checksums.keys()
        return next((f"other {split} files" for split in both if self.checksums[split] != other.checksums[split]), None)

    def graph_name(self) -> str:
        """Return checksum and folder of the graph, for messages."""
        return f"{self.graph_checksum[:12]} ({self.graph})"


def _flat(info: GraphCorpusInfo) -> dict[str, Any]:
    """Return what decides how a sample is tagged, beside the graph, by the names that ``gatbert tag`` has for it."""
    settings = to_plain(info.settings)
    linking = {f"linking.{name}": value for name, value in settings.pop("linking").items()}
    return {**linking, **settings, "similarity": info.similarity, "vocabulary": info.vocabulary}


def _packed(ids: tuple[int, ...]) -> str:
    """Return ascending ids as one string: the compressed differences from one to the next."""
    steps = np.diff(np.asarray(ids, np.int64), prepend=0).astype("<i4")
    return base64.b64encode(zlib.compress(steps.tobytes(), 9)).decode()


def _unpacked(packed: Any, name: str, where: str) -> list[int]:
    """Return the concept ids that a string packs as steps from each to the next; errors as in ``from_plain``."""
    reader = zlib.decompressobj()
    try:
        steps = np.frombuffer(reader.decompress(base64.b64decode(packed, validate=True), 4 * MOST_CONCEPTS), "<i4")
    except (binascii.Error, zlib.error, ValueError, TypeError) as error:
        raise UserError(f"{where} is damaged: {name} is no list of concepts ({error})") from error
    if not reader.eof:
        raise UserError(f"{where} is damaged: {name} is no list of concepts, or too long")
    if (steps[1:] <= 0).any() or (steps[:1] < 0).any():
        raise UserError(f"{where} is damaged: {name} is no ascending list of concepts")
    ids: list[int] = np.cumsum(steps, dtype=np.int64).tolist()
    return ids
