"""Where attention goes: rollout from what a classifier's head reads down to the nodes of a sample."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, cast

import numpy as np
import torch
from torch import Tensor, nn
from transformers import AttentionInterface, PreTrainedModel

from gatbert.batches import Batch, Encoded
from gatbert.errors.libraries import ATTENTION_IMPLEMENTATION
from gatbert.explanations.model import Floats, TrainedModel, concept_of_row, graph_of
from gatbert.nn.relational_attention import ATTENTION_NAME, RelationalAttention, attention_function
from gatbert.stance_classifier import ConcatClassifier, ExternalClassifier, HybridClassifier, TextClassifier
from gatbert.stance_classifier.concat import ConcatBatch
from gatbert.stance_classifier.word_tokens import IN_TARGET, IN_TEXT

RECORDED_NAME = "gatbert_recorded"


class _Reader(NamedTuple):
    """Hold vectors that go to the head, each as its weight on the last states ``(vectors, rows)``, and what is below.

    ``rollout`` is ``(rows, rows)``, ``nodes`` says which node each row is ``(rows,)``.
    """

    vectors: Tensor
    rollout: Tensor
    nodes: Tensor


@torch.no_grad()
def attention_mass(model: TrainedModel, encoded: Encoded) -> Floats | None:
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
        ``(tokens + concepts,)``; ``None`` for classifiers of another class, and for graph convolutions.
    """
    batch = model.collate([encoded])
    readers = [reader for reader in (_text(model, batch), _graph(model, batch, encoded)) if reader is not None]
    if not readers or _has_convolutions(model.classifier):
        return None
    mass = torch.zeros(len(encoded.arrays["input_ids"]) + len(encoded.arrays.get("concept_lengths", ())))
    used = torch.cat([reader.vectors.sum(1) > 0 for reader in readers])
    for vectors, rollout, nodes in readers:
        mass = mass.index_add(0, nodes.cpu(), (vectors @ rollout).sum(0).cpu())
    return cast(Floats, (mass / used.sum().clamp(min=1).cpu()).numpy().astype(np.float64))


def roll_out(layers: Sequence[Tensor]) -> Tensor:
    """Return how much of each last state comes from each row ``(rows, rows)``, given each layer's attention."""
    eye = torch.eye(layers[0].shape[0], device=layers[0].device)
    total = eye
    for attention in layers:
        total = ((attention + eye) / (1 + attention.sum(-1, keepdim=True))) @ total
    return total


def _text(model: TrainedModel, batch: Batch) -> _Reader | None:
    classifier = model.classifier
    if not isinstance(classifier, TextClassifier | ConcatClassifier):
        return None
    with recorded_text(classifier.encoder) as layers:
        classifier(batch)
    if not layers:
        return None
    rollout = roll_out([layer[0].float().mean(0) for layer in layers])
    first = torch.zeros(1, len(rollout), device=rollout.device)
    first[:, 0] = 1
    if classifier.pooling == "first":
        vectors = first
    elif isinstance(batch, ConcatBatch):
        vectors = _means(batch.token_groups[0])
    else:
        vectors = torch.full_like(first, 1 / len(rollout))
    return _Reader(vectors, rollout, torch.arange(len(rollout)))


def _graph(model: TrainedModel, batch: Batch, encoded: Encoded) -> _Reader | None:
    classifier, graph = model.classifier, graph_of(batch)
    if not isinstance(classifier, HybridClassifier | ExternalClassifier | ConcatClassifier) or graph is None:
        return None
    encoder = classifier.concept_layers if isinstance(classifier, ConcatClassifier) else classifier.encoder
    rows = len(graph.sample_of_row)
    if not rows or _has_convolutions(classifier):
        return None
    with recorded_graph(encoder) as layers:
        classifier(batch)
    vectors = torch.full((1, rows), 1 / rows, device=graph.sample_of_row.device)
    if isinstance(classifier, HybridClassifier):
        vectors = torch.eye(rows, device=vectors.device)[:1]
    elif isinstance(batch, ConcatBatch) and cast(ConcatClassifier, classifier).pooling == "seeds":
        vectors = _means(batch.concept_groups)
    concepts = torch.from_numpy(concept_of_row([encoded], graph.num_token_rows > 0)).to(vectors.device)
    nodes = torch.cat([graph.token_position, len(encoded.arrays["input_ids"]) + concepts])
    return _Reader(vectors, roll_out(layers), nodes)


def _means(groups: Tensor) -> Tensor:
    """Return the weights of the means over what belongs to the target, and to the text ``(2, rows)``."""
    chosen = torch.stack([(groups & group) > 0 for group in (IN_TARGET, IN_TEXT)]).float()
    return chosen / chosen.sum(1, keepdim=True).clamp(min=1)


def _has_convolutions(classifier: nn.Module) -> bool:
    return isinstance(classifier, ExternalClassifier | ConcatClassifier) and classifier.graph_encoder.relational is None


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

    Rows that the layer does not compute attend to nothing.
    """
    batch, number = attention.batch, cast(int, module.layer_number)
    needed, edge_attention = attention.rows_needed_before(number + 1), attention.layers[number]
    if edge_attention is not None:
        q, k, v = edge_attention.project(q, k, v, batch.num_token_rows)
    tokens, rows = batch.num_token_rows, len(batch.sample_of_row)
    logits = torch.full((q.shape[1], rows, rows), -torch.inf, device=q.device)
    place = batch.token_position % max(1, batch.token_index.shape[1])
    apart = batch.sample_of_row[:tokens, None] != batch.sample_of_row[:tokens]
    if sliding_window is not None:
        apart = apart | ((place[:, None] - place).abs() >= sliding_window)
    within = torch.einsum("ihd,jhd->hij", q[:tokens], k[:tokens]).float()
    logits[:, :tokens, :tokens] = within.masked_fill(apart, -torch.inf)
    if edge_attention is not None:
        heads, tails = batch.node_pairs[:, : needed.num_node_pairs]
        keys = edge_attention.keys(k, batch, needed)
        logits[:, heads, tails] = torch.einsum("phd,phd->hp", q[heads], keys).float()
    logits[:, needed.num_rows :] = -torch.inf
    return logits.softmax(-1).nan_to_num(0.0).mean(0)
