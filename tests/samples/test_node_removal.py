"""Nodes are taken away with their edges, and the first token, whose index is no place in a sample, stays."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gatbert.samples import FIRST_TOKEN, GraphSample
from gatbert.samples.node_removal import without_nodes
from gatbert.samples.transforms import TRANSFORMS
from tests.graphs import random_sample


@given(st.integers(0, 50), st.integers(0, 6), st.sets(st.integers(0, 12)))
def test_what_stays_is_what_a_plain_search_keeps(seed: int, num_concepts: int, nodes: set[int]) -> None:
    (sample,) = TRANSFORMS["cls_global_edges"]([random_sample(seed, num_concepts=num_concepts)], "<m>")
    assert isinstance(sample, GraphSample)
    nodes = {node for node in nodes if node < len(sample.words) + num_concepts}
    before = list(range(len(sample.words) + num_concepts))
    after = [node for node in before if node < len(sample.words) or node not in nodes]
    changed = without_nodes(sample, nodes)
    names = {**dict(enumerate(after)), FIRST_TOKEN: FIRST_TOKEN}
    kept = [edge for edge in sample.edges.T.tolist() if not nodes & set(edge[:2])]
    assert [[names[h], names[t], r] for h, t, r in changed.edges.T.tolist()] == kept
    assert changed.concepts == tuple(c for i, c in enumerate(sample.concepts, len(sample.words)) if i not in nodes)
    assert changed.words == sample.words
    assert changed.edges.dtype == np.int32
