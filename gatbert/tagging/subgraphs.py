"""Which part of the graph belongs to a sample: pure functions over arrays of concept ids."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gatbert.knowledge.graph import Adjacency, KnowledgeGraph

Ids = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


def bridge(graph: KnowledgeGraph, target_seeds: Ids, text_seeds: Ids, degree_cap: int = 0) -> Ids:
    """Return the concepts on a simple path of at most two edges between a target seed and a text seed.

    Edges count whichever way they point. A concept that is a seed of both sides is a path of no edge. Liu et al. 2021,
    "Enhancing Zero-shot and Few-shot Stance Detection with Commonsense Knowledge Graph",
    https://aclanthology.org/2021.findings-acl.278.

    Args:
        graph: The knowledge graph.
        target_seeds: Concepts that the target mentions, ascending ``(seeds,)``.
        text_seeds: Concepts that the text mentions, ascending ``(seeds,)``.
        degree_cap: A concept with more edges is no middle of a path; 0 for no cap.

    Returns:
        Concept ids, ascending.
    """
    from_target, from_text = (_seed_edges(graph, seeds) for seeds in (target_seeds, text_seeds))
    sides = _Side(target_seeds, from_target), _Side(text_seeds, from_text)
    near = (lambda middles: graph.degrees(middles) <= degree_cap) if degree_cap else None
    return _on_paths(*sides, graph.marks, near)


def bridge_among(among: Adjacency, target_seeds: Ids, text_seeds: Ids, is_middle: Mask) -> Ids:
    """Return the same as ``bridge`` for a graph of few concepts, all by position.

    Args:
        among: Its edges.
        target_seeds: Concepts that the target mentions, ascending ``(seeds,)``.
        text_seeds: Concepts that the text mentions, ascending ``(seeds,)``.
        is_middle: Which concepts may be the middle of a path ``(concepts,)``.
    """

    def marks(concepts: Ids, others: Ids) -> Mask:
        is_one = np.zeros(len(is_middle), np.bool_)
        is_one[concepts] = True
        marked: Mask = is_one[others]
        return marked

    def side(seeds: Ids) -> _Side:
        leaving = marks(seeds, among.source)
        return _Side(seeds, SeedEdges(among.source[leaving], among.neighbours[leaving].astype(np.int64)))

    return _on_paths(side(target_seeds), side(text_seeds), marks, lambda middles: is_middle[middles])


def within(among: Adjacency, seeds: Ids, hops: int, may_leave: Mask) -> Ids:
    """Return the same as ``naive`` for a graph of few concepts, all by position.

    Args:
        among: Its edges.
        seeds: Concepts to start from ``(seeds,)``.
        hops: Most edges from a seed.
        may_leave: Which concepts that were reached are left again ``(concepts,)``; seeds always are.
    """
    reached = np.zeros(len(may_leave), np.bool_)
    reached[seeds] = True
    frontier = reached.copy()
    for hop in range(hops):
        leaving = frontier & may_leave if hop else frontier
        frontier = np.zeros_like(reached)
        frontier[among.neighbours[leaving[among.source]]] = True
        frontier &= ~reached
        reached |= frontier
    return np.flatnonzero(reached)


def naive(graph: KnowledgeGraph, seeds: Ids, hops: int = 1, degree_cap: int = 0) -> Ids:
    """Return the concepts within some edges of any seed, the seeds included.

    Args:
        graph: The knowledge graph.
        seeds: Concept ids ``(seeds,)``.
        hops: Most edges from a seed.
        degree_cap: Concepts with more edges are reached, but not left; 0 for no cap. Seeds are always left.

    Returns:
        Concept ids, ascending.
    """
    reached = frontier = unique(seeds)
    for hop in range(hops):
        # (frontier,): what the last hop reached, less hubs; (edges,): all around it
        if hop and degree_cap:
            frontier = frontier[graph.degrees(frontier) <= degree_cap]
        around = graph.neighbours(frontier).neighbours.astype(np.int64)
        frontier = np.setdiff1d(around, reached)
        reached = np.union1d(reached, frontier)
    return reached


def breadth_first(among: Adjacency, roots: Ids, degrees: Ids) -> tuple[Ids, Ids]:
    """Order concepts by their distance from the roots, so that a cut at any length keeps the best.

    Of equal distance, those come first that are tied to the layer before by the heaviest edge, then those with fewer
    edges in the whole graph, then by position. Concepts out of reach come last.

    Args:
        among: The edges among the concepts, by position.
        roots: Positions to start from ``(roots,)``.
        degrees: Number of edges of each concept in the whole graph ``(concepts,)``.

    Returns:
        Positions in order ``(concepts,)``, and the distance of each position from the nearest root ``(concepts,)``.
    """
    out_of_reach = len(degrees)  # more edges than any shortest path has
    # (concepts,): hops from the nearest root, and the heaviest edge from the layer before
    distance = np.full(len(degrees), out_of_reach, np.int64)
    strength = np.zeros(len(degrees), np.float32)
    distance[roots] = 0
    for hop in range(1, len(degrees)):
        # (edges,): those from the last layer to concepts that no layer has
        leaving = (distance[among.source] == hop - 1) & (distance[among.neighbours] == out_of_reach)
        if not leaving.any():
            break
        np.maximum.at(strength, among.neighbours[leaving], among.weights[leaving])
        distance[among.neighbours[leaving]] = hop
    return np.lexsort((degrees, -strength, distance)), distance  # the last key counts first


def unique(ids: Ids) -> Ids:
    """Return ids ascending, each once; for short arrays several times as fast as ``numpy.unique``."""
    ordered: Ids = np.sort(ids)
    distinct: Ids = ordered[np.diff(ordered, prepend=BELOW_ALL) != 0]
    return distinct


BELOW_ALL = -1
"""Less than every id: what stands before the first, so that it differs from it."""


class SeedEdges(NamedTuple):
    """Hold edges by their ends, whichever way they point: a seed and its neighbour, both ``(edges,)``."""

    seeds: Ids
    neighbours: Ids


class _Side(NamedTuple):
    """Hold the seeds of one side, ascending, and the edges that leave them."""

    seeds: Ids
    edges: SeedEdges


Marks = Callable[[Ids, Ids], Mask]
"""Tells for each concept of the second array whether it is one of the first."""


def _on_paths(target: _Side, text: _Side, marks: Marks, near: Callable[[Ids], Mask] | None) -> Ids:
    """Return the concepts on paths of at most two edges; those alone for which ``near`` holds are middles."""
    # Paths of no edge: seeds of both sides (seeds,)
    both = target.seeds[marks(text.seeds, target.seeds)]
    # Paths of one edge, found from either end, so that the first of each pair is enough: twice 2 x (edges,)
    direct = [_ending_in(marks, target.edges, text.seeds), _ending_in(marks, text.edges, target.seeds)]
    # Paths of two edges meet in a middle. Few neighbours are shared: all that is dear is done to those alone.
    text_side = _meeting_in(marks, text.edges, target.edges.neighbours)
    if near is not None:
        are_near = near(text_side.neighbours)
        text_side = SeedEdges(text_side.seeds[are_near], text_side.neighbours[are_near])
    target_side = _meeting_in(marks, target.edges, text_side.neighbours)
    paths = [_leading_on(target_side, text_side), _leading_on(text_side, target_side)]
    return unique(
        np.concatenate([both, *(edges.seeds for edges in direct), *(part for edges in paths for part in edges)])
    )


def _seed_edges(graph: KnowledgeGraph, seeds: Ids) -> SeedEdges:
    around = graph.neighbours(seeds)
    return SeedEdges(seeds[around.source], around.neighbours.astype(np.int64))


def _ending_in(marks: Marks, edges: SeedEdges, ends: Ids) -> SeedEdges:
    """Return the edges whose neighbour is one of the ends."""
    inside = np.flatnonzero(marks(ends, edges.neighbours))
    return SeedEdges(edges.seeds[inside], edges.neighbours[inside])


def _meeting_in(marks: Marks, edges: SeedEdges, middles: Ids) -> SeedEdges:
    """Return the edges whose neighbour is one of the middles, ordered by neighbour."""
    seeds, neighbours = _ending_in(marks, edges, middles)
    order = np.argsort(neighbours, kind="stable")
    return SeedEdges(seeds[order], neighbours[order])


def _leading_on(there: SeedEdges, back: SeedEdges) -> SeedEdges:
    """Return the edges from whose middle the other side leads to another seed than the one that they come from.

    Both are ordered by middle, and have the same middles.
    """
    if not len(there.seeds):
        return there
    # (middles,): where the edges of each middle begin, and the least and greatest seed that they lead to
    starts = np.flatnonzero(np.diff(back.neighbours, prepend=BELOW_ALL))
    lowest, highest = np.minimum.reduceat(back.seeds, starts), np.maximum.reduceat(back.seeds, starts)
    # (edges,): the middle of each edge; if least and greatest are the edge's own seed, there is no other
    middle = np.searchsorted(back.neighbours[starts], there.neighbours)
    leads_on = (lowest[middle] != there.seeds) | (highest[middle] != there.seeds)
    return SeedEdges(there.seeds[leads_on], there.neighbours[leads_on])
