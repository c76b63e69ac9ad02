"""Encoders are built from nothing but the plain form of their configuration."""

import json

import torch
from transformers import AutoConfig, AutoModel

from gatbert.pretrained.configurations import build_encoder, text_encoder, without_pooler
from gatbert.pretrained.encoders import load_encoder


def states(encoder: torch.nn.Module) -> torch.Tensor:
    with torch.no_grad():
        output: torch.Tensor = encoder.eval()(torch.tensor([[1, 7, 9, 2]])).last_hidden_state
    return output


def test_rebuilt_from_its_plain_configuration(any_encoder: str) -> None:
    encoder = load_encoder(any_encoder)
    rebuilt = build_encoder(json.loads(json.dumps(encoder.config.to_diff_dict())))
    assert rebuilt.training
    rebuilt.load_state_dict(encoder.state_dict())
    torch.testing.assert_close(states(rebuilt), states(encoder), rtol=0, atol=0)


def test_an_encoder_is_itself_without_pooling_layer(any_encoder: str) -> None:
    config = AutoConfig.from_pretrained(any_encoder)
    whole = AutoModel.from_config(config, **without_pooler(config))
    assert text_encoder(whole) is whole
    assert getattr(whole, "pooler", None) is None
    assert without_pooler(config) == ({"add_pooling_layer": False} if hasattr(whole, "pooler") else {})
