"""Each part of an encoder is given the rows that are needed, and no more."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from gatbert.nn.encoder_parts import encoder_layers
from gatbert.nn.packed_encoder import AFTER_ATTENTION, encode_packed
from gatbert.nn.relational_attention import RelationalAttention
from gatbert.nn.relational_encoder import RelationalEncoder
from gatbert.pretrained.encoders import load_encoder, load_tokenizer
from gatbert.samples import GraphSample
from gatbert.stance_classifier.hybrid import HybridPreprocessor
from tests.graphs import RELATIONS, random_sample, random_samples
from tests.tiny import CONFIGS, save_encoder

DEPTH = 4
SAMPLES = [*random_samples(), random_sample(6, num_concepts=9, num_edges=6, num_links=1)]


class Packed(nn.Module):
    """An encoder with relational attention, and what it takes to run it."""

    def __init__(self, source: str, num_graph_layers: int) -> None:
        super().__init__()
        self.encoder = load_encoder(source).eval()
        self.relational = RelationalEncoder(self.encoder, RELATIONS, "edge_as_att", num_graph_layers)
        self.preprocessor = HybridPreprocessor(load_tokenizer(source))

    def attention(self, samples: list[GraphSample]) -> RelationalAttention:
        """Return what travels through the encoder for some samples."""
        batch = self.preprocessor.collate(self.preprocessor.encode(samples))
        return RelationalAttention(batch, (*self.relational.layers, *[None] * self.relational.num_text_layers))

    def forward(self, attention: RelationalAttention) -> Tensor:
        """Return the states of first tokens from random embeddings, the same for as many rows."""
        torch.manual_seed(0)
        return encode_packed(self.encoder, torch.randn(len(attention.batch.sample_of_row), 16), attention)


def build(folder: Path, family: str, num_graph_layers: int) -> Packed:
    """Return an encoder of several layers."""
    depth = {"n_layers" if family == "distilbert" else "num_hidden_layers": DEPTH}
    return Packed(save_encoder(folder, family, config={**CONFIGS[family], **depth}), num_graph_layers)


def record_rows(module: nn.Module, found: list[int]) -> None:
    """Record how many rows a module is given, after what was registered before."""

    def record(module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        found.append(next(one.shape[1] for one in (*args, *kwargs.values()) if isinstance(one, Tensor)))

    module.register_forward_pre_hook(record, with_kwargs=True)


@pytest.mark.parametrize("num_graph_layers", [1, 2, DEPTH])
@pytest.mark.parametrize("family", ["bert", "roberta", "distilbert", "modernbert"])
def test_every_layer_is_given_the_rows_that_it_needs(tmp_path: Path, family: str, num_graph_layers: int) -> None:
    model = build(tmp_path, family, num_graph_layers)
    attention = model.attention(SAMPLES)
    given: list[int] = []
    after_attention: list[int] = []
    for layer in encoder_layers(model.encoder):
        record_rows(layer, given)
        for name, part in layer.named_modules():
            if name in AFTER_ATTENTION:
                record_rows(part, after_attention)
    assert len(model(attention)) == len(SAMPLES)
    needed = [attention.rows_needed_before(layer).num_rows for layer in range(DEPTH + 1)]
    assert needed == sorted(needed, reverse=True)
    assert needed[-1] == len(SAMPLES) < needed[0]
    assert given == needed[:-1]
    assert after_attention == ([] if family == "modernbert" else needed[1:])


def test_what_one_copy_of_an_encoder_runs_is_nothing_to_another(tmp_path: Path) -> None:
    one = build(tmp_path, "bert", 2)
    other = deepcopy(one)
    many, few = one.attention(SAMPLES), other.attention(SAMPLES[:1])
    expected = one(many), other(few)
    # The other runs in the middle of the one: between a layer's beginning and what comes after its attention.

    def run_other(module: nn.Module, args: Any) -> None:
        other(few)

    hook = encoder_layers(one.encoder)[1].register_forward_pre_hook(run_other)
    assert torch.equal(one(many), expected[0])
    hook.remove()
    assert torch.equal(other(few), expected[1])


def test_a_part_without_its_layer_is_refused(tmp_path: Path) -> None:
    layer = encoder_layers(build(tmp_path, "bert", 2).encoder)[0]
    (part,) = (part for name, part in layer.named_modules() if name in AFTER_ATTENTION)
    with pytest.raises(RuntimeError, match="a part of layer 0 was called without its layer"):
        part(torch.zeros(1, 3, 16), torch.zeros(1, 3, 16))
