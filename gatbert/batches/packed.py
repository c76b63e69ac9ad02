"""Packed graph batches: the nodes of all samples on one axis, and which of them attend to which."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from gatbert.batches.contract import Batch, Encoded, collate_indices
from gatbert.batches.nodes import Bools, Ints, Nodes
from gatbert.batches.rows import FirstRows, ReadRows, Rows
from gatbert.samples.sentinels import NO_VECTOR

TakeVectors = Callable[[Ints], npt.NDArray[np.float32]]
"""Returns the vectors of some rows of a file ``(rows, size)``, zeros for ``NO_VECTOR``."""

Arrays = Mapping[str, Sequence[Ints]]
"""The arrays of all samples of a batch, by name."""


@dataclass(frozen=True)
class GraphBatch(Batch):
    """Hold the nodes of several samples as the rows of one axis.

    Rows stand in the order of their hops to what the head reads: how many steps of attention lie between. If it reads
    first tokens, they come first (0 hops), then the other tokens (1 hop) and, after them, concepts. What a layer has to
    compute is so always a number of first rows, which shrinks towards the last layer.

    Attributes:
        subword_ids: Vocabulary ids of all subwords, row by row ``(subwords,)``, int64; a token is its own subword.
        subword_offsets: Where the subwords of each row start, and where the last one's end ``(rows + 1,)``, int64.
        position_ids: Position of each token in its text, 0 for concepts ``(rows,)``, int64.
        token_type_ids: Segment of each token, 1 for concepts ``(rows,)``, int64; ``None`` for encoders without.
        token_index: Row of each token of each sample ``(batch, tokens)``, int64; on padding any row, 0.
        token_mask: Where there is a token, and no padding ``(batch, tokens)``, bool.
        token_position: Position of each token row in the flattened ``token_index`` ``(token rows,)``, int64.
        sample_of_row: Position in the batch of each row's sample ``(rows,)``, int64.
        node_index: Which node of its sample each row is, where tokens come before concepts ``(rows,)``, int64.
        groups: Groups of each row's token, or of the tokens that its concept is linked with ``(rows,)``, int64.
        node_pairs: Row that attends, and row that it attends to ``(2, pairs)``, int64, by the first, none twice.
        edge_node_pair: Node pair of each edge ``(edges,)``, int64, ascending.
        edge_relation: Relation id of each edge ``(edges,)``, int64.
        rows_by_hops: What there is within 0, 1, ... hops; at least one.
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
    node_index: Tensor
    groups: Tensor
    node_pairs: Tensor
    edge_node_pair: Tensor
    edge_relation: Tensor
    rows_by_hops: tuple[FirstRows, ...]
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

    @property
    def hops_of_tokens(self) -> int:
        """Most hops of a token: 0 where the head reads all of them, 1 where it reads first tokens alone."""
        return int(self.rows_by_hops[0].num_rows < self.num_token_rows)

    def rows_within(self, hops: int) -> FirstRows:
        """Return what lies within some hops of what the head reads."""
        return self.rows_by_hops[min(hops, len(self.rows_by_hops) - 1)]


def pack_graphs(
    encoded: Sequence[Encoded],
    with_tokens: bool,
    take_vectors: TakeVectors | None = None,
    read: ReadRows = "first",
) -> GraphBatch:
    """Join the graphs of encoded samples.

    Args:
        encoded: Samples with the arrays that ``GraphPreprocessor`` makes.
        with_tokens: Whether tokens are nodes too. Without them, all concepts are read.
        take_vectors: Gives the vectors of concepts, if they stand for them and the samples do not carry them.
        read: What the head reads of tokens and concepts; concepts from which nothing leads there are left out, as they
            change nothing.
    """
    arrays = {name: [item.arrays[name] for item in encoded] for name in encoded[0].arrays}
    nodes = Nodes.from_counts(_lengths(arrays["input_ids"]), _lengths(arrays["concept_lengths"]))
    rows = Rows.from_nodes(nodes, arrays["hops_to_first_token"], with_tokens, read)
    # (nodes,)
    sample = np.repeat(np.arange(len(encoded)), nodes.sizes)
    # (edges,), by head, parallel ones side by side
    heads, tails, relations = _edges_between_rows(arrays["edges"], nodes, rows)
    # (edges,), whether an edge is the first of its node pair
    is_first = np.diff(heads, prepend=-1).astype(bool) | np.diff(tails, prepend=-1).astype(bool)
    # (2, pairs)
    node_pairs = np.stack([heads[is_first], tails[is_first]])
    tensors: dict[str, npt.NDArray[Any]] = {
        **_embedded(arrays, nodes, rows),
        **_token_block(nodes, rows, sample, with_tokens),
        "sample_of_row": sample[rows.node],
        "node_index": nodes.position[rows.node],
        "groups": np.concatenate(arrays["node_groups"])[rows.node].astype(np.int64),
        "node_pairs": node_pairs,
        "edge_node_pair": np.cumsum(is_first) - 1,
        "edge_relation": relations,
    }
    if "vector_rows" in arrays:
        tensors |= _vectors(encoded, (np.cumsum(~nodes.is_token) - 1)[rows.node[rows.num_tokens :]], take_vectors)
    fields = {name: torch.from_numpy(np.ascontiguousarray(array)) for name, array in tensors.items()}
    return GraphBatch(
        **collate_indices(encoded),
        **{"token_type_ids": None, **fields},  # type: ignore[arg-type]  # the only one that may be missing
        rows_by_hops=rows.count_by_hops(node_pairs[0], heads),
    )


