"""Which part of the graph belongs to a sample: pure functions over arrays of concept ids."""

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
    both = np.intersect1d(target_seeds, text_seeds, assume_unique=True)
    from_target, from_text = (_pairs(graph.neighbours(seeds), seeds) for seeds in (target_seeds, text_seeds))
    direct = [_ends_in(from_target, text_seeds), _ends_in(from_text, target_seeds)]
    middles = np.intersect1d(from_target[1], from_text[1])
    if degree_cap:
        middles = middles[graph.offsets[middles + 1] - graph.offsets[middles] <= degree_cap]
    target_side, text_side = (_through(pairs, middles) for pairs in (from_target, from_text))
    paths = [_not_back(target_side, text_side), _not_back(text_side, target_side)]
    return np.unique(np.concatenate([both, *direct, *(part for pairs in paths for part in pairs)]))


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
    reached = frontier = np.unique(seeds)
    for hop in range(hops):
        if hop and degree_cap:
            frontier = frontier[graph.offsets[frontier + 1] - graph.offsets[frontier] <= degree_cap]
        around = graph.neighbours(frontier).neighbours.astype(np.int64)
        frontier = np.setdiff1d(around, reached)
        reached = np.union1d(reached, frontier)
    return reached


def breadth_first(graph: KnowledgeGraph, roots: Ids, members: Ids) -> tuple[Ids, Ids]:
    """Order concepts by their distance from the roots, so that a cut at any length keeps the best.

    Of equal distance, those come first that are tied to the layer before by the heaviest edge, then those with fewer
    edges in the whole graph, then by id. Members out of reach come last.

    Args:
        graph: The knowledge graph.
        roots: Concepts to start from, which are members ``(roots,)``.
        members: All concepts to order, ascending ``(concepts,)``.

    Returns:
        The members in order, and the distance of each, -1 out of reach; both ``(concepts,)``.
    """
    distance = np.full(len(members), -1, np.int64)
    strength = np.zeros(len(members), np.float32)
    layer = np.searchsorted(members, np.unique(roots))
    distance[layer] = 0
    around = _within(graph.neighbours(members), members)
    for hop in range(1, len(members)):
        leaving = (distance[around.source] == hop - 1) & (distance[around.neighbours] < 0)
        if not leaving.any():
            break
        np.maximum.at(strength, around.neighbours[leaving], around.weights[leaving])
        distance[around.neighbours[leaving]] = hop
    degrees = graph.offsets[members + 1] - graph.offsets[members]
    order = np.lexsort([members, degrees, -strength, np.where(distance < 0, len(members), distance)])
    return members[order], distance[order]


def _within(around: Adjacency, members: Ids) -> Adjacency:
    """Return the edges that stay among the members, with positions in them instead of ids."""
    position = np.minimum(np.searchsorted(members, around.neighbours), max(0, len(members) - 1))
    inside = members[position] == around.neighbours if len(members) else np.zeros(0, bool)
    return Adjacency(
        around.source[inside], position[inside].astype(np.int32), around.relations[inside], around.weights[inside]
    )


Pairs = tuple[Ids, Ids]
"""Seeds and their neighbours, edge by edge, ordered by neighbour."""


def _pairs(around: Adjacency, seeds: Ids) -> Pairs:
    order = np.argsort(around.neighbours, kind="stable")
    return seeds[around.source[order]], around.neighbours[order].astype(np.int64)


def _ends_in(pairs: Pairs, ends: Ids) -> Ids:
    """Return the seeds that have one of the ends as a neighbour."""
    return pairs[0][np.isin(pairs[1], ends)]


def _through(pairs: Pairs, middles: Ids) -> Pairs:
    """Return the pairs whose neighbour is one of the middles."""
    inside = np.isin(pairs[1], middles, assume_unique=False)
    return pairs[0][inside], pairs[1][inside]


def _not_back(there: Pairs, back: Pairs) -> Pairs:
    """Return the pairs from which the other side leads on to another seed than the one that they come from."""
    if not len(there[0]):
        return there
    starts = np.flatnonzero(np.diff(back[1], prepend=-1))
    lowest, highest = np.minimum.reduceat(back[0], starts), np.maximum.reduceat(back[0], starts)
    row = np.searchsorted(back[1][starts], there[1])
    leads_on = (lowest[row] != there[0]) | (highest[row] != there[0])
    return there[0][leads_on], there[1][leads_on]
