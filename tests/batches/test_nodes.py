"""The nodes of several samples are numbered through, tokens before concepts."""

import numpy as np

from gatbert.batches.nodes import Nodes


def test_tokens_come_before_concepts_sample_by_sample() -> None:
    nodes = Nodes.from_counts(np.array([2, 1, 3]), np.array([1, 0, 2]))
    assert nodes.starts.tolist() == [0, 3, 4]
    assert nodes.sizes.tolist() == [3, 1, 5]
    assert nodes.position.tolist() == [0, 1, 2, 0, 0, 1, 2, 3, 4]
    assert nodes.is_token.tolist() == [True, True, False, True, True, True, True, False, False]
