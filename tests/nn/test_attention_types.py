"""Attention types: names and classes agree, and relations of a pair are summed."""

from typing import get_args

import pytest
import torch

from gatbert.batches.packed import GraphBatch, pack_graphs
from gatbert.nn.attention_types import ATTENTION_TYPES, AttentionTypeName, sum_over_relations
from gatbert.pretrained.encoders import load_tokenizer
from gatbert.stance_classifier.hybrid import HybridPreprocessor
from tests.graphs import RELATIONS, random_samples


@pytest.fixture(scope="module")
def batch(encoder: str) -> GraphBatch:
    """A batch with parallel edges."""
    return pack_graphs(HybridPreprocessor(load_tokenizer(encoder)).encode(random_samples()), with_tokens=True)


def test_names_and_classes_agree() -> None:
    assert set(get_args(AttentionTypeName)) == set(ATTENTION_TYPES)
    assert len(set(ATTENTION_TYPES.values())) == len(ATTENTION_TYPES)


def test_the_relations_of_each_pair_are_summed(batch: GraphBatch) -> None:
    table = torch.randn(len(RELATIONS), 2, 3)
    needed = batch.rows_by_hops[-1]
    expected = torch.zeros(needed.num_node_pairs, 2, 3)
    for pair, relation in zip(batch.edge_node_pair.tolist(), batch.edge_relation.tolist(), strict=True):
        expected[pair] += table[relation]
    assert needed.num_edges > needed.num_node_pairs
    torch.testing.assert_close(sum_over_relations(table, batch, needed), expected)
