"""The files of a knowledge graph: what each holds, and what the graph says about itself."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from gatbert.errors import UserError
from gatbert.files.checksums import sha256_of_files
from gatbert.files.records import from_plain
from gatbert.knowledge.arrays import open_array
from gatbert.samples.relations import Relations

FORMAT_VERSION = 2
"""Version of the layout of a graph folder; another one is refused."""

META = "meta.json"
ARRAYS: Mapping[str, str] = MappingProxyType(
    {
        "key_bytes": "u1",
        "key_offsets": "<i8",
        "gloss_bytes": "u1",
        "gloss_offsets": "<i8",
        "hashes": "<u8",
        "hash_ids": "<i4",
        "spellings": "u1",
        "offsets": "<i8",
        "neighbours": "<i4",
        "relations": "<i2",
        "weights": "<f4",
    }
)
"""Type of each array of a graph, by name.

``key_bytes`` holds the keys of all concepts one after another (``en/climate_change``), and ``key_offsets`` where each
begins; ``gloss_bytes`` and ``gloss_offsets`` hold what each says, nothing for many. ``hashes`` are those of all
phrases, ascending, and ``hash_ids`` the concept of each. ``spellings`` say how the sources write each concept
(``AS_NAME``, ``IN_LOWER_CASE``, or both). ``neighbours``,
``relations`` and ``weights`` are the edges at every concept, in both directions, and ``offsets`` where those of each
concept begin.
"""


AS_NAME, IN_LOWER_CASE = 1, 2
"""Bits of a spelling: as ``Joe Biden``, as ``climate change``; ``Black`` and ``black`` are both, 0 is not known."""


@dataclass(frozen=True)
class GraphMeta:
    """Hold what a graph says about itself, in ``meta.json``.

    Attributes:
        format_version: Version of the layout.
        gatbert: Version of gatbert that built it.
        languages: Languages of its concepts; the first is that of phrases without one.
        sources: Kind, name, size, checksum and number of assertions of each source.
        licenses: How many assertions each licence covers.
        choice: Which assertions were wanted.
        num_concepts: Number of concepts.
        num_edges: Number of edges, each counted in one direction.
        num_edges_by_relation: The same for each relation.
        relations: Relation vocabulary.
        files: Size of each array's file.
        checksum: SHA-256 over all arrays.
    """

    format_version: int
    gatbert: str
    languages: tuple[str, ...]
    sources: tuple[Mapping[str, Any], ...]
    licenses: Mapping[str, int]
    choice: Mapping[str, Any]
    num_concepts: int
    num_edges: int
    num_edges_by_relation: Mapping[str, int]
    relations: Relations
    files: Mapping[str, int]
    checksum: str


def graph_checksum(folder: Path) -> str:
    """Return the SHA-256 over all arrays of a graph, read from the disk."""
    return sha256_of_files(folder / f"{name}.npy" for name in ARRAYS)


def read_meta(folder: Path) -> GraphMeta:
    """Read ``meta.json``; errors as in ``KnowledgeGraph``."""
    path = folder / META
    if not path.is_file():
        raise UserError(f"{folder} is no knowledge graph: {META} is missing; make one with gatbert build_graph")
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError, OSError) as error:
        raise UserError(f"{path} is damaged; build the graph again") from error
    if isinstance(values, dict) and (version := values.get("format_version")) != FORMAT_VERSION:
        raise UserError(f"{folder} has graph format {version}; this gatbert reads {FORMAT_VERSION}; build it again")
    return from_plain(GraphMeta, values, str(path))


def open_graph_array(folder: Path, name: str, meta: GraphMeta) -> npt.NDArray[Any]:
    """Open one array by memory map, if its size and type are right; errors as in ``KnowledgeGraph``."""
    path, kind = folder / f"{name}.npy", np.dtype(ARRAYS[name])
    if not path.is_file():
        raise UserError(f"the graph file {path} is missing; build the graph again")
    if (size := path.stat().st_size) != meta.files.get(path.name):
        raise UserError(
            f"the graph file {path} is damaged: {size} bytes instead of {meta.files.get(path.name)}; "
            "build the graph again"
        )
    array = open_array(path)
    if array.dtype != kind:
        raise UserError(f"the graph file {path} is damaged: {array.dtype} instead of {kind}; build it again")
    return array.view(np.ndarray)  # the subclass memmap makes every small slice several times as dear
