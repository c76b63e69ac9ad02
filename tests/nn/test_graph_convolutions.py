"""CompGCN against its formula, and what each convolution knows of relations."""

from dataclasses import replace

import pytest
import torch

from gatbert.batches.packed import pack_graphs
from gatbert.nn.graph_convolutions import CONVOLUTIONS, ConvolutionName, ConvolutionStack
from gatbert.pretrained.encoders import load_tokenizer
from gatbert.stance_classifier.hybrid import HybridPreprocessor
from tests.graphs import RELATIONS, random_samples

SIZE = 6
RELATION_BLIND = {"gatv2", "transformer"}


@pytest.mark.parametrize("name", CONVOLUTIONS)
def test_which_convolutions_read_relations(encoder: str, name: ConvolutionName) -> None:
    torch.manual_seed(0)
    batch = pack_graphs(HybridPreprocessor(load_tokenizer(encoder)).encode(random_samples()), with_tokens=False)
    other = replace(batch, edge_relation=batch.edge_relation.flip(0))
    stack = ConvolutionStack(name, RELATIONS, 8, 2, 2, 0.0).eval()
    states = torch.randn(len(batch.sample_of_row), 8)
    assert torch.allclose(stack(states, batch), stack(states, other)) == (name in RELATION_BLIND)
