"""Attention over a packed graph batch: texts as a padded block, the graph pair by pair, one softmax over both."""

from dataclasses import dataclass
from typing import Any, Protocol, cast

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import AttentionInterface

from gatbert.batches.packed import GraphBatch, Span
from gatbert.nn.attention_types import EdgeAttention

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
    softmax runs over both together. A row that attends to nothing gets zeros. Softmax and sums are in fp32.

    Attributes:
        batch: The graph.
        layers: What the graph adds to each layer of the encoder; ``None`` where a layer does not read it.
    """

    batch: GraphBatch
    layers: tuple[EdgeAttention | None, ...]

    def span_into(self, layer: int) -> Span:
        """Return what has to be known before a layer, so that first tokens, or all rows, are known after the last."""
        graph_layers = sum(one is not None for one in self.layers[layer:])
        # Above the graph layers tokens alone matter, which are on level 1 at most.
        return self.batch.span(min(len(self.layers) - layer, 1 + graph_layers))

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
        """Return what each row reads ``(rows, heads, head_size)``, zeros where no later layer asks for it."""
        layer = cast(int, module.layer_number)
        span, edge_attention = self.span_into(layer + 1), self.layers[layer]
        if edge_attention is None:
            span = Span(span.rows, 0, 0)
            keys = values = v[:0]
        else:
            q, k, v = edge_attention.project(q, k, v, self.batch.num_token_rows)
            keys, values = edge_attention.keys(k, self.batch, span), edge_attention.values(v, self.batch, span)
        q = q * scaling
        attending = self.batch.pairs[0, : span.pairs]
        pair_logits = _at_least_fp32(torch.einsum("phd,phd->ph", q.index_select(0, attending), keys))
        block = _TextBlock.of(self.batch, span)
        block_logits = block.logits(q, k, sliding_window)

        peak = _peak(block, block_logits, pair_logits, attending, span.rows)
        block_weights = (block_logits - block.gather(peak, block_logits).unsqueeze(-1)).exp()
        pair_weights = (pair_logits - peak.index_select(0, attending)).exp()
        total = _pad(block.rows(block_weights.sum(-1)), span.rows).index_add(0, attending, pair_weights)

        text = block.read(functional.dropout(block_weights, dropout, module.training), v)
        graph = functional.dropout(pair_weights, dropout, module.training).unsqueeze(-1) * values
        read = _pad(text, span.rows).index_add(0, attending, graph.to(text.dtype))
        return _pad(read / total.clamp(min=torch.finfo(total.dtype).tiny).unsqueeze(-1), len(q))


@dataclass(frozen=True)
class _TextBlock:
    """The part of attention in which each text is a dense square, padded to the longest.

    Attributes:
        query_index: Row of each token that attends ``(batch, queries)``.
        position: Position of each of these rows in the flattened ``query_index`` ``(token rows,)``.
        key_index: Row of each token that is attended to ``(batch, tokens)``.
        mask: Where there is a token to attend to ``(batch, tokens)``.
    """

    query_index: Tensor
    position: Tensor
    key_index: Tensor
    mask: Tensor

    @classmethod
    def of(cls, batch: GraphBatch, span: Span) -> "_TextBlock":
        """Return the block in which all tokens attend, or only the first ones where no others are asked for."""
        if span.rows >= batch.num_token_rows:
            return cls(batch.token_index, batch.token_position, batch.token_index, batch.token_mask)
        first = batch.token_index[:, :1]
        return cls(first, first.flatten(), batch.token_index, batch.token_mask)

    def logits(self, q: Tensor, k: Tensor, sliding_window: int | None) -> Tensor:
        """Return the logits of all tokens of a text with each other ``(batch, heads, queries, tokens)``, in fp32."""
        logits = _at_least_fp32(torch.matmul(_padded(q, self.query_index), _padded(k, self.key_index).transpose(2, 3)))
        mask = self.mask[:, None, None, :]
        if sliding_window is not None:
            places = torch.arange(self.key_index.shape[1], device=q.device)
            mask = mask & ((places[: self.query_index.shape[1], None] - places).abs() < sliding_window)
        return logits.masked_fill(~mask, -torch.inf)

    def rows(self, values: Tensor) -> Tensor:
        """Return values ``(batch, heads, queries, ...)`` row by row ``(token rows, heads, ...)``."""
        return values.transpose(1, 2).flatten(0, 1).index_select(0, self.position)

    def gather(self, peak: Tensor, logits: Tensor) -> Tensor:
        """Return the peak of each query ``(batch, heads, queries)``; on padding, where none is, that of its logits."""
        own = (
            peak.index_select(0, self.query_index.flatten())
            .view(*self.query_index.shape, peak.shape[1])
            .transpose(1, 2)
        )
        padding = ~self.mask[:, None, : self.query_index.shape[1]]
        return torch.where(padding, _largest(logits), own)

    def read(self, weights: Tensor, v: Tensor) -> Tensor:
        """Return the weighted sum of the values of all tokens, row by row ``(token rows, heads, head_size)``."""
        return self.rows(_at_least_fp32(torch.matmul(weights.to(v.dtype), _padded(v, self.key_index))))


@torch.no_grad()
def _peak(block: _TextBlock, block_logits: Tensor, pair_logits: Tensor, attending: Tensor, rows: int) -> Tensor:
    """Return the largest logit of each row over text and graph, 0 where it attends to nothing ``(rows, heads)``."""
    peak = _pad(block.rows(_largest(block_logits)), rows, -torch.inf)
    peak = peak.scatter_reduce(0, attending.unsqueeze(-1).expand_as(pair_logits), pair_logits, "amax")
    return peak.masked_fill(peak.isinf(), 0.0)


@torch.no_grad()
def _largest(logits: Tensor) -> Tensor:
    """Return the largest logit of each query ``(batch, heads, queries)``."""
    return logits.amax(-1) if logits.shape[-1] else logits.sum(-1)


def _at_least_fp32(values: Tensor) -> Tensor:
    return values.to(torch.promote_types(values.dtype, torch.float32))


def _padded(states: Tensor, index: Tensor) -> Tensor:
    """Return the states of rows as a padded block ``(batch, heads, tokens, head_size)``."""
    return states.index_select(0, index.flatten()).view(*index.shape, *states.shape[1:]).transpose(1, 2)


def _pad(values: Tensor, rows: int, fill: float = 0.0) -> Tensor:
    """Append rows up to a number."""
    return functional.pad(values, [0, 0] * (values.ndim - 1) + [0, rows - len(values)], value=fill)


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
