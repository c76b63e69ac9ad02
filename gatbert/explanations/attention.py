"""Where attention goes: rollout from what a classifier's head reads down to the nodes of a sample."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor, nn
from transformers import AttentionInterface, PreTrainedModel

from gatbert.batches import Batch, Encoded
from gatbert.errors.libraries import ATTENTION_IMPLEMENTATION
from gatbert.explanations.nodes import Floats, num_tokens_and_concepts
from gatbert.nn.relational_attention import ATTENTION_NAME, RelationalAttention, attention_function
from gatbert.stance_classifier import Readout, StanceClassifier
from gatbert.stance_classifier.trained import TrainedClassifier

RECORDED_NAME = "gatbert_recorded"


@torch.no_grad()
def attention_mass(model: TrainedClassifier, encoded: Encoded) -> Floats | None:
    """Return the share of attention that flows from the head's input to each node; they sum to 1.

    Attention of a layer is the mean over its heads, half of it beside the residual: (A + I) / 2; a row that attends to
    nothing keeps itself. The product over the layers says how much of each last state comes from each node. Where the
    head reads several vectors, all that read something count alike.

    Source: attention rollout, Quantifying Attention Flow in Transformers, Abnar and Zuidema 2020
    (https://arxiv.org/abs/2005.00928).

    Args:
        model: The model.
        encoded: One sample.

    Returns:
        ``(tokens + concepts,)``; ``None`` if the classifier does not say what its head reads, or no attention is known.
    """
    batch = model.collate([encoded])
    readouts = model.classifier.readout(batch)
    if any(readout.encoder is None for readout in readouts):
        return None
    flows = [(_flow(model.classifier, batch, readout), readout.graph) for readout in readouts]
    known = [(flow, graph) for flow, graph in flows if flow is not None]
    if not known:
        return None
    # (tokens + concepts,)
    mass = torch.zeros(sum(num_tokens_and_concepts(encoded)))
    for flow, graph in known:
        nodes = torch.arange(flow.shape[1]) if graph is None else graph.node_index.cpu()
        mass = mass.index_add(0, nodes, flow.sum(0).cpu())
    num_vectors = sum(int(flow.any(1).sum()) for flow, _ in known)
    return cast(Floats, (mass / max(num_vectors, 1)).numpy().astype(np.float64))


def roll_out(layers: Sequence[Tensor]) -> Tensor:
    """Return how much of each last state comes from each row ``(rows, rows)``, given each layer's attention."""
    # (rows, rows)
    eye = torch.eye(layers[0].shape[0], device=layers[0].device)
    total = eye
    for attention in layers:
        # Attention sums to 1, as much as the residual has, or to 0, where the residual is all.
        total = ((attention + eye) / (1 + attention.sum(-1, keepdim=True))) @ total
    return total


def _flow(classifier: StanceClassifier, batch: Batch, readout: Readout) -> Tensor | None:
    """Return how much of each vector that the head reads comes from each row of a sample alone in its batch.

    Returns:
        ``(vectors, rows)``, zeros for a vector that reads nothing; ``None`` where no attention is found.
    """
    encoder, is_text = cast(PreTrainedModel, readout.encoder), readout.graph is None
    # (vectors, rows)
    weights = (readout.weights[:, 0] if is_text else readout.weights).float()
    if not weights.shape[1]:
        return None
    with recorded_text(encoder) if is_text else recorded_graph(encoder) as layers:
        classifier(batch)
    if not layers:
        return None
    # (rows, rows) of each layer: the mean over heads
    attention = [layer[0].float().mean(0) for layer in layers] if is_text else layers
    total = weights.sum(1, keepdim=True)
    return (weights / total.where(total > 0, 1.0)) @ roll_out(attention)


@contextmanager
def recorded_text(encoder: PreTrainedModel) -> Iterator[list[Tensor]]:
    """Give a list in which a forward pass leaves the attention of each layer ``(batch, heads, tokens, tokens)``.

    The list stays empty for encoders that do not tell their attention.
    """
    found: list[Tensor] = []

    def ask(module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        return args, {**kwargs, "output_attentions": True}

    def keep(module: nn.Module, args: tuple[Any, ...], output: Any) -> None:
        found.extend(layer for layer in getattr(output, "attentions", None) or () if layer is not None)

    before = ATTENTION_IMPLEMENTATION.read_from(encoder.config)
    encoder.set_attn_implementation("eager")
    handles = [encoder.register_forward_pre_hook(ask, with_kwargs=True), encoder.register_forward_hook(keep)]
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()
        encoder.set_attn_implementation(before)


@contextmanager
def recorded_graph(encoder: PreTrainedModel) -> Iterator[list[Tensor]]:
    """Give a list in which a forward pass over a packed graph leaves the attention of each layer ``(rows, rows)``."""
    found: list[Tensor] = []

    def function(
        module: nn.Module,
        query: Tensor,
        key: Tensor,
        value: Tensor,
        mask: Tensor | None,
        scaling: float,
        **options: Any,
    ) -> tuple[Tensor, None]:
        q, k, v = (states[0].transpose(0, 1) for states in (query, key, value))
        found.append(_probabilities(module, options["attention"], q * scaling, k, v, options.get("sliding_window")))
        return attention_function(module, query, key, value, mask, scaling, **options)

    AttentionInterface.register(RECORDED_NAME, function)
    encoder.set_attn_implementation(RECORDED_NAME)
    try:
        yield found
    finally:
        encoder.set_attn_implementation(ATTENTION_NAME)


def _probabilities(
    module: nn.Module, attention: RelationalAttention, q: Tensor, k: Tensor, v: Tensor, sliding_window: int | None
) -> Tensor:
    """Return the probabilities of ``RelationalAttention.attend``, mean over heads ``(rows, rows)``.

    Rows that the layer does not compute attend to nothing. Through a gate, a row attends to the text with 1 altogether,
    and to the graph with as much as the gate lets in, whatever its sign.
    """
    batch, number = attention.batch, cast(int, module.layer_number)
    needed = attention.rows_needed_before(number + 1)
    q, k, v, pair_keys, _ = attention.project(number, q, k, v, needed)
    tokens, rows = batch.num_token_rows, len(batch.sample_of_row)
    # (heads, rows, rows) each, -inf where a row may not attend to another
    text, graph = torch.full((2, q.shape[1], rows, rows), -torch.inf, device=q.device).unbind()
    # (tokens,), then (tokens, tokens)
    place = batch.node_index[:tokens]
    apart = batch.sample_of_row[:tokens, None] != batch.sample_of_row[:tokens]
    if sliding_window is not None:
        apart = apart | ((place[:, None] - place).abs() >= sliding_window)
    # (heads, tokens, tokens)
    within = torch.einsum("ihd,jhd->hij", q[:tokens], k[:tokens]).float()
    text[:, :tokens, :tokens] = within.masked_fill(apart, -torch.inf)
    heads, tails = batch.node_pairs[:, : len(pair_keys)]
    # (heads, pairs)
    graph[:, heads, tails] = torch.einsum("phd,phd->hp", q[heads], pair_keys).float()
    if attention.gates and attention.layers[number] is not None:
        # (heads, rows, 1)
        gates = attention.row_gates(number, rows).abs().T.unsqueeze(-1)
        found = text.softmax(-1).nan_to_num(0.0) + gates * graph.softmax(-1).nan_to_num(0.0)
    else:
        found = torch.maximum(text, graph).softmax(-1).nan_to_num(0.0)
    found[:, needed.num_rows :] = 0
    return found.mean(0)
