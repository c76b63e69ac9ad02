"""Arrays of a graph: every edge in order, every name whole, and of equal phrases the one that is meant."""

from pathlib import Path

import numpy as np
import pytest

from gatbert.knowledge import KnowledgeGraph, graph_writer
from gatbert.knowledge.graph_files import ARRAYS
from tests.knowledge.dump import TRIPLES, graph_of


def arrays(graph: KnowledgeGraph) -> dict[str, list[float]]:
    return {name: np.load(graph.folder / f"{name}.npy").tolist() for name in ARRAYS}


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_arrays_are_the_same_however_few_rows_are_held_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    for name in ("whole", "pieces"):
        (tmp_path / name).mkdir()
    whole = arrays(graph_of(tmp_path / "whole", TRIPLES))
    monkeypatch.setattr(graph_writer, "ROWS", rows)
    assert arrays(graph_of(tmp_path / "pieces", TRIPLES)) == whole


def test_edges_stand_in_order_and_names_end_where_the_next_begin(tmp_path: Path) -> None:
    graph = graph_of(tmp_path, TRIPLES)
    found = arrays(graph)
    assert found["offsets"][-1] == len(found["neighbours"]) == 2 * graph.num_edges
    for concept in range(len(graph)):
        around = graph.neighbours(concept)
        rows = list(zip(around.neighbours.tolist(), around.relation_ids.tolist(), strict=True))
        assert rows == sorted(rows)
    keys = bytes(np.load(graph.folder / "key_bytes.npy")).decode()
    assert keys == "".join(graph.key(concept) for concept in range(len(graph)))


def test_a_phrase_means_the_term_as_it_is_written_then_that_with_the_most_edges(tmp_path: Path) -> None:
    triples = [("cafe", "IsA", "x"), *(("caf\u00e9", "IsA", f"y{number}") for number in range(3))]
    graph = graph_of(tmp_path, triples)
    plain = graph.concept_id("cafe")
    assert plain is not None
    assert graph.key(plain) == "en/cafe"
