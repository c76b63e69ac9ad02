"""Graph convolutions of torch_geometric in the place of relational attention."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Literal

from torch import Tensor, nn

from gatbert.batches.packed import GraphBatch
from gatbert.samples.relations import FIRST_RELATION, Relations

ConvolutionName = Literal["rgcn", "rgat", "gatv2", "transformer", "hgt"]

NUM_BASES = 8
"""Matrices of which those of all relations of R-GCN are composed."""

# torch_geometric takes seconds to import, so it is imported only by those who use it.


class Convolution(nn.Module):
    """Compute one layer over typed edges.

    Subclasses are built from the size of states, the number of attention heads, where there are any, and the relations.

    Args:
        conv: The convolution of torch_geometric.
    """

    def __init__(self, conv: nn.Module) -> None:
        super().__init__()
        self.conv = conv

    def forward(self, states: Tensor, edge_index: Tensor, edge_type: Tensor) -> Tensor:
        """Return new states ``(nodes, hidden)``.

        Args:
            states: ``(nodes, hidden)``.
            edge_index: Source and target of each edge ``(2, edges)``.
            edge_type: Relation id of each edge ``(edges,)``.
        """
        new: Tensor = self.conv(states, edge_index, edge_type)
        return new


class RelationBlindConvolution(Convolution):
    """Compute one layer over edges, whatever their relation."""

    def forward(self, states: Tensor, edge_index: Tensor, edge_type: Tensor) -> Tensor:
        """Return new states; see ``Convolution``."""
        new: Tensor = self.conv(states, edge_index)
        return new


class RGCN(Convolution):
    """Transform neighbours by a matrix of each relation, composed of bases.

    h_i' = W h_i + Σ_r mean_{j in N_r(i)} (Σ_b c_rb B_b) h_j

    Source: Schlichtkrull et al. 2018 (https://arxiv.org/abs/1703.06103).
    """

    def __init__(self, hidden_size: int, num_heads: int, relations: Relations) -> None:
        from torch_geometric.nn import RGCNConv

        super().__init__(RGCNConv(hidden_size, hidden_size, len(relations), num_bases=NUM_BASES))


class RGAT(Convolution):
    """Attend across relations, with a block-diagonal matrix of each.

    logit = LeakyReLU(Q W_r h_i + K W_r h_j); value = W_r h_j; softmax over the edges of i of all relations

    Source: Relational Graph Attention Networks, Busbridge et al. 2019 (https://arxiv.org/abs/1904.05811).
    """

    def __init__(self, hidden_size: int, num_heads: int, relations: Relations) -> None:
        from torch_geometric.nn import RGATConv

        # Block-diagonal: the layer copies the matrix of its relation to every edge.
        conv: nn.Module = RGATConv(
            hidden_size, hidden_size // num_heads, len(relations), num_blocks=num_heads, heads=num_heads
        )
        for name in ("w", "l1", "b1", "l2", "b2"):  # parameters of variants that are not used
            getattr(conv, name).requires_grad_(False)
        super().__init__(conv)


class GATv2(RelationBlindConvolution):
    """Attend to neighbours and to itself, whatever the relation.

    logit = a · LeakyReLU(W h_i + U h_j); value = U h_j

    Source: How Attentive are Graph Attention Networks?, Brody et al. 2022 (https://arxiv.org/abs/2105.14491).
    """

    def __init__(self, hidden_size: int, num_heads: int, relations: Relations) -> None:
        from torch_geometric.nn import GATv2Conv

        super().__init__(GATv2Conv(hidden_size, hidden_size // num_heads, heads=num_heads))


class GraphTransformer(RelationBlindConvolution):
    """Attend to neighbours by dot products, whatever the relation.

    logit = W_q h_i · W_k h_j / √d; value = W_v h_j; h_i' = W h_i + what it reads

    Source: Masked Label Prediction, Shi et al. 2021 (https://arxiv.org/abs/2009.03509).
    """

    def __init__(self, hidden_size: int, num_heads: int, relations: Relations) -> None:
        from torch_geometric.nn import TransformerConv

        super().__init__(TransformerConv(hidden_size, hidden_size // num_heads, heads=num_heads))


class HGT(Convolution):
    """Attend to neighbours, with keys and values transformed by a matrix of each relation.

    logit = μ_r q_i · A_r k_j / √d; value = M_r v_j; softmax over the edges of i of all relations

    Source: Heterogeneous Graph Transformer, Hu et al. 2020 (https://arxiv.org/abs/2003.01332).
    """

    def __init__(self, hidden_size: int, num_heads: int, relations: Relations) -> None:
        from torch_geometric.nn import HGTConv

        types = [("concept", f"relation{i}", "concept") for i in range(FIRST_RELATION, len(relations))]
        super().__init__(HGTConv(hidden_size, hidden_size, (["concept"], types), heads=num_heads))
        self.types = types

    def forward(self, states: Tensor, edge_index: Tensor, edge_type: Tensor) -> Tensor:
        """Return new states; see ``Convolution``."""
        # (2, edges) of each relation
        edges = {one: edge_index[:, edge_type == i] for i, one in enumerate(self.types, start=FIRST_RELATION)}
        new: Tensor = self.conv({"concept": states}, edges)["concept"]
        return new


class ConvolutionStack(nn.Module):
    """Stack convolutions with residuals, dropout and layer norm: h' = LN(h + dropout(ReLU(convolution(h)))).

    Args:
        name: Which convolution.
        relations: Relations of the graphs.
        hidden_size: Size of states.
        num_heads: Attention heads, where there are any.
        num_layers: How many.
        dropout: Probability that an element of a layer's output is dropped.
    """

    def __init__(
        self,
        name: ConvolutionName,
        relations: Relations,
        hidden_size: int,
        num_heads: int,
        num_layers: int,
        dropout: float,
    ) -> None:
        super().__init__()
        convolution = CONVOLUTIONS[name]
        self.layers = nn.ModuleList(convolution(hidden_size, num_heads, relations) for _ in range(num_layers))
        self.norms = nn.ModuleList(nn.LayerNorm(hidden_size) for _ in range(num_layers))
        self.dropout = nn.Dropout(dropout)

    def forward(self, states: Tensor, batch: GraphBatch) -> Tensor:
        """Return new states ``(rows, hidden)``; each row reads what it attends to."""
        # (2, edges): from what is attended to, to what attends
        edge_index = batch.node_pairs.flip(0).index_select(1, batch.edge_node_pair)
        for layer, norm in zip(self.layers, self.norms, strict=True):
            states = norm(states + self.dropout(layer(states, edge_index, batch.edge_relation).relu()))
        return states


CONVOLUTIONS: Mapping[ConvolutionName, Callable[[int, int, Relations], Convolution]] = MappingProxyType(
    {"rgcn": RGCN, "rgat": RGAT, "gatv2": GATv2, "transformer": GraphTransformer, "hgt": HGT}
)
