"""Encoders of concepts: every name is one, and means are taken sample by sample."""

from copy import deepcopy
from typing import get_args

import pytest
import torch

from gatbert.errors import UserError
from gatbert.nn.concept_encoder import ConceptEncoder, GraphEncoderName, mean_by_sample
from gatbert.nn.encoder_parts import encoder_layers
from gatbert.nn.graph_convolutions import CONVOLUTIONS
from gatbert.pretrained.encoders import load_encoder
from tests.graphs import RELATIONS


def test_names_are_attention_compgcn_and_the_convolutions() -> None:
    assert set(get_args(GraphEncoderName)) == {"relational", "compgcn", *CONVOLUTIONS}


@pytest.mark.parametrize("name", get_args(GraphEncoderName))
def test_layers_that_are_not_used_are_taken_off(encoder: str, name: GraphEncoderName) -> None:
    layers = deepcopy(load_encoder(encoder))
    ConceptEncoder(layers, RELATIONS, name, "edge_as_att", 1)
    assert len(encoder_layers(layers)) == (1 if name == "relational" else 0)


@pytest.mark.parametrize("name", get_args(GraphEncoderName))
def test_at_least_one_layer_is_needed(encoder: str, name: GraphEncoderName) -> None:
    with pytest.raises(UserError, match="num_graph_layers 0"):
        ConceptEncoder(load_encoder(encoder), RELATIONS, name, "edge_as_att", 0)


@pytest.mark.parametrize("with_choice", [True, False])
def test_means_are_those_of_the_rows_of_each_sample(with_choice: bool) -> None:
    torch.manual_seed(0)
    states, samples = torch.randn(9, 4), torch.tensor([0, 0, 1, 3, 3, 3, 3, 0, 3])
    chosen = torch.tensor([1, 0, 0, 1, 1, 0, 1, 1, 0]).bool() if with_choice else None
    mean, known = mean_by_sample(states, samples, 4, chosen)
    for sample in range(4):
        rows = [row for row in range(9) if samples[row] == sample and (chosen is None or chosen[row])]
        assert bool(known[sample]) == bool(rows)
        expected = states[rows].mean(0) if rows else torch.zeros(4)
        torch.testing.assert_close(mean[sample], expected)
