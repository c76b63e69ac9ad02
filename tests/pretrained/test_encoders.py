"""Encoders of every family load ready to train, from wherever users keep them."""

import json
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import AutoModel

from gatbert.errors import UserError
from gatbert.pretrained.capacity import max_positions
from gatbert.pretrained.configurations import build_encoder
from gatbert.pretrained.encoders import build_tokenizer, load_encoder, load_tokenizer, tokenizer_files
from tests.tiny import ENCODER_DECODERS, save_encoder


def states(encoder: torch.nn.Module) -> torch.Tensor:
    encoder.eval()
    with torch.no_grad():
        output: torch.Tensor = encoder(torch.tensor([[1, 7, 9, 2]])).last_hidden_state
    return output


def test_loads_in_train_mode_without_pooler(any_encoder: str) -> None:
    encoder = load_encoder(any_encoder)
    assert all(module.training for module in encoder.modules())
    assert not any("pooler" in name for name, _ in encoder.named_parameters())
    original = AutoModel.from_pretrained(any_encoder)
    torch.testing.assert_close(states(encoder), states(original))


def test_half_precision_files_are_trained_in_fp32(any_encoder: str, tmp_path: Path) -> None:
    AutoModel.from_pretrained(any_encoder, dtype=torch.float16).save_pretrained(tmp_path)
    assert {parameter.dtype for parameter in load_encoder(str(tmp_path)).parameters()} == {torch.float32}


def test_tokenizer_survives_as_text(any_encoder: str) -> None:
    tokenizer = load_tokenizer(any_encoder)
    rebuilt = build_tokenizer(tokenizer_files(tokenizer))
    pair = ("wind power", "bad harm unknownword!")
    assert rebuilt(*pair) == tokenizer(*pair)
    assert rebuilt.model_max_length == tokenizer.model_max_length
    assert rebuilt.mask_token == tokenizer.mask_token


@pytest.mark.parametrize("family", ENCODER_DECODERS)
def test_of_an_encoder_decoder_the_encoder_is_used(family: str, tmp_path: Path) -> None:
    source = save_encoder(tmp_path, family)
    encoder, whole = load_encoder(source), AutoModel.from_pretrained(source).eval()
    tokens = torch.tensor([[1, 7, 9, 2]])
    with torch.no_grad():
        expected = whole(input_ids=tokens, decoder_input_ids=tokens)
    torch.testing.assert_close(states(encoder), expected.encoder_last_hidden_state, rtol=0, atol=0)
    assert not torch.allclose(states(encoder), expected.last_hidden_state, atol=1e-2)
    rebuilt = build_encoder(json.loads(json.dumps(encoder.config.to_diff_dict())), encoder.state_dict())
    rebuilt.load_state_dict(encoder.state_dict())
    torch.testing.assert_close(states(rebuilt), states(encoder), rtol=0, atol=0)
    assert max_positions(encoder) == (64 if family == "bart" else None)
    assert max_positions(encoder) is None or not encoder(torch.full((1, 64), 9)).last_hidden_state.isnan().any()


def test_missing_weights_are_refused(encoder: str, tmp_path: Path) -> None:
    shutil.copytree(encoder, tmp_path, dirs_exist_ok=True)
    weights = load_file(tmp_path / "model.safetensors")
    weights.pop("encoder.layer.1.output.dense.weight")
    save_file(weights, tmp_path / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(UserError, match=r"lacks 1 weights .*encoder\.layer\.1\.output\.dense\.weight"):
        load_encoder(str(tmp_path))


def test_a_quantized_encoder_is_refused(encoder: str, tmp_path: Path) -> None:
    shutil.copytree(encoder, tmp_path, dirs_exist_ok=True)
    config = json.loads((tmp_path / "config.json").read_text())
    quantization = {"quant_method": "bitsandbytes", "load_in_4bit": True}
    (tmp_path / "config.json").write_text(json.dumps({**config, "quantization_config": quantization}))
    with pytest.raises(UserError, match=r"is quantized.*full precision, and --model\.lora\.quantize"):
        load_encoder(str(tmp_path))
