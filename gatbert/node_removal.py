"""Samples with other nodes: edges follow their ends, and the first token, which is no node of the sample, stays."""

from collections.abc import Collection
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from gatbert.samples import FIRST_TOKEN, GraphSample

Edges = npt.NDArray[np.int32]


def renumbered(edges: Edges, node: npt.NDArray[np.integer], stays: npt.NDArray[np.bool_]) -> Edges:
    """Return edges between other nodes.

    Args:
        edges: Head, tail and relation ``(3, edges)``; an end may be ``FIRST_TOKEN``.
        node: What each node becomes ``(nodes,)``.
        stays: Whether it stays; edges of one that does not go with it ``(nodes,)``.
    """
    ends = edges[:2]
    is_node = ends != FIRST_TOKEN
    kept = np.ones(ends.shape, np.bool_)
    kept[is_node] = stays[ends[is_node]]
    new = edges.copy()
    new[:2][is_node] = node[ends[is_node]]
    return new[:, kept.all(0)]


def without_nodes(sample: GraphSample, nodes: Collection[int]) -> GraphSample:
    """Take concepts away with all their edges, and the links of words, which stay.

    Args:
        sample: The sample, which stays as it is.
        nodes: What goes; words count from 0, target first, and concepts after them.
    """
    num_words = len(sample.words)
    stays = np.ones(num_words + len(sample.concepts), np.bool_)
    stays[list(nodes)] = False
    node = np.arange(len(stays))
    node[num_words:] = num_words - 1 + np.cumsum(stays[num_words:])
    kept = np.flatnonzero(stays[num_words:]).tolist()
    return replace(
        sample,
        concepts=tuple(sample.concepts[index] for index in kept),
        concept_ids=tuple(sample.concept_ids[index] for index in kept if sample.concept_ids),
        edges=renumbered(sample.edges, node, stays),
    )
