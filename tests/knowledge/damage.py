"""Damage to a graph folder, as somebody would do it by intention."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from gatbert.knowledge import KnowledgeGraph
from gatbert.knowledge.graph_files import graph_checksum


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


def give_glosses(graph: KnowledgeGraph, glosses: Mapping[str, str]) -> KnowledgeGraph:
    """Write glosses into a graph that has none, by the phrases of their concepts, and open it again."""
    encoded = [glosses.get(graph.label(concept), "").encode() for concept in range(len(graph))]
    rewrite(graph.folder, "gloss_bytes", lambda _: np.frombuffer(b"".join(encoded), np.uint8))
    rewrite(graph.folder, "gloss_offsets", lambda _: np.cumsum([0, *map(len, encoded)]), checksum=True)
    return KnowledgeGraph(graph.folder)


def put(index: int, value: float) -> Callable[[np.ndarray[Any, Any]], None]:
    def change(array: np.ndarray[Any, Any]) -> None:
        array[index] = value

    return change


def use(graph: KnowledgeGraph) -> None:
    """Ask a graph for all that it has."""
    for phrase in ("wind power", "energy", "turbine", "cafe", "place"):
        graph.concept_ids([phrase])
    for concept in range(len(graph)):
        graph.label(concept)
    graph.among(np.arange(len(graph)))
