"""Verification finds whatever is wrong in a graph, and passes a whole one."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gatbert.errors import UserError
from gatbert.knowledge import KnowledgeGraph
from gatbert.knowledge.graph_files import ARRAYS
from gatbert.knowledge.verification import verify_graph
from tests.knowledge.damage import edit, put, rewrite, use
from tests.knowledge.dump import graph_of


def test_a_whole_graph_is_verified(graph: KnowledgeGraph, tmp_path: Path) -> None:
    verify_graph(graph)
    use(graph)
    loops = tmp_path / "other"
    loops.mkdir()
    verify_graph(graph_of(loops, [("a", "RelatedTo", "b"), ("b", "RelatedTo", "a", 3.0), ("a", "IsA", "b")]))


def test_one_flipped_bit_anywhere_is_found(graph: KnowledgeGraph, tmp_path: Path) -> None:
    for name in ARRAYS:
        copy = tmp_path / name
        shutil.copytree(graph.folder, copy)
        path = copy / f"{name}.npy"
        content = bytearray(path.read_bytes())
        content[-1] ^= 1
        path.write_bytes(content)
        with pytest.raises(UserError, match="damaged"):
            verify_graph(KnowledgeGraph(copy))
    edit(graph.folder, lambda meta: meta.update(checksum="0" * 64))
    with pytest.raises(UserError, match=rf"is {graph.checksum[:12]}, and meta.json says 000000000000; build it again"):
        verify_graph(KnowledgeGraph(graph.folder))


def swap(array: np.ndarray[Any, Any]) -> None:
    array[[0, 1]] = array[[1, 0]]


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("hash_ids", put(0, 5), "a phrase has no concept"),
        ("hash_ids", put(0, -1), "a phrase has no concept"),
        ("hashes", swap, "phrases are not in order"),
        ("neighbours", put(0, 99), "an edge leads to no concept"),
        ("neighbours", put(0, -1), "an edge leads to no concept"),
        ("relations", put(0, 2), "an edge has no relation"),
        ("relations", put(0, 30_000), "an edge has no relation"),
        ("weights", put(0, np.nan), "an edge has no weight"),
        ("weights", put(0, 77), "an edge has no reverse"),
        ("relations", put(0, 5), "an edge has no reverse|not in order"),
        ("neighbours", put(-1, 0), "an edge has no reverse|not in order"),
        ("key_bytes", put(2, ord("x")), "a concept has no language"),
        ("key_bytes", put(4, 0xFF), "no UTF-8"),
    ],
)
def test_a_graph_with_a_right_checksum_and_wrong_ids_is_found(
    graph: KnowledgeGraph, name: str, change: Callable[[np.ndarray[Any, Any]], None], words: str
) -> None:
    rewrite(graph.folder, name, change, checksum=True)
    with pytest.raises(UserError, match=words):
        verify_graph(KnowledgeGraph(graph.folder))
