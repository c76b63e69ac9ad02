"""How typed edges enter attention: one class is one ``att_type``."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

import torch
from torch import Tensor, nn

from gatbert.batches.packed import GraphBatch
from gatbert.batches.rows import FirstRows
from gatbert.nn.relation_parameters import COEFFICIENT_STD, KEY_STD, VALUE_STD, relation_vectors
from gatbert.samples.relations import TOKEN_TOKEN

AttentionTypeName = Literal["edge_as_att", "trans_key", "rel_mat", "hetero"]


class EdgeAttention(nn.Module, ABC):
    """Say what node i compares its query with, and what it reads, when it attends to node j over the edges R(i, j).

    Symbols: q, k, v are queries, keys and values ``(rows, heads, head_size)``; d is the head size. The axis ``pairs``
    has the first node pairs of a batch, as many as a layer needs.

    Args:
        num_relations: Size of the relation vocabulary, the reserved ids included.
        num_heads: Attention heads of the encoder.
        head_size: Size of a head.
        bases: Matrices ``(bases, head_size, head_size)`` that all layers share; for types that compose theirs.
    """

    uses_bases = False
    """Whether it is given ``bases``."""

    def __init__(self, num_relations: int, num_heads: int, head_size: int, bases: nn.Parameter | None) -> None:
        super().__init__()
        self.num_relations, self.num_heads, self.head_size = num_relations, num_heads, head_size

    def project(self, q: Tensor, k: Tensor, v: Tensor, num_tokens: int) -> tuple[Tensor, Tensor, Tensor]:
        """Return q, k and v with what depends on the kind of a node; the rows of concepts come after ``num_tokens``."""
        return q, k, v

    @abstractmethod
    def keys(self, k: Tensor, batch: GraphBatch, needed: FirstRows) -> Tensor:
        """Return what q_i is compared with ``(pairs, heads, head_size)``; the logit of the pair is q_i · it / √d."""

    def values(self, v: Tensor, batch: GraphBatch, needed: FirstRows) -> Tensor:
        """Return what i reads from j ``(pairs, heads, head_size)``."""
        return v.index_select(0, _tails(batch, needed))

    @abstractmethod
    def between_tokens(self, k: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
        """Return what tokens compare their queries with, and read, from each other through the token-token relation."""


class EdgeAsAttention(EdgeAttention):
    """Add a vector of each relation to key and value.

    logit = q_i · (k_j + Σ_r e^K_r) / √d; value = v_j + Σ_r e^V_r

    Source: Self-Attention with Relative Position Representations, Shaw et al. 2018 (https://arxiv.org/abs/1803.02155).

    Differences from the paper: vectors stand for relations rather than distances, those of parallel relations are
    summed, and each head has its own.
    """

    def __init__(self, num_relations: int, num_heads: int, head_size: int, bases: nn.Parameter | None = None) -> None:
        super().__init__(num_relations, num_heads, head_size, bases)
        self.relation_keys = relation_vectors(KEY_STD, num_relations, num_heads, head_size)
        self.relation_values = relation_vectors(VALUE_STD, num_relations, num_heads, head_size)

    def keys(self, k: Tensor, batch: GraphBatch, needed: FirstRows) -> Tensor:
        """Return k_j + Σ_r e^K_r."""
        return k.index_select(0, _tails(batch, needed)) + sum_over_relations(self.relation_keys, batch, needed)

    def values(self, v: Tensor, batch: GraphBatch, needed: FirstRows) -> Tensor:
        """Return v_j + Σ_r e^V_r."""
        return super().values(v, batch, needed) + sum_over_relations(self.relation_values, batch, needed)

    def between_tokens(self, k: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
        """Return k_j + e^K_1 and v_j + e^V_1."""
        return k + self.relation_keys[TOKEN_TOKEN], v + self.relation_values[TOKEN_TOKEN]


class TranslatedKeyAttention(EdgeAttention):
    """Translate the key by a vector of each relation.

    logit = q_i · (k_j - Σ_r e^K_r) / √d; value = v_j

    Source: a fact (i, r, j) holds where i + r ≈ j, Translating Embeddings for Modeling Multi-relational Data, Bordes
    et al. 2013 (https://proceedings.neurips.cc/paper/2013/hash/1cecc7a77928ca8133fa24680a88d2f9-Abstract.html).

    Differences from the paper: the comparison is a dot product, not a distance, and is trained by the task.
    """

    def __init__(self, num_relations: int, num_heads: int, head_size: int, bases: nn.Parameter | None = None) -> None:
        super().__init__(num_relations, num_heads, head_size, bases)
        self.relation_keys = relation_vectors(KEY_STD, num_relations, num_heads, head_size)

    def keys(self, k: Tensor, batch: GraphBatch, needed: FirstRows) -> Tensor:
        """Return k_j - Σ_r e^K_r."""
        return k.index_select(0, _tails(batch, needed)) - sum_over_relations(self.relation_keys, batch, needed)

    def between_tokens(self, k: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
        """Return k_j - e^K_1 and v_j."""
        return k - self.relation_keys[TOKEN_TOKEN], v


class RelationMatrixAttention(EdgeAttention):
    """Compare query and key through a matrix of each relation.

    logit = q_i^T (Σ_r M_r) k_j / √d; M_r = Σ_b c_rb B_b; value = v_j

    Source: basis decomposition of Modeling Relational Data with Graph Convolutional Networks, Schlichtkrull et al. 2018
    (https://arxiv.org/abs/1703.06103).

    Differences from the paper: the matrices weigh attention instead of transforming messages; the bases are shared by
    layers and heads, the coefficients are not.
    """

    uses_bases = True

    def __init__(self, num_relations: int, num_heads: int, head_size: int, bases: nn.Parameter) -> None:
        super().__init__(num_relations, num_heads, head_size, bases)
        self.bases = bases
        self.coefficients = relation_vectors(COEFFICIENT_STD, num_relations, num_heads, len(bases))
        self.coefficients.data[..., 0] += 1  # the first basis is the identity

    def keys(self, k: Tensor, batch: GraphBatch, needed: FirstRows) -> Tensor:
        """Return (Σ_r M_r) k_j as Σ_b (Σ_r c_rb) B_b k_j: a row meets each basis once, in however many pairs it is."""
        # (pairs, heads, bases): Σ_r c_rb
        weights = sum_over_relations(self.coefficients, batch, needed)
        # (pairs,)
        tails = _tails(batch, needed)
        # (rows, heads, head_size), one per basis: B_b k
        transformed = (k @ basis.T for basis in self.bases.unbind())
        # (pairs, heads, head_size), one per basis
        parts = (
            states.index_select(0, tails) * weight.unsqueeze(-1)
            for states, weight in zip(transformed, weights.unbind(-1), strict=True)
        )
        return torch.stack(list(parts)).sum(0)

    def between_tokens(self, k: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
        """Return M_1 k_j and v_j."""
        matrices = torch.einsum("hb,bde->hde", self.coefficients[TOKEN_TOKEN], self.bases)
        return torch.einsum("hde,jhe->jhd", matrices, k), v


class HeterogeneousAttention(RelationMatrixAttention):
    """Compare through relation matrices, with projections of their own for concepts, and add relation vectors.

    logit = q_i^T (Σ_r M_r) k_j / √d; value = v_j + Σ_r e^V_r

    The q, k and v of concepts go through affine maps that start as the identity. As W' = A W reaches every projection
    where W is invertible, these are the projections by node kind of the source, and the encoder stays as it is.

    Source: Heterogeneous Graph Transformer, Hu et al. 2020 (https://arxiv.org/abs/2003.01332).

    Differences from the paper: two kinds of nodes, token and concept; relations add a vector to the value instead of
    multiplying it by a matrix; no prior scalar for each relation.
    """

    def __init__(self, num_relations: int, num_heads: int, head_size: int, bases: nn.Parameter) -> None:
        super().__init__(num_relations, num_heads, head_size, bases)
        self.relation_values = relation_vectors(VALUE_STD, num_relations, num_heads, head_size)
        self.concept_projections = nn.ModuleList(_identity(num_heads * head_size) for _ in range(3))

    def project(self, q: Tensor, k: Tensor, v: Tensor, num_tokens: int) -> tuple[Tensor, Tensor, Tensor]:
        """Return q, k and v, projected anew where the row is a concept."""
        changed = []
        # (rows, heads, head_size), of which the first are tokens
        for states, projection in zip((q, k, v), self.concept_projections, strict=True):
            # (concept rows, heads, head_size), by way of all heads side by side: an affine map mixes them
            concepts = projection(states[num_tokens:].flatten(1)).view(-1, *states.shape[1:])
            changed.append(torch.cat([states[:num_tokens], concepts.to(states.dtype)]))
        return changed[0], changed[1], changed[2]

    def values(self, v: Tensor, batch: GraphBatch, needed: FirstRows) -> Tensor:
        """Return v_j + Σ_r e^V_r."""
        return super().values(v, batch, needed) + sum_over_relations(self.relation_values, batch, needed)

    def between_tokens(self, k: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
        """Return M_1 k_j and v_j + e^V_1."""
        k, v = super().between_tokens(k, v)
        return k, v + self.relation_values[TOKEN_TOKEN]


ATTENTION_TYPES: Mapping[AttentionTypeName, type[EdgeAttention]] = MappingProxyType(
    {
        "edge_as_att": EdgeAsAttention,
        "trans_key": TranslatedKeyAttention,
        "rel_mat": RelationMatrixAttention,
        "hetero": HeterogeneousAttention,
    }
)


def sum_over_relations(table: Tensor, batch: GraphBatch, needed: FirstRows) -> Tensor:
    """Return the sum of the table's entries over the relations of each pair ``(pairs, ...)``.

    Args:
        table: One entry per relation ``(relations, ...)``.
        batch: The graph.
        needed: Pairs and edges that are to be computed.
    """
    # (edges, ...)
    entries = table.index_select(0, batch.edge_relation[: needed.num_edges])
    if needed.num_edges == needed.num_node_pairs:  # no two edges are parallel
        return entries
    # (pairs, ...)
    sums = entries.new_zeros(needed.num_node_pairs, *table.shape[1:])
    return sums.index_add(0, batch.edge_node_pair[: needed.num_edges], entries)


def _tails(batch: GraphBatch, needed: FirstRows) -> Tensor:
    """Return the row that is attended to in each pair ``(pairs,)``."""
    return batch.node_pairs[1, : needed.num_node_pairs]


def _identity(size: int) -> nn.Linear:
    linear = nn.Linear(size, size)
    nn.init.eye_(linear.weight)
    nn.init.zeros_(linear.bias)
    return linear
