"""Packed graph batches: the nodes of all samples on one axis, and which of them attend to which."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from gatbert.batches.contract import Batch, Encoded, collate_indices

UNREACHED = 127
"""Level of a concept from which nothing can reach the first token."""

Ints = npt.NDArray[np.integer[Any]]

TakeVectors = Callable[[Ints], npt.NDArray[np.float32]]
"""Returns the vectors of some rows of a file ``(rows, size)``, zeros for a concept that has none."""


class Span(NamedTuple):
    """Count the first rows of a batch, and the pairs and edges whose heads they are."""

    rows: int
    pairs: int
    edges: int


@dataclass(frozen=True)
class GraphBatch(Batch):
    """Hold the nodes of several samples as the rows of one axis.

    Rows stand in the order of their level: how many steps of attention lie between them and the first token of their
    sample. First tokens come first (level 0), then the other tokens and, after them, concepts. What a layer has to
    compute is so always a number of first rows, which shrinks towards the last layer.

    Attributes:
        subword_ids: Vocabulary ids of all subwords, row by row ``(subwords,)``, int64; a token is its own subword.
        subword_offsets: Where the subwords of each row start, and where the last one's end ``(rows + 1,)``, int64.
        position_ids: Position of each token in its text, 0 for concepts ``(rows,)``, int64.
        token_type_ids: Segment of each token, 1 for concepts ``(rows,)``, int64; ``None`` for encoders without.
        token_index: Row of each token of each sample ``(batch, tokens)``, int64, 0 on padding.
        token_mask: Where there is a token ``(batch, tokens)``, bool.
        token_position: Position of each token row in the flattened ``token_index`` ``(token rows,)``, int64.
        sample_of_row: Position in the batch of each row's sample ``(rows,)``, int64.
        pairs: Row that attends, and row that it attends to ``(2, pairs)``, int64, ascending, none twice.
        edge_pair: Pair of each edge ``(edges,)``, int64, ascending.
        edge_relation: Relation id of each edge ``(edges,)``, int64.
        spans: Rows, pairs and edges up to level 0, 1, ...; at least one.
        concept_vectors: Vectors of the rows that are concepts ``(concept rows, size)``, float32, or ``None``.
        has_vector: Which of these rows have one ``(concept rows,)``, bool, or ``None``.
    """

    subword_ids: Tensor
    subword_offsets: Tensor
    position_ids: Tensor
    token_type_ids: Tensor | None
    token_index: Tensor
    token_mask: Tensor
    token_position: Tensor
    sample_of_row: Tensor
    pairs: Tensor
    edge_pair: Tensor
    edge_relation: Tensor
    spans: tuple[Span, ...]
    concept_vectors: Tensor | None = None
    has_vector: Tensor | None = None

    @property
    def graph(self) -> "GraphBatch":
        """The batch itself."""
        return self

    @property
    def num_token_rows(self) -> int:
        """How many of the rows are tokens; all concepts come after them."""
        return self.token_position.shape[0]

    def span(self, level: int) -> Span:
        """Return how many rows, pairs and edges there are up to a level."""
        return self.spans[min(level, len(self.spans) - 1)]


def pack_graphs(encoded: Sequence[Encoded], with_tokens: bool, take_vectors: TakeVectors | None = None) -> GraphBatch:
    """Join the graphs of encoded samples.

    Args:
        encoded: Samples with the arrays that ``GraphPreprocessor`` makes.
        with_tokens: Whether tokens are nodes too. Concepts that cannot reach a first token are then left out: they
            change nothing. Without tokens all concepts stay, on one level.
        take_vectors: Gives the vectors of concepts, if they stand for them.
    """
    arrays = {name: [item.arrays[name] for item in encoded] for name in encoded[0].arrays}
    num_tokens, num_concepts = _lengths(arrays["input_ids"]), _lengths(arrays["concept_lengths"])
    sizes = num_tokens + num_concepts
    starts = np.cumsum(sizes) - sizes
    sample = np.repeat(np.arange(len(encoded)), sizes)
    position = np.arange(len(sample)) - starts[sample]
    is_token = position < num_tokens[sample]

    level = np.minimum(position, 1)
    level[~is_token] = np.concatenate(arrays["concept_levels"]) if with_tokens else 0
    kept = (level < UNREACHED) & (with_tokens | ~is_token)
    order = np.argsort(np.where(kept, 2 * level + ~is_token, 2 * UNREACHED), kind="stable")[: np.count_nonzero(kept)]
    row = np.full(len(sample), len(sample))
    row[order] = np.arange(len(order))
    token_rows = order[: np.count_nonzero(kept & is_token)]

    heads, tails, relations = _edges(arrays["edges"], row, starts)
    new_pair = np.diff(heads, prepend=-1).astype(bool) | np.diff(tails, prepend=-1).astype(bool)
    edge_pair = np.cumsum(new_pair) - 1
    num_rows = np.cumsum(np.bincount(level[order], minlength=1))
    num_edges = np.searchsorted(heads, num_rows)
    num_pairs = np.concatenate([[0], np.cumsum(new_pair)])[num_edges]

    subwords, lengths = _subwords(arrays, is_token)
    width = int(num_tokens.max()) if with_tokens else 0
    padded = np.arange(width) < num_tokens[:, None]
    types = _token_types(arrays, is_token)
    tensors: dict[str, npt.NDArray[Any]] = {
        "subword_ids": _take_ragged(subwords, lengths, order),
        "subword_offsets": np.concatenate([[0], np.cumsum(lengths[order])]),
        "position_ids": np.where(is_token, position, 0)[order],
        "token_index": np.where(padded, row[np.where(padded, starts[:, None] + np.arange(width), 0)], 0),
        "token_mask": padded,
        "token_position": sample[token_rows] * width + position[token_rows],
        "sample_of_row": sample[order],
        "pairs": np.stack([heads[new_pair], tails[new_pair]]),
        "edge_pair": edge_pair,
        "edge_relation": relations,
    }
    if take_vectors is not None:
        vector_rows = _of_concepts(arrays["concept_rows"], is_token)[order[len(token_rows) :]]
        tensors |= {"concept_vectors": take_vectors(vector_rows), "has_vector": vector_rows >= 0}
    return GraphBatch(
        **collate_indices(encoded),
        **{name: torch.from_numpy(np.ascontiguousarray(array)) for name, array in tensors.items()},
        token_type_ids=None if types is None else torch.from_numpy(types[order]),
        spans=tuple(Span(*map(int, counts)) for counts in zip(num_rows, num_pairs, num_edges, strict=True)),
    )


def _edges(edges: Sequence[Ints], row: Ints, starts: Ints) -> tuple[Ints, Ints, Ints]:
    """Return the row of the head, that of the tail, and the relation of each edge between rows, by head and tail."""
    nodes = np.concatenate(edges, axis=1).astype(np.int64)
    nodes[:2] += np.repeat(starts, _lengths(edges))
    heads, tails = row[nodes[0]], row[nodes[1]]
    order = np.argsort(heads, kind="stable")
    order = order[np.maximum(heads, tails)[order] < len(row)]
    return heads[order], tails[order], nodes[2, order]


def _of_concepts(values: Sequence[Ints], is_token: npt.NDArray[np.bool_], fill: int = -1) -> Ints:
    """Return a value for every node, given those of concepts."""
    of_nodes = np.full(len(is_token), fill, np.int64)
    of_nodes[~is_token] = np.concatenate(values)
    return of_nodes


def _subwords(arrays: dict[str, list[Ints]], is_token: npt.NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """Return the subwords of all nodes, sample by sample, and how many each node has."""
    pieces = [piece for pair in zip(arrays["input_ids"], arrays["concept_tokens"], strict=True) for piece in pair]
    return np.concatenate(pieces).astype(np.int64), _of_concepts(arrays["concept_lengths"], is_token, fill=1)


def _token_types(arrays: dict[str, list[Ints]], is_token: npt.NDArray[np.bool_]) -> Ints | None:
    if "token_type_ids" not in arrays:
        return None
    types = np.ones(len(is_token), np.int64)
    types[is_token] = np.concatenate(arrays["token_type_ids"])
    return types


def _take_ragged(values: Ints, lengths: Ints, order: Ints) -> Ints:
    """Return the values of rows of unequal length in another order of the rows."""
    starts = (np.cumsum(lengths) - lengths)[order]
    lengths = lengths[order]
    taken: Ints = values[np.repeat(starts - np.cumsum(lengths) + lengths, lengths) + np.arange(lengths.sum())]
    return taken


def _lengths(arrays: Sequence[Ints]) -> Ints:
    return np.array([array.shape[-1] for array in arrays])