def _edges_between_rows(edges: Sequence[Ints], nodes: Nodes, rows: Rows) -> tuple[Ints, Ints, Ints]:
    """Return heads, tails and relations of the edges whose ends are rows, by head, each ``(edges,)``.

    Parallel edges stand side by side.

    Args:
        edges: Edges of each sample, ascending, between nodes that count from 0 in each ``(3, edges)``.
        nodes: The nodes of all samples.
        rows: Their rows.
    """
    # (3, edges) of all samples, between nodes of the batch
    ends = np.concatenate(edges, axis=1).astype(np.int64)
    ends[:2] += np.repeat(nodes.starts, _lengths(edges))
    # (edges,), between rows
    heads, tails = rows.row[ends[0]], rows.row[ends[1]]
    # (edges left,); stable, as parallel edges of a head are side by side already
    order = np.argsort(heads, kind="stable")
    order = order[np.maximum(heads, tails)[order] < len(rows.row)]
    return heads[order], tails[order], ends[2, order]


def _token_block(nodes: Nodes, rows: Rows, sample: Ints, with_tokens: bool) -> dict[str, npt.NDArray[Any]]:
    """Return the fields that lay the tokens of all samples out as one padded block."""
    width = int(nodes.num_tokens.max()) if with_tokens else 0
    # (batch, tokens)
    mask = np.arange(width) < nodes.num_tokens[:, None]
    node = np.where(mask, nodes.starts[:, None] + np.arange(width), 0)
    # (token rows,)
    tokens = rows.node[: rows.num_tokens]
    return {
        "token_index": np.where(mask, rows.row[node], 0),
        "token_mask": mask,
        "token_position": sample[tokens] * width + nodes.position[tokens],
    }


def _embedded(arrays: Arrays, nodes: Nodes, rows: Rows) -> dict[str, npt.NDArray[Any]]:
    """Return the fields from which rows are embedded: subwords, positions and, if there are any, token types."""
    pieces = [piece for one in zip(arrays["input_ids"], arrays["concept_tokens"], strict=True) for piece in one]
    # (subwords of all nodes,)
    subwords = np.concatenate(pieces).astype(np.int64)
    # (nodes,): a token is its own subword
    lengths = _for_nodes(~nodes.is_token, arrays["concept_lengths"], 1)
    fields = {
        "subword_ids": _take_ragged(subwords, lengths, rows.node),
        "subword_offsets": np.concatenate([[0], np.cumsum(lengths[rows.node])]),
        "position_ids": np.where(nodes.is_token, nodes.position, 0)[rows.node],
    }
    if "token_type_ids" in arrays:
        fields["token_type_ids"] = _for_nodes(nodes.is_token, arrays["token_type_ids"], 1)[rows.node]
    return fields


def _vectors(encoded: Sequence[Encoded], place: Ints, take_vectors: TakeVectors | None) -> dict[str, npt.NDArray[Any]]:
    """Return the vectors of concepts, given the place of each among those of all samples, and which have one."""
    # (concept rows,)
    row = np.concatenate([item.arrays["vector_rows"] for item in encoded])[place]
    if take_vectors is not None:
        return {"concept_vectors": take_vectors(row), "has_vector": row != NO_VECTOR}
    # Samples that were encoded apart carry different vectors.
    own = [item.vectors[item.arrays["vector_rows"]] for item in encoded if item.vectors is not None]
    return {"concept_vectors": np.concatenate(own)[place], "has_vector": np.ones(len(place), np.bool_)}


def _for_nodes(chosen: Bools, values: Sequence[Ints], fill: int) -> Ints:
    """Return the values of the chosen nodes, and ``fill`` for the others ``(nodes,)``."""
    of_nodes = np.full(len(chosen), fill, np.int64)
    of_nodes[chosen] = np.concatenate(values)
    return of_nodes


def _take_ragged(values: Ints, lengths: Ints, order: Ints) -> Ints:
    """Return the values of rows of unequal length in another order of the rows."""
    # (rows,)
    starts = (np.cumsum(lengths) - lengths)[order]
    lengths = lengths[order]
    # (values taken,): what is left of a row's start when the number of values before it is taken away, and a count
    taken: Ints = values[np.repeat(starts - np.cumsum(lengths) + lengths, lengths) + np.arange(lengths.sum())]
    return taken


def _lengths(arrays: Sequence[Ints]) -> Ints:
    """Return the length of the last axis of each array ``(samples,)``."""
    return np.array([array.shape[-1] for array in arrays])
