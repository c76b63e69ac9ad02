"""Which nodes become rows: those from which something leads to what is read, and these in order."""

import numpy as np
import pytest

from gatbert.batches.nodes import Nodes
from gatbert.batches.rows import UNREACHABLE, FirstRows, ReadRows, Rows

NODES = Nodes.from_counts(np.array([3, 2]), np.array([3, 1]))
"""Nodes 0 to 2 and 6 to 7 are tokens."""

HOPS = [np.array([2, UNREACHABLE, 1], np.uint8), np.array([3], np.uint8)]
"""The concepts are nodes 3 to 5 and 8; node 5 is linked with the first token itself."""


@pytest.mark.parametrize(
    ("read", "with_tokens", "node", "hops"),
    [
        ("first", True, [0, 6, 1, 2, 7, 5, 3, 8], [0, 0, 1, 1, 1, 1, 2, 3]),
        ("tokens", True, [0, 1, 2, 6, 7, 3, 5, 8], [0, 0, 0, 0, 0, 1, 1, 2]),
        ("all", True, [0, 1, 2, 6, 7, 3, 4, 5, 8], [0] * 9),
        ("first", False, [3, 4, 5, 8], [0] * 4),
    ],
)
def test_rows_by_hops(read: ReadRows, with_tokens: bool, node: list[int], hops: list[int]) -> None:
    rows = Rows.from_nodes(NODES, HOPS, with_tokens, read)
    assert rows.node.tolist() == node
    assert rows.hops.tolist() == hops
    assert rows.num_tokens == (5 if with_tokens else 0)
    assert [rows.row[one] for one in node] == list(range(len(node)))
    left_out = sorted(set(range(9)) - set(node))
    assert (rows.row[left_out] == len(rows.row)).all()


def test_pairs_and_edges_are_counted_with_their_heads() -> None:
    rows = Rows.from_nodes(NODES, HOPS, with_tokens=True, read="tokens")
    counts = rows.count_by_hops(np.array([0, 4, 5, 5, 7]), np.array([0, 0, 4, 5, 5, 7]))
    assert counts == (FirstRows(5, 2, 3), FirstRows(7, 4, 5), FirstRows(8, 5, 6))
