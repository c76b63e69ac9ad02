"""Attention over a packed graph batch: texts as a padded block, the graph pair by pair."""

from dataclasses import dataclass
from typing import Any, Protocol, cast

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch_geometric.utils import softmax
from transformers import AttentionInterface

from gatbert.batches.packed import GraphBatch
from gatbert.batches.rows import FirstRows
from gatbert.nn.attention_types import EdgeAttention
from gatbert.nn.text_block import TextBlock, at_least_fp32, largest_logit, pad_rows

ATTENTION_NAME = "gatbert_relational"


class Attention(Protocol):
    """What travels through an encoder as the keyword ``attention`` and computes the attention of each layer."""

    def attend(
        self,
        module: nn.Module,
        q: Tensor,
        k: Tensor,
        v: Tensor,
        scaling: float,
        dropout: float,
        sliding_window: int | None,
    ) -> Tensor:
        """Return what each row reads ``(rows, heads, head_size)``."""


@dataclass(frozen=True)
class RelationalAttention:
    """Attend within each text and along the pairs of the graph, in all layers of one forward pass.

    Row i attends to all tokens of its text, if it is a token, and to every j for which there is a pair (i, j); the
    softmax runs over both together. With gates, text and graph have a softmax each, and a token reads of the graph that
    share which the gate of the layer lets in. A row that attends to nothing gets zeros. Softmax and sums are in fp32.

    Attributes:
        batch: The graph.
        layers: What the graph adds to each layer of the encoder; ``None`` where a layer does not read it.
        gates: Factor of what tokens read of the graph, in each layer that reads it ``(heads,)``; none without gates.
        token_relation: Whether tokens, too, meet each other through a relation.
        graph_read: Factor of what the tokens of each sample read of the graph ``(batch,)``, beside the gates.
    """

    batch: GraphBatch
    layers: tuple[EdgeAttention | None, ...]
    gates: tuple[Tensor, ...] = ()
    token_relation: bool = False
    graph_read: Tensor | None = None

    def rows_needed_before(self, layer: int) -> FirstRows:
        """Return what has to be known before a layer, so that what the head reads is known after the last."""
        graph_layers = sum(one is not None for one in self.layers[layer:])
        # Each layer reads one hop further; above the graph layers nothing but tokens does.
        return self.batch.rows_within(min(len(self.layers) - layer, self.batch.hops_of_tokens + graph_layers))

    def attend(
        self,
        module: nn.Module,
        q: Tensor,
        k: Tensor,
        v: Tensor,
        scaling: float,
        dropout: float,
        sliding_window: int | None,
    ) -> Tensor:
        """Return what each row reads ``(rows, heads, head_size)``, zeros where no later layer asks for it.

        The axes ``needed`` and ``pairs`` are the first rows, and pairs of theirs, that the next layer asks for.
        """
        layer = cast(int, module.layer_number)
        needed = self.rows_needed_before(layer + 1)
        # (rows, heads, head_size) and (pairs, heads, head_size)
        q, k, v, pair_keys, pair_values = self.project(layer, q, k, v, needed)
        q = q * scaling
        # (pairs,) and (pairs, heads)
        attending = self.batch.node_pairs[0, : len(pair_keys)]
        pair_logits = at_least_fp32(torch.einsum("phd,phd->ph", q.index_select(0, attending), pair_keys))
        # (batch, heads, queries, tokens)
        block = TextBlock.from_batch(self.batch, needed.num_rows)
        block_logits = block.logits(q, k, sliding_window)
        # as the logits, and (needed, heads)
        if self.gates and self.layers[layer] is not None:
            row_gates = self.row_gates(layer, needed.num_rows)
            block_weights, pair_weights, total = _softmax_each(block_logits, pair_logits, attending, row_gates)
        else:
            block_weights, pair_weights, total = _softmax(block, block_logits, pair_logits, attending, needed.num_rows)
        # (token rows, heads, head_size) and (pairs, heads, head_size)
        text = block.read(functional.dropout(block_weights, dropout, module.training), v)
        graph = functional.dropout(pair_weights, dropout, module.training).unsqueeze(-1) * pair_values
        # (needed, heads, head_size), and zeros for the rows after them
        read = pad_rows(text, needed.num_rows).index_add(0, attending, graph.to(text.dtype))
        return pad_rows(read / total.clamp(min=torch.finfo(total.dtype).tiny).unsqueeze(-1), len(q))

    def project(self, layer: int, q: Tensor, k: Tensor, v: Tensor, needed: FirstRows) -> tuple[Tensor, ...]:
        """Return q, k and v as a layer changes them, and keys and values of its pairs, none where it reads no graph."""
        edge_attention = self.layers[layer]
        if edge_attention is None:
            no_pairs = v[:0]
            return q, k, v, no_pairs, no_pairs
        q, k, v = edge_attention.project(q, k, v, self.batch.num_token_rows)
        pair_keys = edge_attention.keys(k, self.batch, needed)
        pair_values = edge_attention.values(v, self.batch, needed)
        if self.token_relation:
            k, v = edge_attention.between_tokens(k, v)
        return q, k, v, pair_keys, pair_values

    def row_gates(self, layer: int, num_rows: int) -> Tensor:
        """Return the factor of what each of the first rows reads of the graph, 1 for concepts ``(rows, heads)``."""
        gate = self.gates[layer]
        num_tokens = min(num_rows, self.batch.num_token_rows)
        token_gates = gate.expand(num_tokens, -1)
        if self.graph_read is not None:
            of_row = self.graph_read.index_select(0, self.batch.sample_of_row[:num_tokens])
            token_gates = token_gates * of_row.unsqueeze(-1)
        return torch.cat([token_gates, gate.new_ones(num_rows - num_tokens, len(gate))])


