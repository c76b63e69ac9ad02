"""Relational attention against a dense reference written from the formulas, in float64."""

from dataclasses import fields, replace
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from gatbert.batches.packed import GraphBatch, pack_graphs
from gatbert.nn.attention_types import ATTENTION_TYPES, AttentionTypeName, EdgeAttention, new_bases
from gatbert.nn.relational_attention import RelationalAttention
from gatbert.pretrained.encoders import load_tokenizer
from gatbert.samples import GraphSample
from gatbert.stance_classifier.hybrid import HybridPreprocessor
from tests.graphs import RELATIONS, random_sample, random_samples

HEADS, SIZE = 2, 4
TYPES = pytest.mark.parametrize("att_type", ATTENTION_TYPES)


def dense(att_type: AttentionTypeName, layer: Any, q: Tensor, k: Tensor, v: Tensor, batch: GraphBatch) -> Tensor:
    """Attend as the formulas say, every row to every row, with the relations of each pair ``(i, j, relations)``."""
    if att_type == "hetero":
        is_concept = (torch.arange(len(q)) >= batch.num_token_rows)[:, None, None]
        mapped = [m(s.flatten(1)).view_as(s) for m, s in zip(layer.concept_projections, (q, k, v), strict=True)]
        q, k, v = (torch.where(is_concept, new, old) for new, old in zip(mapped, (q, k, v), strict=True))
    related = torch.zeros(len(q), len(q), len(RELATIONS), dtype=q.dtype)
    related[(*batch.node_pairs[:, batch.edge_node_pair], batch.edge_relation)] = 1
    attended = related.any(-1)
    for rows, mask in zip(batch.token_index, batch.token_mask, strict=True):
        attended[rows[mask][:, None], rows[mask]] = True
    keys, values = k.expand(len(q), *k.shape), v.expand(len(q), *v.shape)
    if att_type in ("rel_mat", "hetero"):
        matrices = torch.einsum("ijr,rhb,bde->ijhde", related, layer.coefficients, layer.bases)
        keys = torch.where(related.any(-1)[..., None, None], torch.einsum("ijhde,jhe->ijhd", matrices, k), keys)
    else:
        sign = {"edge_as_att": 1, "trans_key": -1}.get(att_type) or pytest.fail(f"{att_type} has no formula here")
        keys = keys + sign * torch.einsum("ijr,rhd->ijhd", related, layer.relation_keys)
    if att_type in ("edge_as_att", "hetero"):
        values = values + torch.einsum("ijr,rhd->ijhd", related, layer.relation_values)
    logits = torch.einsum("ihd,ijhd->ijh", q, keys) / SIZE**0.5
    probs = logits.masked_fill(~attended[..., None], -torch.inf).softmax(1)
    return torch.einsum("ijh,ijhd->ihd", torch.where(attended.any(1)[:, None, None], probs, 0), values)


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


def states(batch: GraphBatch, dtype: torch.dtype) -> tuple[Tensor, Tensor, Tensor]:
    torch.manual_seed(1)
    q, k, v = torch.randn(3, len(batch.sample_of_row), HEADS, SIZE, dtype=torch.float64).to(dtype).unbind()
    return q.requires_grad_(), k.requires_grad_(), v.requires_grad_()


def attend(layer: EdgeAttention, q: Tensor, k: Tensor, v: Tensor, batch: GraphBatch) -> Tensor:
    module: Any = nn.Identity()
    module.layer_number = 0
    return RelationalAttention(batch, (layer,)).attend(module, q, k, v, SIZE**-0.5, 0.0, None)


def gradients(output: Tensor, inputs: list[Tensor]) -> list[Tensor]:
    torch.manual_seed(2)
    weights = torch.randn(output.shape, dtype=torch.float64).to(output.dtype)
    return list(torch.autograd.grad((output * weights).sum(), inputs))


@TYPES
@pytest.mark.parametrize("with_tokens", [True, False])
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_equals_the_formulas_with_gradients(
    encoder: str, att_type: AttentionTypeName, with_tokens: bool, dtype: torch.dtype
) -> None:
    batch = without_hops(pack(encoder, random_samples(), with_tokens))
    found: list[Tensor] = []
    wanted: list[Tensor] = []
    for kind, results in ((dtype, found), (torch.float64, wanted)):
        layer, (q, k, v) = build(att_type, kind), states(batch, kind)
        output = attend(layer, q, k, v, batch) if results is found else dense(att_type, layer, q, k, v, batch)
        results += [output, *gradients(output, [q, k, v, *layer.parameters()])]
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
    layer, (q, k, v) = build(att_type), states(batch, torch.float64)
    torch.testing.assert_close(
        attend(layer, q, k, v, batch), dense(att_type, layer, q, k, v, batch), rtol=1e-6, atol=1e-6
    )


@TYPES
def test_rows_that_nobody_asks_for_are_zero_and_the_others_the_same(encoder: str, att_type: AttentionTypeName) -> None:
    batch = pack(encoder, random_samples())
    layer, (q, k, v) = build(att_type), states(batch, torch.float64)
    everything = attend(layer, q, k, v, without_hops(batch))
    asked = attend(layer, q, k, v, batch)
    first = len(batch)
    torch.testing.assert_close(asked[:first], everything[:first])
    assert asked[first:].abs().sum() == 0


def test_the_softmax_survives_large_logits(encoder: str) -> None:
    batch = without_hops(pack(encoder, random_samples()))
    layer = build("edge_as_att", torch.float32)
    q, k, v = states(batch, torch.float32)
    output = attend(layer, 1e3 * q, 1e3 * k, v, batch)
    assert output.isfinite().all()
    assert all(gradient.isfinite().all() for gradient in gradients(output, [q, k, v]))


def test_a_row_that_attends_to_nothing_reads_zeros(encoder: str) -> None:
    batch = pack(encoder, [random_sample(4, num_edges=0, num_links=0)], with_tokens=False)
    layer, (q, k, v) = build("edge_as_att"), states(batch, torch.float64)
    assert len(batch.sample_of_row) == 6
    assert attend(layer, q, k, v, batch).abs().sum() == 0


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


def test_dropout_drops_probabilities_of_text_and_graph_alike(encoder: str) -> None:
    batch = without_hops(pack(encoder, random_samples()))
    layer, (q, k, v) = build("edge_as_att"), states(batch, torch.float64)
    module: Any = nn.Identity().train()
    module.layer_number = 0
    torch.manual_seed(0)
    drawn = torch.stack(
        [RelationalAttention(batch, (layer,)).attend(module, q, k, v, SIZE**-0.5, 0.3, None) for _ in range(600)]
    )
    expected = attend(layer, q, k, v, batch)
    error = (drawn.mean(0) - expected).abs() / (drawn.std(0) / 600**0.5 + 1e-9)
    assert error.max() < 6
    assert drawn.std(0)[batch.num_token_rows :].max() > 0


def test_batches_move_and_pin_all_their_tensors(encoder: str) -> None:
    batch = pack(encoder, random_samples())
    moved = batch.to("meta")
    tensors = [field.name for field in fields(batch) if isinstance(getattr(batch, field.name), Tensor)]
    assert {getattr(moved, name).device.type for name in tensors} == {"meta"}
    assert moved.rows_by_hops == batch.rows_by_hops
