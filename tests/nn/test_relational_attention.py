"""Relational attention against a dense reference written from the formulas, in float64."""

from dataclasses import fields, replace
from typing import Any, NamedTuple

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from gatbert.batches.packed import GraphBatch, pack_graphs
from gatbert.nn.attention_types import ATTENTION_TYPES, AttentionTypeName, EdgeAttention
from gatbert.nn.relation_parameters import new_bases
from gatbert.nn.relational_attention import RelationalAttention
from gatbert.pretrained.encoders import load_tokenizer
from gatbert.samples import GraphSample
from gatbert.samples.relations import TOKEN_TOKEN
from gatbert.stance_classifier.hybrid import HybridPreprocessor
from tests.graphs import RELATIONS, random_sample, random_samples

HEADS, SIZE = 2, 4
TYPES = pytest.mark.parametrize("att_type", ATTENTION_TYPES)
KINDS = ["", "gate", "relation", "gate and relation"]
"""Whether tokens read the graph through a gate, and each other through a relation."""


class Options(NamedTuple):
    """A gate of each head ``(heads,)``, or none, and whether tokens meet through a relation."""

    gate: Tensor | None = None
    token_relation: bool = False


NO_OPTIONS = Options()


def formulas(
    att_type: AttentionTypeName, layer: Any, states: list[Tensor], batch: GraphBatch, token_relation: bool
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return logits ``(i, j, heads)`` and values of rows i for rows j, and which are text, and graph ``(i, j)``."""
    if att_type == "hetero":
        is_concept = (torch.arange(len(states[0])) >= batch.num_token_rows)[:, None, None]
        mapped = [m(s.flatten(1)).view_as(s) for m, s in zip(layer.concept_projections, states, strict=True)]
        states = [torch.where(is_concept, new, old) for new, old in zip(mapped, states, strict=True)]
    q, k, v = states
    text = torch.zeros(len(q), len(q), dtype=torch.bool)
    for rows, mask in zip(batch.token_index, batch.token_mask, strict=True):
        text[rows[mask][:, None], rows[mask]] = True
    related = torch.zeros(len(q), len(q), len(RELATIONS), dtype=q.dtype)
    related[(*batch.node_pairs[:, batch.edge_node_pair], batch.edge_relation)] = 1
    graph = related.any(-1)
    related[..., TOKEN_TOKEN] = token_relation * text.to(q.dtype)
    keys, values = k.expand(len(q), *k.shape), v.expand(len(q), *v.shape)
    if att_type in ("rel_mat", "hetero"):
        matrices = torch.einsum("ijr,rhb,bde->ijhde", related, layer.coefficients, layer.bases)
        keys = torch.where(related.any(-1)[..., None, None], torch.einsum("ijhde,jhe->ijhd", matrices, k), keys)
    else:
        sign = {"edge_as_att": 1, "trans_key": -1}.get(att_type) or pytest.fail(f"{att_type} has no formula here")
        keys = keys + sign * torch.einsum("ijr,rhd->ijhd", related, layer.relation_keys)
    if att_type in ("edge_as_att", "hetero"):
        values = values + torch.einsum("ijr,rhd->ijhd", related, layer.relation_values)
    return torch.einsum("ihd,ijhd->ijh", q, keys) / SIZE**0.5, values, text, graph


def read(logits: Tensor, values: Tensor, attended: Tensor) -> Tensor:
    """Return what each row reads of those that it attends to, 0 where there are none ``(rows, heads, head_size)``."""
    probs = logits.masked_fill(~attended[..., None], -torch.inf).softmax(1)
    return torch.einsum("ijh,ijhd->ihd", torch.where(attended.any(1)[:, None, None], probs, 0), values)


def dense(att_type: AttentionTypeName, layer: Any, states: list[Tensor], batch: GraphBatch, options: Options) -> Tensor:
    """Attend as the formulas say, every row to every row: over text and graph, or over each, and then the gate."""
    logits, values, text, graph = formulas(att_type, layer, states, batch, options.token_relation)
    if options.gate is None:
        return read(logits, values, text | graph)
    is_token = (torch.arange(len(text)) < batch.num_token_rows)[:, None, None]
    share = torch.where(is_token, options.gate[:, None], 1.0)
    return read(logits, values, text) + share * read(logits, values, graph)


def pack(encoder: str, samples: list[GraphSample], with_tokens: bool = True) -> GraphBatch:
    return pack_graphs(HybridPreprocessor(load_tokenizer(encoder)).encode(samples), with_tokens)


def without_hops(batch: GraphBatch) -> GraphBatch:
    """Ask for all rows in every layer."""
    return replace(batch, rows_by_hops=batch.rows_by_hops[-1:])


def build(att_type: AttentionTypeName, dtype: torch.dtype = torch.float64) -> EdgeAttention:
    torch.manual_seed(0)
    layer = ATTENTION_TYPES[att_type](len(RELATIONS), HEADS, SIZE, new_bases(SIZE))
    for parameter in layer.parameters():
        nn.init.normal_(parameter, std=0.4)  # far from the neutral start, so that every term counts
    return layer.to(dtype)


def states(batch: GraphBatch, dtype: torch.dtype) -> list[Tensor]:
    torch.manual_seed(1)
    drawn = torch.randn(3, len(batch.sample_of_row), HEADS, SIZE, dtype=torch.float64).to(dtype)
    return [one.requires_grad_() for one in drawn.unbind()]


def options_of(kind: str, dtype: torch.dtype) -> Options:
    gate = torch.linspace(-0.8, 0.6, HEADS, dtype=dtype, requires_grad=True)
    return Options(gate if "gate" in kind else None, "relation" in kind)


def attend(
    layer: EdgeAttention, states: list[Tensor], batch: GraphBatch, options: Options = NO_OPTIONS, dropout: float = 0.0
) -> Tensor:
    module: Any = nn.Identity()
    module.layer_number = 0
    gates = () if options.gate is None else (options.gate,)
    attention = RelationalAttention(batch, (layer,), gates, options.token_relation)
    q, k, v = states
    return attention.attend(module, q, k, v, SIZE**-0.5, dropout, None)


def gradients(output: Tensor, inputs: list[Tensor]) -> list[Tensor]:
    torch.manual_seed(2)
    weights = torch.randn(output.shape, dtype=torch.float64).to(output.dtype)
    return list(torch.autograd.grad((output * weights).sum(), inputs))


@TYPES
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("with_tokens", [True, False])
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_equals_the_formulas_with_gradients(
    encoder: str, att_type: AttentionTypeName, kind: str, with_tokens: bool, dtype: torch.dtype
) -> None:
    batch = without_hops(pack(encoder, random_samples(), with_tokens))
    found: list[Tensor] = []
    wanted: list[Tensor] = []
    for precision, results in ((dtype, found), (torch.float64, wanted)):
        layer, inputs = build(att_type, precision), states(batch, precision)
        options = options_of(kind, precision)
        is_ours = results is found
        output = attend(layer, inputs, batch, options) if is_ours else dense(att_type, layer, inputs, batch, options)
        gates = [] if options.gate is None else [options.gate]
        results += [output, *gradients(output, [*inputs, *gates, *layer.parameters()])]
    assert found[0].abs().sum() > 0
    tolerance = 1e-5 if dtype == torch.float32 else 1e-6
    for one, other in zip(found, wanted, strict=True):
        torch.testing.assert_close(one.double(), other, rtol=tolerance, atol=tolerance)


@TYPES
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), words=st.integers(2, 9), concepts=st.integers(0, 6), edges=st.integers(0, 15))
def test_equals_the_formulas_on_any_graph(
    encoder: str, att_type: AttentionTypeName, seed: int, words: int, concepts: int, edges: int
) -> None:
    samples = [random_sample(seed, words, concepts, edges), random_sample(seed + 1, words + 1, concepts, edges)]
    batch = without_hops(pack(encoder, samples))
    layer, inputs = build(att_type), states(batch, torch.float64)
    for options in (options_of(kind, torch.float64) for kind in KINDS):
        expected = dense(att_type, layer, inputs, batch, options)
        torch.testing.assert_close(attend(layer, inputs, batch, options), expected, rtol=1e-6, atol=1e-6)


@TYPES
@pytest.mark.parametrize("kind", KINDS)
def test_rows_that_nobody_asks_for_are_zero_and_the_others_the_same(
    encoder: str, att_type: AttentionTypeName, kind: str
) -> None:
    batch = pack(encoder, random_samples())
    layer, inputs, options = build(att_type), states(batch, torch.float64), options_of(kind, torch.float64)
    everything = attend(layer, inputs, without_hops(batch), options)
    asked = attend(layer, inputs, batch, options)
    first = len(batch)
    torch.testing.assert_close(asked[:first], everything[:first])
    assert asked[first:].abs().sum() == 0


@pytest.mark.parametrize("kind", KINDS)
def test_the_softmax_survives_large_logits(encoder: str, kind: str) -> None:
    batch = without_hops(pack(encoder, random_samples()))
    layer, options = build("edge_as_att", torch.float32), options_of(kind, torch.float32)
    q, k, v = states(batch, torch.float32)
    output = attend(layer, [1e3 * q, 1e3 * k, v], batch, options)
    assert output.isfinite().all()
    assert all(gradient.isfinite().all() for gradient in gradients(output, [q, k, v]))


@pytest.mark.parametrize("kind", KINDS)
def test_padding_beyond_the_window_of_a_local_layer_spoils_no_gradient(encoder: str, kind: str) -> None:
    batch = without_hops(pack(encoder, [random_sample(0, num_words=2), random_sample(1, num_words=12)]))
    module: Any = nn.Identity()
    module.layer_number = 0
    options, (q, k, v) = options_of(kind, torch.float32), states(batch, torch.float32)
    gates = () if options.gate is None else (options.gate,)
    attention = RelationalAttention(batch, (build("edge_as_att", torch.float32),), gates, options.token_relation)
    output = attention.attend(module, q, k, v, SIZE**-0.5, 0.0, 3)
    assert all(gradient.isfinite().all() for gradient in gradients(output, [q, k, v]))


def test_a_row_that_attends_to_nothing_reads_zeros(encoder: str) -> None:
    batch = pack(encoder, [random_sample(4, num_edges=0, num_links=0)], with_tokens=False)
    assert len(batch.sample_of_row) == 6
    assert attend(build("edge_as_att"), states(batch, torch.float64), batch).abs().sum() == 0


@TYPES
def test_every_attention_type_starts_on_the_scale_of_its_text(encoder: str, att_type: AttentionTypeName) -> None:
    """A pair starts as one more attendee, neither the loudest nor unheard, and relations differ."""
    torch.manual_seed(0)
    size = 32
    layer = ATTENTION_TYPES[att_type](len(RELATIONS), HEADS, size, new_bases(size))
    batch = without_hops(pack(encoder, random_samples()))
    k, v = torch.randn(2, len(batch.sample_of_row), HEADS, size).unbind()
    attended = k[batch.node_pairs[1]]
    keys, values = layer.keys(k, batch, batch.rows_by_hops[-1]), layer.values(v, batch, batch.rows_by_hops[-1])
    for new, old in ((keys, attended), (values, v[batch.node_pairs[1]])):
        ratio = new.norm(dim=-1).mean() / old.norm(dim=-1).mean()
        assert 1 <= ratio < 1.8
    assert nn.functional.cosine_similarity(keys, attended, dim=-1).mean() > 0.5
    others = layer.keys(k, replace(batch, edge_relation=batch.edge_relation.flip(0)), batch.rows_by_hops[-1])
    assert (keys - others).norm(dim=-1).mean() > 0.2 * keys.norm(dim=-1).mean()


@pytest.mark.parametrize("kind", ["", "gate"])
def test_dropout_drops_probabilities_of_text_and_graph_alike(encoder: str, kind: str) -> None:
    batch = without_hops(pack(encoder, random_samples()))
    layer, inputs, options = build("edge_as_att"), states(batch, torch.float64), options_of(kind, torch.float64)
    torch.manual_seed(0)
    drawn = torch.stack([attend(layer, inputs, batch, options, dropout=0.3) for _ in range(600)])
    expected = attend(layer, inputs, batch, options)
    error = (drawn.mean(0) - expected).abs() / (drawn.std(0) / 600**0.5 + 1e-9)
    assert error.max() < 6
    assert drawn.std(0)[batch.num_token_rows :].max() > 0


def test_batches_move_and_pin_all_their_tensors(encoder: str) -> None:
    batch = pack(encoder, random_samples())
    moved = batch.to("meta")
    tensors = [field.name for field in fields(batch) if isinstance(getattr(batch, field.name), Tensor)]
    assert {getattr(moved, name).device.type for name in tensors} == {"meta"}
    assert moved.rows_by_hops == batch.rows_by_hops
