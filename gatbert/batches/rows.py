"""Which nodes become rows of a packed batch, and in which order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from gatbert.batches.nodes import Ints, Nodes

UNREACHABLE = 127
"""Hops of a concept from which nothing leads to the first token: more than those of any from which something does."""

ReadRows = Literal["first", "tokens", "all"]
"""What a head reads of tokens and concepts: first tokens, all tokens, or concepts and tokens."""


class FirstRows(NamedTuple):
    """Count the first rows of a batch, and the node pairs and edges whose heads they are."""

    num_rows: int
    num_node_pairs: int
    num_edges: int


@dataclass(frozen=True)
class Rows:
    """Say which nodes become rows: by hops to what is read, and at equal hops tokens before concepts.

    Attributes:
        node: Node of each row ``(rows,)``.
        row: Row of each node, ``len(row)``, which is none, where it is left out ``(nodes,)``.
        hops: Hops of each row, ascending ``(rows,)``.
        num_tokens: How many of the rows are tokens, which come first.
    """

    node: Ints
    row: Ints
    hops: Ints
    num_tokens: int

    @classmethod
    def from_nodes(cls, nodes: Nodes, concept_hops: Sequence[Ints], with_tokens: bool, read: ReadRows) -> "Rows":
        """Choose and order rows.

        Args:
            nodes: The nodes of all samples.
            concept_hops: Hops of each sample's concepts to its first token, each ``(concepts,)``.
            with_tokens: Whether tokens become rows.
            read: What the head reads of tokens and concepts; without tokens, it reads all concepts.
        """
        is_token = nodes.is_token
        # (nodes,), 0 for first tokens, 1 for others
        hops = np.minimum(nodes.position, 1)
        hops[~is_token] = np.concatenate(concept_hops)
        if read == "all" or not with_tokens:
            hops[:] = 0
        elif read == "tokens":
            # One hop nearer than to the first token, which is itself one of those that are read.
            hops = np.where(is_token, 0, np.where(hops < UNREACHABLE, np.maximum(hops - 1, 1), UNREACHABLE))
        kept = (hops < UNREACHABLE) & (with_tokens | ~is_token)
        # (rows,)
        rank = np.where(kept, 2 * hops + ~is_token, 2 * UNREACHABLE)
        node = np.argsort(rank, kind="stable")[: np.count_nonzero(kept)]
        # (nodes,)
        row = np.full(len(is_token), len(is_token))
        row[node] = np.arange(len(node))
        return cls(node, row, hops[node], int(np.count_nonzero(kept & is_token)))

    def count_by_hops(self, pair_heads: Ints, edge_heads: Ints) -> tuple[FirstRows, ...]:
        """Return what there is within 0, 1, ... hops, given the heads of all node pairs and edges, ascending."""
        # (most hops + 1,)
        num_rows = np.cumsum(np.bincount(self.hops, minlength=1))
        counts = num_rows, np.searchsorted(pair_heads, num_rows), np.searchsorted(edge_heads, num_rows)
        return tuple(FirstRows(*within) for within in zip(*(count.tolist() for count in counts), strict=True))
