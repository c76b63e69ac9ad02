"""Subgraphs equal plain searches over all paths, and a cut keeps the best."""

from itertools import product

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from gatbert.knowledge import KnowledgeGraph
from gatbert.tagging.subgraphs import breadth_first, bridge, bridge_among, naive, within
from tests.knowledge.dump import graph_of

Triples = list[tuple[str, str, str]]


def neighbourhood(graph: KnowledgeGraph) -> dict[int, set[int]]:
    return {concept: set(graph.neighbours(concept).neighbours.tolist()) for concept in range(len(graph))}


def bridge_by_paths(graph: KnowledgeGraph, targets: set[int], texts: set[int], cap: int) -> set[int]:
    """Return the nodes of all simple paths of at most two edges, by trying every one."""
    near = neighbourhood(graph)
    found: set[int] = targets & texts
    for start, end in product(targets, texts):
        if end in near[start]:
            found |= {start, end}
        for middle in near[start]:
            if end in near[middle] and len({start, middle, end}) == 3 and (not cap or graph.degree(middle) <= cap):
                found |= {start, middle, end}
    return found


edges = st.lists(
    st.tuples(st.integers(0, 8), st.sampled_from(["IsA", "RelatedTo", "UsedFor"]), st.integers(0, 8)),
    min_size=1,
    max_size=18,
)
seeds = st.sets(st.integers(0, 8), max_size=4)
each = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def random_graph(factory: pytest.TempPathFactory, triples: list[tuple[int, str, int]]) -> KnowledgeGraph:
    named = [(f"c{h}", r, f"c{t}") for h, r, t in triples if h != t]
    assume(named)
    return graph_of(factory.mktemp("g"), named)


def ids(graph: KnowledgeGraph, numbers: set[int]) -> set[int]:
    return {concept for number in numbers if (concept := graph.concept_id(f"c{number}")) is not None}


def array(members: set[int]) -> npt.NDArray[np.int64]:
    return np.asarray(sorted(members), np.int64)


@each
@given(edges, seeds, seeds, st.sampled_from([0, 2, 4]))
def test_bridge_equals_all_paths(
    tmp_path_factory: pytest.TempPathFactory,
    triples: list[tuple[int, str, int]],
    target: set[int],
    text: set[int],
    cap: int,
) -> None:
    graph = random_graph(tmp_path_factory, triples)
    targets, texts = ids(graph, target), ids(graph, text)
    found = bridge(graph, array(targets), array(texts), cap)
    assert found.tolist() == sorted(bridge_by_paths(graph, targets, texts, cap))


@each
@given(edges, seeds, st.integers(0, 3))
def test_naive_equals_a_plain_search(
    tmp_path_factory: pytest.TempPathFactory, triples: list[tuple[int, str, int]], start: set[int], hops: int
) -> None:
    graph = random_graph(tmp_path_factory, triples)
    near = neighbourhood(graph)
    reached = ids(graph, start)
    for _ in range(hops):
        reached = reached.union(*(near[concept] for concept in reached))
    assert naive(graph, array(ids(graph, start)), hops).tolist() == sorted(reached)


@each
@given(edges, seeds)
def test_breadth_first_orders_by_distance(
    tmp_path_factory: pytest.TempPathFactory, triples: list[tuple[int, str, int]], start: set[int]
) -> None:
    graph = random_graph(tmp_path_factory, triples)
    roots, near = ids(graph, start), neighbourhood(graph)
    distance, layer, hop = dict.fromkeys(roots, 0), roots, 0
    while layer:
        hop += 1
        layer = set().union(*(near[concept] for concept in layer)) - set(distance)
        distance |= dict.fromkeys(layer, hop)
    everything = np.arange(len(graph))
    ordered, found = breadth_first(graph.among(everything), array(roots), graph.degrees(everything))
    assert sorted(ordered.tolist()) == everything.tolist()
    assert found.tolist() == [distance.get(concept, len(graph)) for concept in everything.tolist()]
    assert found[ordered].tolist() == sorted(found.tolist())


@each
@given(edges, seeds, seeds, st.integers(0, 4), st.integers(0, 3))
def test_among_all_concepts_the_small_graph_gives_what_the_large_one_does(
    tmp_path_factory: pytest.TempPathFactory,
    triples: list[tuple[int, str, int]],
    targets: set[int],
    texts: set[int],
    cap: int,
    hops: int,
) -> None:
    graph = random_graph(tmp_path_factory, triples)
    everything = np.arange(len(graph))
    among, small = graph.among(everything), graph.degrees(everything) <= (cap or len(everything) ** 2)
    target, text = array(ids(graph, targets)), array(ids(graph, texts))
    assert bridge_among(among, target, text, small).tolist() == bridge(graph, target, text, cap).tolist()
    assert within(among, target, hops, small).tolist() == naive(graph, target, hops, cap).tolist()


def test_of_equal_distance_the_heaviest_edge_comes_first(tmp_path_factory: pytest.TempPathFactory) -> None:
    weighted = [
        ("a", "IsA", "light", 0.5),
        ("a", "IsA", "heavy", 2.0),
        ("rare", "IsA", "a", 1.0),
        ("a", "IsA", "hub", 1.0),
    ]
    graph = graph_of(tmp_path_factory.mktemp("g"), [*weighted, ("hub", "IsA", "far", 9.0)])
    root = np.asarray([graph.concept_id("a")])
    ordered, _ = breadth_first(graph.among(np.arange(len(graph))), root, graph.degrees(np.arange(len(graph))))
    assert [graph.label(c) for c in ordered.tolist()] == ["a", "heavy", "rare", "hub", "light", "far"]


def test_naive_does_not_leave_hubs(tmp_path_factory: pytest.TempPathFactory) -> None:
    graph = graph_of(tmp_path_factory.mktemp("g"), [("a", "IsA", "hub"), *(("hub", "IsA", f"x{i}") for i in range(5))])
    start = np.asarray([graph.concept_id("a")])
    assert len(naive(graph, start, 2, degree_cap=3)) == 2
    assert len(naive(graph, start, 2)) == 7
