"""Whether a knowledge graph is whole: what is too much to check each time it is opened."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from gatbert.errors import UserError
from gatbert.knowledge.graph import KnowledgeGraph
from gatbert.knowledge.graph_files import graph_checksum
from gatbert.samples.relations import FIRST_RELATION

EDGES = 1 << 20
"""Edges that are looked at together."""

Hashes = npt.NDArray[np.uint64]


def verify_graph(graph: KnowledgeGraph) -> None:
    """Compare a graph with its checksum, and check all of its ids.

    Args:
        graph: The graph, opened, so that sizes, headers and offsets are right.

    Raises:
        UserError: If the checksum differs; or a name, concept, relation or weight is none; or edges are not in order,
            or not there in both directions.
    """
    found = graph_checksum(graph.folder)
    if found != graph.checksum:
        raise UserError(
            f"the graph {graph.folder} is damaged: the checksum over its arrays is {found[:12]}, and meta.json says "
            f"{graph.checksum[:12]}; build it again"
        )
    for what, holds in _checks(graph):
        if not holds:
            raise UserError(f"the graph {graph.folder} is damaged: {what}; build it again")


def _checks(graph: KnowledgeGraph) -> Iterator[tuple[str, bool]]:
    """Yield what would be wrong with a graph, and whether it is right."""
    arrays = graph.arrays
    # (concepts,): where each name begins and ends, and the next slash from there, or the end of all
    starts, ends = arrays["key_offsets"][:-1], arrays["key_offsets"][1:]
    slashes = np.flatnonzero(arrays["key_bytes"] == ord("/"))
    next_slash = np.append(slashes, len(arrays["key_bytes"]))[np.searchsorted(slashes, starts)]
    yield "a concept has no language", bool((next_slash < ends).all())
    yield "the name of a concept is no UTF-8", _is_text(arrays["key_bytes"], starts)
    yield "the gloss of a concept is no UTF-8", _is_text(arrays["gloss_bytes"], arrays["gloss_offsets"][:-1])
    yield "a phrase has no concept", _within(arrays["hash_ids"], 0, len(graph))
    yield "phrases are not in order", bool((arrays["hashes"][1:] > arrays["hashes"][:-1]).all())
    yield "a concept has no spelling", _within(arrays["spellings"], 0, 4)
    yield "an edge leads to no concept", _within(arrays["neighbours"], 0, len(graph))
    yield "an edge has no relation", _within(arrays["relations"], FIRST_RELATION, len(graph.relations))
    yield "an edge has no weight", bool(np.isfinite(arrays["weights"]).all())
    yield from _edge_checks(graph)


def _edge_checks(graph: KnowledgeGraph) -> Iterator[tuple[str, bool]]:
    """Check order and reverses of all edges, some at a time: sets of edges are compared by the sum of their hashes."""
    reverse = graph.relations.reverse_ids()
    there = back = 0
    ordered, last = True, (-1, -1, -1)  # before the first edge, lower than all
    for start in range(0, len(graph.arrays["neighbours"]), EDGES):
        part = slice(start, start + EDGES)
        tails, relations, weights = (graph.arrays[name][part] for name in ("neighbours", "relations", "weights"))
        # (edges,): the row of each, which is the last that begins at its position or before
        heads = np.searchsorted(graph.offsets, np.arange(start, start + len(tails)), side="right") - 1
        there += int(_hashes(heads, tails, relations, weights).sum())
        back += int(_hashes(tails, heads, reverse[relations], weights).sum())
        # (3, edges), and the same one edge earlier
        rows = np.stack([heads, tails, relations]).astype(np.int64)
        before = np.concatenate([np.array(last).reshape(3, 1), rows[:, :-1]], axis=1)
        # (edges,): heads, then tails, then relations ascend
        higher = rows > before
        equal = rows == before
        ordered &= bool((higher[0] | (equal[0] & (higher[1] | (equal[1] & higher[2])))).all())
        last = tuple(rows[:, -1].tolist())
    yield "edges are not in order, or stand there twice", ordered
    yield "an edge has no reverse", (there - back) % 2**64 == 0


def _hashes(*columns: npt.NDArray[np.generic]) -> Hashes:
    """Return a hash of each row of some columns (splitmix64, Steele et al. 2014)."""
    hashes = np.zeros(len(columns[0]), np.uint64)
    for column in columns:
        bits = column.view(np.uint32) if column.dtype.kind == "f" else column
        hashes += bits.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
        hashes = (hashes ^ (hashes >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        hashes = (hashes ^ (hashes >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        hashes ^= hashes >> np.uint64(31)
    return hashes


def _is_text(letters: npt.NDArray[np.uint8], starts: npt.NDArray[np.int64]) -> bool:
    try:
        letters.tobytes().decode()
    except UnicodeDecodeError:
        return False
    first = letters[starts[starts < len(letters)]]
    return not ((first & 0xC0) == 0x80).any()  # no name begins within a character


def _within(ids: npt.NDArray[np.integer[npt.NBitBase]], least: int, end: int) -> bool:
    return not len(ids) or bool(ids.min() >= least and ids.max() < end)
