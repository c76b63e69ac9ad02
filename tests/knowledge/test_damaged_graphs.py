"""Damaged graph folders: each is one sentence, on opening, on use, or on verification."""

import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gatbert.errors import UserError
from gatbert.knowledge import KnowledgeGraph
from gatbert.knowledge.graph_files import ARRAYS, graph_checksum
from gatbert.knowledge.verification import verify_graph
from tests.knowledge.dump import graph_of

TRIPLES = [
    ("wind power", "IsA", "energy", 2.0),
    ("wind power", "RelatedTo", "turbine", 1.0),
    ("wind power", "UsedFor", "energy", 0.5),
    ("café", "IsA", "place", 1.0),
]


@pytest.fixture
def graph(tmp_path: Path) -> KnowledgeGraph:
    return graph_of(tmp_path, TRIPLES)


def rewrite(folder: Path, name: str, change: Callable[[np.ndarray[Any, Any]], Any], checksum: bool = False) -> None:
    """Change an array, with its size in meta.json, as somebody would who damages it by intention."""
    path = folder / f"{name}.npy"
    array = np.load(path)
    changed = change(array)
    np.save(path, array if changed is None else changed, allow_pickle=True)
    edit(folder, lambda meta: meta["files"].update({path.name: path.stat().st_size}))
    if checksum:
        edit(folder, lambda meta: meta.update(checksum=graph_checksum(folder)))


def edit(folder: Path, change: Callable[[dict[str, Any]], Any]) -> None:
    path = folder / "meta.json"
    meta = json.loads(path.read_text())
    change(meta)
    path.write_text(json.dumps(meta))


def put(index: int, value: float) -> Callable[[np.ndarray[Any, Any]], None]:
    def change(array: np.ndarray[Any, Any]) -> None:
        array[index] = value

    return change


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


def use(graph: KnowledgeGraph) -> None:
    """Ask a graph for all that it has."""
    for phrase in ("wind power", "energy", "turbine", "cafe", "place"):
        graph.concept_ids([phrase])
    for concept in range(len(graph)):
        graph.label(concept)
    graph.among(np.arange(len(graph)))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("hash_ids", value) for value in (-1, 5, 2**31 - 1, -(2**31))),
        *(("neighbours", value) for value in (-1, 5, 2**31 - 1, -(2**31))),
        *(("relations", value) for value in (-1, 30_000, -(2**15))),
        ("key_bytes", 0xFF),
    ],
)
def test_ids_that_do_not_exist_are_one_sentence_when_they_are_used(
    graph: KnowledgeGraph, name: str, value: int
) -> None:
    rewrite(graph.folder, name, put(3, value))
    opened = KnowledgeGraph(graph.folder)
    with pytest.raises(UserError, match=r"holds an id that does not exist; gatbert inspect_graph .* --verify true"):
        use(opened)


def test_a_name_without_a_language_is_one_sentence(graph: KnowledgeGraph) -> None:
    rewrite(graph.folder, "key_bytes", put(2, ord("x")))
    with pytest.raises(UserError, match="damaged"):
        use(KnowledgeGraph(graph.folder))


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
