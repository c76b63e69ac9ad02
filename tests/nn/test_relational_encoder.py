"""An encoder reads the graph in as many of its layers as it is told."""

import pytest

from gatbert.errors import UserError
from gatbert.nn.attention_types import ATTENTION_TYPES, AttentionTypeName
from gatbert.nn.relational_encoder import RelationalEncoder
from gatbert.pretrained.encoders import load_encoder
from tests.graphs import RELATIONS


@pytest.mark.parametrize("att_type", ATTENTION_TYPES)
@pytest.mark.parametrize(("asked", "number"), [(None, 2), (1, 1), (2, 2)])
def test_the_first_layers_read_the_graph(
    encoder: str, att_type: AttentionTypeName, asked: int | None, number: int
) -> None:
    made = RelationalEncoder(load_encoder(encoder), RELATIONS, att_type, asked)
    assert [type(layer) for layer in made.layers] == [ATTENTION_TYPES[att_type]] * number


@pytest.mark.parametrize("att_type", [name for name, kind in ATTENTION_TYPES.items() if kind.uses_bases])
def test_layers_share_their_bases(encoder: str, att_type: AttentionTypeName) -> None:
    made = RelationalEncoder(load_encoder(encoder), RELATIONS, att_type)
    assert len({id(layer.bases) for layer in made.layers}) == 1


@pytest.mark.parametrize("number", [0, 3])
def test_a_number_of_layers_that_it_has_not_is_refused(encoder: str, number: int) -> None:
    with pytest.raises(UserError, match=rf"num_graph_layers {number} does not fit the encoder; accepted is 1 to 2"):
        RelationalEncoder(load_encoder(encoder), RELATIONS, "edge_as_att", number)
