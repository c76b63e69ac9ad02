"""Composition-based graph convolution, which torch_geometric does not have."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from gatbert.batches.packed import GraphBatch
from gatbert.samples.relations import Relations


class CompGCN(nn.Module):
    """Compose the states of neighbours with those of relations, and carry both through the layers.

    h_v' = tanh(LN((Σ_(u, r) a_vu W_λ(r) (h_u ∘ z_r) + W_S (h_v ∘ z_S)) / 3 + b)); z_r' = W_R z_r

    λ(r) tells relations from their reverses; a_vu is 1 / √(degree of v · degree of u), counted over edges of the same
    λ; ∘ is circular correlation, the best composition of the paper.

    Source: Composition-based Multi-Relational Graph Convolutional Networks, Vashishth et al. 2020
    (https://arxiv.org/abs/1911.03082), after its published code.

    Differences from the paper: layer norm in the place of batch norm, as the samples of a batch must not see each
    other.

    Args:
        relations: Relations of the graphs.
        hidden_size: Size of states of nodes and relations.
        num_layers: How many.
        dropout: Probability that an element of a layer's output is dropped.
    """

    def __init__(self, relations: Relations, hidden_size: int, num_layers: int, dropout: float) -> None:
        super().__init__()
        self.layers = nn.ModuleList(_CompGCNLayer(hidden_size) for _ in range(num_layers))
        self.relation_maps = nn.ModuleList(_linear(hidden_size) for _ in range(num_layers - 1))
        self.norms = nn.ModuleList(nn.LayerNorm(hidden_size) for _ in range(num_layers))
        self.relation_states = nn.Parameter(nn.init.xavier_normal_(torch.empty(len(relations), hidden_size)))
        self.dropout = nn.Dropout(dropout)
        self.register_buffer("is_reverse", torch.from_numpy(relations.is_reverse()), persistent=False)

    is_reverse: Tensor

    def forward(self, states: Tensor, batch: GraphBatch) -> Tensor:
        """Return new states ``(rows, hidden)``; each row reads what it attends to."""
        # (edges,)
        targets, sources = batch.node_pairs.index_select(1, batch.edge_node_pair)
        reverse = self.is_reverse[batch.edge_relation]
        # (edges,), of edges along relations and of those along their reverses
        weights = [_normalised(chosen, sources, targets, len(states)) for chosen in (~reverse, reverse)]
        # (relations, hidden)
        relations: Tensor = self.relation_states
        for number, (layer, norm) in enumerate(zip(self.layers, self.norms, strict=True)):
            if number:
                relations = self.relation_maps[number - 1](relations)
            read = layer(states, relations[batch.edge_relation], sources, targets, weights)
            states = norm(self.dropout(read)).tanh()
        return states


class _CompGCNLayer(nn.Module):
    """Compute (Σ_(u, r) a_vu W_λ(r) (h_u ∘ z_r) + W_S (h_v ∘ z_S)) / 3 + b for one layer."""

    def __init__(self, hidden_size: int) -> None:
        super().__init__()
        self.directions = nn.ModuleList(_linear(hidden_size) for _ in range(2))
        self.self_map = _linear(hidden_size)
        self.self_relation = nn.Parameter(nn.init.xavier_normal_(torch.empty(1, hidden_size)))
        self.bias = nn.Parameter(torch.zeros(hidden_size))

    def forward(
        self, states: Tensor, relations: Tensor, sources: Tensor, targets: Tensor, weights: Sequence[Tensor]
    ) -> Tensor:
        """Return new states ``(nodes, hidden)``, given the state of each edge's relation ``(edges, hidden)``."""
        # (nodes, hidden): W_S (h_v ∘ z_S)
        read = self.self_map(compose(states, self.self_relation))
        # (edges, hidden): h_u ∘ z_r
        messages = compose(states.index_select(0, sources), relations)
        for weight, linear in zip(weights, self.directions, strict=True):
            # (nodes, hidden): Σ a_vu (h_u ∘ z_r) over one λ
            summed = torch.zeros_like(states).index_add(0, targets, (messages * weight.unsqueeze(-1)).to(states.dtype))
            read = read + linear(summed)
        new: Tensor = read / 3 + self.bias
        return new


def compose(states: Tensor, relations: Tensor) -> Tensor:
    """Return the circular correlation of states and relations, Σ_k state_k · relation_{k + i} ``(..., hidden)``."""
    if not len(states):  # which the transform refuses
        return states * relations
    # (..., hidden / 2 + 1), complex: a correlation is a product of spectra, one of them conjugate
    product = torch.fft.rfft(states.float()).conj() * torch.fft.rfft(relations.float())
    composed: Tensor = torch.fft.irfft(product, n=states.shape[-1])
    return composed.to(states.dtype)


def _normalised(chosen: Tensor, sources: Tensor, targets: Tensor, num_nodes: int) -> Tensor:
    """Return 1 / √(degree of source · degree of target) over the chosen edges, 0 for others ``(edges,)``."""
    # (edges,)
    weight = chosen.float()
    for ends in (sources, targets):
        # (nodes,)
        degree = torch.zeros(num_nodes, device=ends.device).index_add(0, ends, chosen.float())
        weight = weight * degree.clamp(min=1).rsqrt()[ends]
    return weight


def _linear(size: int) -> nn.Linear:
    return nn.Linear(size, size, bias=False)
