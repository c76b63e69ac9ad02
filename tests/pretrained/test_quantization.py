"""Encoders in 8 or 4 bits: the weights are those of the papers' formulas, and gradients go through to adapters."""

import sys
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from gatbert.errors import UserError
from gatbert.pretrained.adapters import Lora, adapt
from gatbert.pretrained.encoders import load_encoder
from gatbert.pretrained.quantization import Quantization, quantized
from gatbert.pretrained.weights import weights_sha256
from tests.tiny import CONFIGS, DECODERS, ENCODER_DECODERS, save_encoder, wide_config

TOKENS = torch.tensor([[1, 7, 9, 2]])

# Appendix E of https://arxiv.org/abs/2305.14314
LEVELS = torch.tensor(
    [
        *(-1.0, -0.6961928, -0.52507305, -0.39491748, -0.28444138, -0.18477343, -0.09105003, 0.0),
        *(0.0795803, 0.1609302, 0.2461123, 0.33791524, 0.44070983, 0.562617, 0.72295684, 1.0),
    ]
)


def in_bits(weight: Tensor, bits: Quantization) -> Tensor:
    """Return what is left of a weight: of each row in 8 bits, of each 64 values in 4."""
    values = weight.half().float() if bits == "8bit" else weight.reshape(-1, 64)
    most = values.abs().amax(1, keepdim=True)
    if bits == "8bit":
        return (values / most * 127).round() / 127 * most
    nearest = (values.unsqueeze(-1) / most.unsqueeze(-1) - LEVELS).abs().argmin(-1)
    return (LEVELS[nearest] * most).reshape(weight.shape)


@pytest.fixture
def wide_encoder(tmp_path: Path) -> str:
    """A BERT that can be in 4 bits."""
    return save_encoder(tmp_path, config=wide_config("bert"))


@pytest.fixture(autouse=True)
def _installed(request: pytest.FixtureRequest) -> None:
    if "without" not in request.node.name:
        pytest.importorskip("bitsandbytes")


@pytest.mark.parametrize("bits", ["8bit", "4bit"])
def test_linear_layers_are_those_of_the_formula_and_all_else_stays(bits: Quantization, wide_encoder: str) -> None:
    plain = load_encoder(wide_encoder)
    before = weights_sha256(plain)
    found = quantized(plain, bits)
    assert weights_sha256(plain) == before
    assert found.training
    assert "quantization_config" not in found.config.to_diff_dict()
    layers = {name: layer for name, layer in plain.named_modules() if isinstance(layer, nn.Linear)}
    assert len(layers) == 12
    for name, layer in layers.items():
        with torch.no_grad():
            read = (found.eval().get_submodule(name)(torch.eye(layer.in_features)) - layer.bias).T
        weight = layer.weight.detach()
        expected = in_bits(weight, bits)
        # A value between two steps may fall on either.
        torch.testing.assert_close(read, expected, rtol=0, atol=0.01 * float(weight.abs().max()))
        assert (read - expected).abs().mean() < 0.05 * (weight - expected).abs().mean()
    own, others = plain.state_dict(), found.state_dict()
    for name in own.keys() - {f"{layer}.weight" for layer in layers}:
        torch.testing.assert_close(others[name].float(), own[name], rtol=1e-2, atol=0)


@pytest.mark.parametrize("bits", ["8bit", "4bit"])
@pytest.mark.parametrize("family", [*CONFIGS, *ENCODER_DECODERS, *DECODERS])
def test_adapters_of_every_family_are_trained_before_and_after_an_evaluation(
    family: str, bits: Quantization, tmp_path: Path
) -> None:
    plain = load_encoder(save_encoder(tmp_path, family, config=wide_config(family)))
    encoder, adapter = adapt(plain, Lora(rank=2, quantize=bits))
    assert adapter.base_sha256 == weights_sha256(plain)
    trained = {name: one for name, one in encoder.named_parameters() if one.requires_grad}
    assert trained
    assert all("lora_" in name for name in trained)
    torch.manual_seed(0)
    with torch.no_grad():
        for parameter in trained.values():
            parameter.normal_(std=0.1)
    found = []
    for _ in range(2):
        torch.manual_seed(0)
        encoder.train()(TOKENS).last_hidden_state[0, :, 0].sum().backward()
        found.append([parameter.grad for parameter in trained.values()])
        assert all(gradient is not None and gradient.abs().max() > 0 for gradient in found[-1])
        encoder.zero_grad()
        with torch.no_grad():
            assert encoder.eval()(TOKENS).last_hidden_state.isfinite().all()
    torch.testing.assert_close(*found)


def test_what_belongs_to_an_8_bit_weight_goes_where_it_goes(encoder: str) -> None:
    """A model that moves to another device puts another tensor in the place of the weight's own."""
    found = quantized(load_encoder(encoder), "8bit").eval()
    layer = found.get_submodule("encoder.layer.0.attention.self.query")
    weight = layer.get_parameter("weight")
    with torch.no_grad():
        before = layer(torch.eye(16)) - layer.bias
        weight.data = -weight.data
        torch.testing.assert_close(layer(torch.eye(16)) - layer.bias, -before)
    assert layer.state.CB.data_ptr() == weight.data_ptr()


def test_rows_that_end_within_a_block_are_refused(encoder: str) -> None:
    with pytest.raises(UserError, match=r"4bit: a layer of 'bert' reads 16 values.*multiples of 64 alone; give 8bit"):
        quantized(load_encoder(encoder), "4bit")


@pytest.mark.parametrize("bits", ["8bit", "4bit"])
def test_without_bitsandbytes_it_is_named(bits: Quantization, encoder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "bitsandbytes", None)
    with pytest.raises(UserError, match=rf'^lora\.quantize {bits}.*pip install "gatbert\[quantize\]"'):
        quantized(load_encoder(encoder), bits)