def _softmax(
    block: TextBlock, block_logits: Tensor, pair_logits: Tensor, attending: Tensor, num_rows: int
) -> tuple[Tensor, Tensor, Tensor]:
    """Return the weights of text and pairs, as the logits, and the sum of each row's over both ``(rows, heads)``."""
    # (rows, heads): the largest logit of text and graph together, so that no exponential overflows
    peak = _peak(block, block_logits, pair_logits, attending, num_rows)
    # (batch, heads, queries, tokens) and (pairs, heads)
    block_weights = (block_logits - block.gather(peak, block_logits).unsqueeze(-1)).exp()
    pair_weights = (pair_logits - peak.index_select(0, attending)).exp()
    # (rows, heads)
    total = pad_rows(block.by_row(block_weights.sum(-1)), num_rows).index_add(0, attending, pair_weights)
    return block_weights, pair_weights, total


def _softmax_each(
    block_logits: Tensor, pair_logits: Tensor, attending: Tensor, row_gates: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """Return the same where text and graph have a softmax each, and that of the graph a factor ``(rows, heads)``."""
    # (batch, heads, queries, tokens), then (batch, heads, queries, 1), 0 where padding attends to nothing
    block_weights = (block_logits - largest_logit(block_logits).unsqueeze(-1)).exp()
    total = block_weights.sum(-1, keepdim=True).clamp(min=torch.finfo(block_weights.dtype).tiny)
    # (pairs, heads)
    pair_weights = softmax(pair_logits, attending, num_nodes=len(row_gates))
    return block_weights / total, pair_weights * row_gates.index_select(0, attending), torch.ones_like(row_gates)


@torch.no_grad()
def _peak(block: TextBlock, block_logits: Tensor, pair_logits: Tensor, attending: Tensor, num_rows: int) -> Tensor:
    """Return the largest logit of each row over text and graph, 0 where it attends to nothing ``(rows, heads)``.

    No gradient goes through it: softmax is the same whatever is taken from all logits of a row.
    """
    peak = pad_rows(block.by_row(largest_logit(block_logits)), num_rows, -torch.inf)
    peak = peak.scatter_reduce(0, attending.unsqueeze(-1).expand_as(pair_logits), pair_logits, "amax")
    return peak.masked_fill(peak.isinf(), 0.0)


def attention_function(
    module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    scaling: float,
    dropout: float = 0.0,
    attention: Attention | None = None,
    sliding_window: int | None = None,
    **kwargs: Any,
) -> tuple[Tensor, None]:
    """Hand the attention of one layer to the keyword ``attention``: an attention function of transformers.

    Args:
        module: Attention module of the encoder.
        query: ``(1, heads, rows, head_size)``.
        key: As ``query``.
        value: As ``query``.
        attention_mask: Not used.
        scaling: Factor of the logits.
        dropout: Probability that an attention weight is dropped.
        attention: Computes the attention.
        sliding_window: In local layers, tokens that far apart do not attend to each other.
        kwargs: What else the encoder says.

    Returns:
        ``(1, rows, heads, head_size)``, and no attention weights.
    """
    if attention is None:
        raise ValueError(f"{type(module).__name__} was called without attention=...")
    q, k, v = (states[0].transpose(0, 1) for states in (query, key, value))
    return attention.attend(module, q, k, v, scaling, dropout, sliding_window).to(query.dtype).unsqueeze(0), None


AttentionInterface.register(ATTENTION_NAME, attention_function)
