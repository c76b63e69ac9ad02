"""Damaged graph folders: each is one sentence when it is opened."""

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gatbert.errors import UserError
from gatbert.knowledge import KnowledgeGraph
from gatbert.knowledge.graph_files import ARRAYS
from tests.knowledge.damage import edit, give_glosses, put, rewrite


@pytest.mark.parametrize("key", ["relations", "languages", "files", "checksum", "num_edges", "num_concepts", "sources"])
@pytest.mark.parametrize("value", [None, 7, "text", [], [[]], {}, {"names": 3}, 1.5, True, "missing"])
def test_any_wrong_value_of_meta_is_one_sentence(graph: KnowledgeGraph, key: str, value: object) -> None:
    if (key, value) in (("checksum", "text"), ("sources", []), ("num_edges", 7)):
        return  # these are values of the right type
    edit(graph.folder, lambda meta: meta.pop(key) if value == "missing" else meta.update({key: value}))
    with pytest.raises(UserError, match="damaged"):
        KnowledgeGraph(graph.folder)


@pytest.mark.parametrize("text", ["[" * 100_000, "[1, 2]", "7", '"text"', "\ufeff{}", '{"format_version": 1', "\x00"])
def test_a_meta_file_that_is_no_object_is_one_sentence(graph: KnowledgeGraph, text: str) -> None:
    (graph.folder / "meta.json").write_text(text)
    with pytest.raises(UserError, match=r"meta\.json is damaged"):
        KnowledgeGraph(graph.folder)
    (graph.folder / "meta.json").write_bytes(b"\xff\xfe{}")
    with pytest.raises(UserError, match=r"meta\.json is damaged"):
        KnowledgeGraph(graph.folder)


@pytest.mark.parametrize("name", ARRAYS)
@pytest.mark.parametrize(
    "change",
    [
        lambda array: array.astype("<f8"),
        lambda array: array.astype(">i4"),
        lambda array: array.reshape(1, -1),
        lambda array: array[:-1],
        lambda array: np.append(array, array[-1:]),
        lambda array: array.astype(object),
        lambda array: array.astype("S8"),
        lambda array: np.array(3),
    ],
)
def test_any_other_type_or_shape_is_one_sentence(
    graph: KnowledgeGraph, name: str, change: Callable[[np.ndarray[Any, Any]], Any]
) -> None:
    give_glosses(graph, {"energy": "what moves things"})
    rewrite(graph.folder, name, change)
    with pytest.raises(UserError, match=r"damaged|no array of numbers"):
        KnowledgeGraph(graph.folder)


@pytest.mark.parametrize(
    "header",
    [
        b"{'descr': '<i4', 'fortran_order': False, 'shape': (99,), }",
        b"{'descr': '<i4', 'fortran_order': False, 'shape': (-1,), }",
        b"{'descr': '|O', 'fortran_order': False, 'shape': (7,), }",
        b"{'descr': '<i4', 'fortran_order': False, 'shape': ('x',), }",
        b"{'descr': '<i4', 'fortran_order': False, 'shape': (99999999999999,), }",
        b"{'descr': (), 'fortran_order': False, 'shape': (7,), }",
        b"{'descr': '<i4'",
        b"{{{",
        b"'",
        b"7",
        b"\xff\xff",
        b"",
    ],
)
def test_any_damaged_header_is_one_sentence(graph: KnowledgeGraph, header: bytes) -> None:
    path = graph.folder / "neighbours.npy"
    whole = path.read_bytes()
    body = header.ljust(len(whole) - 10, b" ")[: len(whole) - 10]
    path.write_bytes(whole[:8] + np.uint16(118).tobytes() + body)
    with pytest.raises(UserError, match="damaged"):
        KnowledgeGraph(graph.folder)


def test_an_archive_or_a_pickle_is_no_array(graph: KnowledgeGraph) -> None:
    path = graph.folder / "weights.npy"
    for write in (lambda file: np.savez(file, a=np.zeros(3)), lambda file: file.write(b"\x80\x04N.")):
        file = io.BytesIO()
        write(file)
        path.write_bytes(file.getvalue())
        edit(graph.folder, lambda meta: meta["files"].update({path.name: path.stat().st_size}))
        with pytest.raises(UserError, match=r"weights\.npy is damaged"):
            KnowledgeGraph(graph.folder)


@pytest.mark.parametrize("name", ["offsets", "key_offsets"])
@pytest.mark.parametrize("change", [put(0, 1), put(1, -5), put(2, 10**12), put(-1, 0), put(-1, 10**6), put(1, 10**4)])
def test_offsets_that_do_not_ascend_to_the_end_are_refused(
    graph: KnowledgeGraph, name: str, change: Callable[[np.ndarray[Any, Any]], None]
) -> None:
    rewrite(graph.folder, name, change)
    with pytest.raises(UserError, match="its arrays do not fit together"):
        KnowledgeGraph(graph.folder)
