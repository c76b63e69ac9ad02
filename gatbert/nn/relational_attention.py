"""Attention over a packed graph batch: texts as a padded block, the graph pair by pair, one softmax over both."""

from dataclasses import dataclass
from typing import Any, Protocol, cast

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import AttentionInterface

from gatbert.batches.packed import FirstRows, GraphBatch
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

    def rows_needed_before(self, layer: int) -> FirstRows:
        """Return what has to be known before a layer, so that first tokens, or all rows, are known after the last."""
        graph_layers = sum(one is not None for one in self.layers[layer:])
        # Each layer reads one hop further; above the graph layers tokens alone matter, all within one hop.
        return self.batch.rows_within(min(len(self.layers) - layer, 1 + graph_layers))

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
        q, k, v, pair_keys, pair_values = self._project(layer, q, k, v, needed)
        q = q * scaling
        # (pairs,) and (pairs, heads)
        attending = self.batch.node_pairs[0, : len(pair_keys)]
        pair_logits = _at_least_fp32(torch.einsum("phd,phd->ph", q.index_select(0, attending), pair_keys))
        # (batch, heads, queries, tokens)
        block = _TextBlock.from_batch(self.batch, needed.num_rows)
        block_logits = block.logits(q, k, sliding_window)
        # as the logits, and (needed, heads)
        block_weights, pair_weights, total = _softmax(block, block_logits, pair_logits, attending, needed.num_rows)
        # (token rows, heads, head_size) and (pairs, heads, head_size)
        text = block.read(functional.dropout(block_weights, dropout, module.training), v)
        graph = functional.dropout(pair_weights, dropout, module.training).unsqueeze(-1) * pair_values
        # (needed, heads, head_size), and zeros for the rows after them
        read = _pad(text, needed.num_rows).index_add(0, attending, graph.to(text.dtype))
        return _pad(read / total.clamp(min=torch.finfo(total.dtype).tiny).unsqueeze(-1), len(q))

    def _project(self, layer: int, q: Tensor, k: Tensor, v: Tensor, needed: FirstRows) -> tuple[Tensor, ...]:
        """Return q, k and v as a layer changes them, and keys and values of its pairs, none where it reads no graph."""
        edge_attention = self.layers[layer]
        if edge_attention is None:
            no_pairs = v[:0]
            return q, k, v, no_pairs, no_pairs
        q, k, v = edge_attention.project(q, k, v, self.batch.num_token_rows)
        return q, k, v, edge_attention.keys(k, self.batch, needed), edge_attention.values(v, self.batch, needed)


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
    def from_batch(cls, batch: GraphBatch, num_rows: int) -> "_TextBlock":
        """Return the block in which all tokens attend, or only the first ones where no others are asked for."""
        if num_rows >= batch.num_token_rows:
            return cls(batch.token_index, batch.token_position, batch.token_index, batch.token_mask)
        # (batch, 1): first tokens are the first rows, in the order of their samples, and so their own positions
        first = batch.token_index[:, :1]
        return cls(first, first.flatten(), batch.token_index, batch.token_mask)

    def logits(self, q: Tensor, k: Tensor, sliding_window: int | None) -> Tensor:
        """Return the logits of all tokens of a text with each other ``(batch, heads, queries, tokens)``, in fp32."""
        logits = _at_least_fp32(torch.matmul(_padded(q, self.query_index), _padded(k, self.key_index).transpose(2, 3)))
        # (batch, 1, 1, tokens)
        mask = self.mask[:, None, None, :]
        if sliding_window is not None:
            # (batch, 1, queries, tokens)
            places = torch.arange(self.key_index.shape[1], device=q.device)
            mask = mask & ((places[: self.query_index.shape[1], None] - places).abs() < sliding_window)
        return logits.masked_fill(~mask, -torch.inf)

    def by_row(self, values: Tensor) -> Tensor:
        """Return values ``(batch, heads, queries, ...)`` row by row ``(token rows, heads, ...)``."""
        return values.transpose(1, 2).flatten(0, 1).index_select(0, self.position)

    def gather(self, peak: Tensor, logits: Tensor) -> Tensor:
        """Return the peak of each query ``(batch, heads, queries)``; on padding, where none is, that of its logits."""
        # (batch, queries, heads)
        own = peak.index_select(0, self.query_index.flatten()).view(*self.query_index.shape, peak.shape[1])
        # (batch, 1, queries)
        padding = ~self.mask[:, None, : self.query_index.shape[1]]
        return torch.where(padding, _largest(logits), own.transpose(1, 2))

    def read(self, weights: Tensor, v: Tensor) -> Tensor:
        """Return the weighted sum of the values of all tokens, row by row ``(token rows, heads, head_size)``."""
        return self.by_row(_at_least_fp32(torch.matmul(weights.to(v.dtype), _padded(v, self.key_index))))


def _softmax(
    block: _TextBlock, block_logits: Tensor, pair_logits: Tensor, attending: Tensor, num_rows: int
) -> tuple[Tensor, Tensor, Tensor]:
    """Return the weights of text and pairs, as the logits, and the sum of each row's over both ``(rows, heads)``."""
    # (rows, heads): the largest logit of text and graph together, so that no exponential overflows
    peak = _peak(block, block_logits, pair_logits, attending, num_rows)
    # (batch, heads, queries, tokens) and (pairs, heads)
    block_weights = (block_logits - block.gather(peak, block_logits).unsqueeze(-1)).exp()
    pair_weights = (pair_logits - peak.index_select(0, attending)).exp()
    # (rows, heads)
    total = _pad(block.by_row(block_weights.sum(-1)), num_rows).index_add(0, attending, pair_weights)
    return block_weights, pair_weights, total


@torch.no_grad()
def _peak(block: _TextBlock, block_logits: Tensor, pair_logits: Tensor, attending: Tensor, num_rows: int) -> Tensor:
    """Return the largest logit of each row over text and graph, 0 where it attends to nothing ``(rows, heads)``.

    No gradient goes through it: softmax is the same whatever is taken from all logits of a row.
    """
    peak = _pad(block.by_row(_largest(block_logits)), num_rows, -torch.inf)
    peak = peak.scatter_reduce(0, attending.unsqueeze(-1).expand_as(pair_logits), pair_logits, "amax")
    return peak.masked_fill(peak.isinf(), 0.0)


@torch.no_grad()
def _largest(logits: Tensor) -> Tensor:
    """Return the largest logit of each query ``(batch, heads, queries)``."""
    # amax refuses an axis of length 0, as a batch without tokens has it; the sum over none has the shape.
    return logits.amax(-1) if logits.shape[-1] else logits.sum(-1)


def _at_least_fp32(values: Tensor) -> Tensor:
    return values.to(torch.promote_types(values.dtype, torch.float32))


def _padded(states: Tensor, index: Tensor) -> Tensor:
    """Return the states of rows as a padded block ``(batch, heads, tokens, head_size)``."""
    return states.index_select(0, index.flatten()).view(*index.shape, *states.shape[1:]).transpose(1, 2)


def _pad(values: Tensor, num_rows: int, fill: float = 0.0) -> Tensor:
    """Append rows up to a number ``(num_rows, ...)``."""
    return functional.pad(values, [0, 0] * (values.ndim - 1) + [0, num_rows - len(values)], value=fill)


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
