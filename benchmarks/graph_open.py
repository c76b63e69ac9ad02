"""Opening a graph, and the first question that is put to it."""

import time
from statistics import median

from benchmarks.dump import FOLDER
from benchmarks.graph_build import run as build
from benchmarks.measure import Result
from gatbert.knowledge import KnowledgeGraph

LIMIT_MS = 50
ROUNDS = 20


def run() -> list[Result]:
    """Time opening the graph of the whole dump and finding one concept with its neighbours, against 50 ms."""
    folder = FOLDER / "graph"
    if not folder.is_dir():
        build()
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        graph = KnowledgeGraph(folder)
        graph.neighbours(graph.concept_id("term 7") or 0)
        times.append(1000 * (time.perf_counter() - start))
    detail = f"{len(graph):,} concepts, {graph.num_edges:,} edges: {median(times):.1f} ms, against {LIMIT_MS} ms"
    return [Result("graph_open", median(times) / LIMIT_MS, 1.0, detail)]
