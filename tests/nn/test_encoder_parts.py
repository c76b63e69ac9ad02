"""The parts of encoders of every family, found without knowing the family."""

from pathlib import Path
from typing import Any

import pytest
from transformers import AlbertConfig, AlbertModel

from gatbert.errors import UserError
from gatbert.nn.encoder_parts import encoder_layers, reads_left_to_right
from gatbert.pretrained.encoders import load_encoder
from tests.tiny import CONFIGS, DECODERS, ENCODER_DECODERS, save_encoder


@pytest.mark.parametrize("family", [*CONFIGS, *ENCODER_DECODERS, *DECODERS])
def test_layers_and_direction_of_every_family(family: str, tmp_path: Path) -> None:
    encoder = load_encoder(save_encoder(tmp_path, family))
    layers = encoder_layers(encoder)
    assert len(layers) == 2
    assert len({type(layer) for layer in layers}) == 1
    assert reads_left_to_right(encoder) == (family in DECODERS)
    assert encoder.training


def test_layers_that_share_their_weights_are_none() -> None:
    sizes: dict[str, Any] = {"hidden_size": 16, "embedding_size": 8, "num_attention_heads": 2, "intermediate_size": 32}
    albert = AlbertModel(AlbertConfig(vocab_size=20, num_hidden_layers=3, **sizes))
    with pytest.raises(UserError, match="'albert' has no list of 3 layers"):
        encoder_layers(albert)
