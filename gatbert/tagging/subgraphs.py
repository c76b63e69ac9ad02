"""Which part of the graph belongs to a sample: pure functions over arrays of concept ids."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gatbert.knowledge.graph import Adjacency, KnowledgeGraph

Ids = npt.NDArray[np.int64]


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
    both = target_seeds[graph.marks(text_seeds, target_seeds)]
    from_target, from_text = (_seed_edges(graph, seeds) for seeds in (target_seeds, text_seeds))
    direct = [_ending(graph, from_target, text_seeds), _ending(graph, from_text, target_seeds)]
    # Few neighbours are shared: all that is dear is done to those alone.
    text_side = _through(graph, from_text, from_target.neighbours)
    if degree_cap:
        near = graph.offsets[text_side.neighbours + 1] - graph.offsets[text_side.neighbours] <= degree_cap
        text_side = SeedEdges(text_side.seeds[near], text_side.neighbours[near])
    target_side = _through(graph, from_target, text_side.neighbours)
    paths = [_not_back(target_side, text_side), _not_back(text_side, target_side)]
    return unique(
        np.concatenate([both, *(edges.seeds for edges in direct), *(ids for edges in paths for ids in edges)])
    )


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
        if hop and degree_cap:
            frontier = frontier[graph.offsets[frontier + 1] - graph.offsets[frontier] <= degree_cap]
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
        Positions in order, and the distance of each, -1 out of reach; both ``(concepts,)``.
    """
    distance = np.full(len(degrees), -1, np.int64)
    strength = np.zeros(len(degrees), np.float32)
    distance[roots] = 0
    for hop in range(1, len(degrees)):
        leaving = (distance[among.source] == hop - 1) & (distance[among.neighbours] < 0)
        if not leaving.any():
            break
        np.maximum.at(strength, among.neighbours[leaving], among.weights[leaving])
        distance[among.neighbours[leaving]] = hop
    order = np.lexsort((degrees, -strength, np.where(distance < 0, len(degrees), distance)))
    return order, distance[order]


def unique(ids: Ids) -> Ids:
    """Return ids ascending, each once; for short arrays several times as fast as ``numpy.unique``."""
    ordered: Ids = np.sort(ids)
    distinct: Ids = ordered[np.diff(ordered, prepend=-1) != 0]
    return distinct


class SeedEdges(NamedTuple):
    """Hold edges by their ends, whichever way they point: a seed and its neighbour, both ``(edges,)``."""

    seeds: Ids
    neighbours: Ids


def _seed_edges(graph: KnowledgeGraph, seeds: Ids) -> SeedEdges:
    around = graph.neighbours(seeds)
    return SeedEdges(seeds[around.source], around.neighbours.astype(np.int64))


def _ending(graph: KnowledgeGraph, edges: SeedEdges, ends: Ids) -> SeedEdges:
    """Return the edges whose neighbour is one of the ends."""
    inside = np.flatnonzero(graph.marks(ends, edges.neighbours))
    return SeedEdges(edges.seeds[inside], edges.neighbours[inside])


def _through(graph: KnowledgeGraph, edges: SeedEdges, middles: Ids) -> SeedEdges:
    """Return the edges whose neighbour is one of the middles, ordered by neighbour."""
    seeds, neighbours = _ending(graph, edges, middles)
    order = np.argsort(neighbours, kind="stable")
    return SeedEdges(seeds[order], neighbours[order])


def _not_back(there: SeedEdges, back: SeedEdges) -> SeedEdges:
    """Return the edges from which the other side leads on to another seed than the one that they come from."""
    if not len(there.seeds):
        return there
    # (neighbours of the other side,): the lowest and the highest seed to which each leads
    starts = np.flatnonzero(np.diff(back.neighbours, prepend=-1))
    lowest, highest = np.minimum.reduceat(back.seeds, starts), np.maximum.reduceat(back.seeds, starts)
    # (edges,)
    row = np.searchsorted(back.neighbours[starts], there.neighbours)
    leads_on = (lowest[row] != there.seeds) | (highest[row] != there.seeds)
    return SeedEdges(there.seeds[leads_on], there.neighbours[leads_on])
