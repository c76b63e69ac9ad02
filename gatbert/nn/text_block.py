"""The part of attention in which each text is a dense square."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from gatbert.batches.packed import GraphBatch


@dataclass(frozen=True)
class TextBlock:
    """Hold the tokens of all texts as squares, padded to the longest.

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
    def from_batch(cls, batch: GraphBatch, num_rows: int) -> "TextBlock":
        """Return the block in which all tokens attend, or only the first ones where no others are asked for."""
        if num_rows >= batch.num_token_rows:
            return cls(batch.token_index, batch.token_position, batch.token_index, batch.token_mask)
        # (batch, 1): first tokens are the first rows, in the order of their samples, and so their own positions
        first = batch.token_index[:, :1]
        return cls(first, first.flatten(), batch.token_index, batch.token_mask)

    def logits(self, q: Tensor, k: Tensor, sliding_window: int | None) -> Tensor:
        """Return the logits of all tokens of a text with each other ``(batch, heads, queries, tokens)``, in fp32."""
        logits = at_least_fp32(torch.matmul(_padded(q, self.query_index), _padded(k, self.key_index).transpose(2, 3)))
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
        """Return the peak of each query ``(batch, heads, queries)``; on padding, which has none, that of its logits."""
        # (batch, queries, heads)
        own = peak.index_select(0, self.query_index.flatten()).view(*self.query_index.shape, peak.shape[1])
        # (batch, 1, queries)
        padding = ~self.mask[:, None, : self.query_index.shape[1]]
        return torch.where(padding, largest_logit(logits), own.transpose(1, 2))

    def read(self, weights: Tensor, v: Tensor) -> Tensor:
        """Return the weighted sum of the values of all tokens, row by row ``(token rows, heads, head_size)``."""
        return self.by_row(at_least_fp32(torch.matmul(weights.to(v.dtype), _padded(v, self.key_index))))


@torch.no_grad()
def largest_logit(logits: Tensor) -> Tensor:
    """Return the largest logit of each query, 0 where there is none ``(batch, heads, queries)``.

    No gradient goes through it: softmax is the same whatever is taken from all logits of a row.
    """
    # amax refuses an axis of length 0, as a batch without tokens has it; the sum over none has the shape.
    peak = logits.amax(-1) if logits.shape[-1] else logits.sum(-1)
    # In a local layer, padding may be too far from all tokens: exp(-inf - -inf) would reach the gradients of others.
    return peak.masked_fill(peak.isinf(), 0.0)


def at_least_fp32(values: Tensor) -> Tensor:
    """Return values in fp32, or in fp64 where they are."""
    return values.to(torch.promote_types(values.dtype, torch.float32))


def _padded(states: Tensor, index: Tensor) -> Tensor:
    """Return the states of rows as a padded block ``(batch, heads, tokens, head_size)``."""
    return states.index_select(0, index.flatten()).view(*index.shape, *states.shape[1:]).transpose(1, 2)


def pad_rows(values: Tensor, num_rows: int, fill: float = 0.0) -> Tensor:
    """Append rows up to a number ``(num_rows, ...)``."""
    return functional.pad(values, [0, 0] * (values.ndim - 1) + [0, num_rows - len(values)], value=fill)
