"""A pretrained encoder whose layers also read a graph."""

from typing import Literal

import torch
from torch import Tensor, nn
from transformers import PreTrainedModel

from gatbert.batches.packed import GraphBatch
from gatbert.errors import UserError
from gatbert.nn.attention_types import ATTENTION_TYPES, AttentionTypeName
from gatbert.nn.graph_gate import GraphGate
from gatbert.nn.packed_encoder import attach, encode_packed
from gatbert.nn.relation_parameters import NUM_BASES, new_bases
from gatbert.nn.relational_attention import RelationalAttention
from gatbert.samples.relations import Relations

GraphGateName = Literal["none", "zero"]


class RelationalEncoder(nn.Module):
    """Add relational attention to the first layers of an encoder, which stays a module of its owner.

    Args:
        encoder: Pretrained encoder; it is changed so that it can do nothing else.
        relations: Relations of the graphs.
        att_type: How typed edges enter attention.
        num_graph_layers: Number of the first layers that read the graph; ``None`` for all.
        num_bases: Matrices of which those of relations are composed, in attention types that do so.
        graph_gate: Whether text and graph share a softmax, or tokens read the graph through a gate, closed at first.
        token_relation: Whether tokens meet each other through a relation with parameters, which starts neutral.
        graph_dropout: Probability that the tokens of a sample read no graph in a step of training, so that the text
            has to do without it; with gates alone. Source: dropout of whole modalities, Neverova et al. 2016, ModDrop
            (https://arxiv.org/abs/1501.00102).

    Raises:
        UserError: If the encoder cannot read a graph, or has fewer layers, or a graph without gates is to be dropped.
    """

    def __init__(
        self,
        encoder: PreTrainedModel,
        relations: Relations,
        att_type: AttentionTypeName,
        num_graph_layers: int | None = None,
        num_bases: int = NUM_BASES,
        graph_gate: GraphGateName = "none",
        token_relation: bool = False,
        graph_dropout: float = 0.0,
    ) -> None:
        super().__init__()
        if graph_dropout and graph_gate == "none":
            raise UserError(f"graph_dropout {graph_dropout} needs graph_gate zero, as it closes gates")
        depth = encoder.config.num_hidden_layers
        number = depth if num_graph_layers is None else num_graph_layers
        if not 1 <= number <= depth:
            raise UserError(f"num_graph_layers {number} does not fit the encoder; accepted is 1 to {depth}")
        attach(encoder)
        heads = encoder.config.num_attention_heads
        head_size = encoder.config.hidden_size // heads
        layer_type = ATTENTION_TYPES[att_type]
        bases = new_bases(head_size, num_bases) if layer_type.uses_bases else None
        self.layers = nn.ModuleList(layer_type(len(relations), heads, head_size, bases) for _ in range(number))
        self.gates = nn.ModuleList(GraphGate(heads) for _ in range(number) if graph_gate == "zero")
        self.num_text_layers = depth - number
        self.token_relation = token_relation
        self.graph_dropout = graph_dropout

    def forward(self, encoder: PreTrainedModel, embeddings: Tensor, batch: GraphBatch) -> Tensor:
        """Return the last states of the rows that the head reads ``(rows, hidden)``.

        Args:
            encoder: The encoder that was given to the constructor.
            embeddings: What stands in the place of word embeddings ``(rows, embedding_size)``.
            batch: The graph.
        """
        layers = tuple(self.layers) + (None,) * self.num_text_layers
        gates = tuple(gate() for gate in self.gates)
        attention = RelationalAttention(batch, layers, gates, self.token_relation, self._graph_read(batch))
        return encode_packed(encoder, embeddings, attention)

    def _graph_read(self, batch: GraphBatch) -> Tensor | None:
        """Return 0 for each sample whose graph is dropped, else 1 ``(batch,)``; nothing where none is dropped."""
        if not (self.training and self.graph_dropout):
            return None
        return (torch.rand(len(batch), device=batch.sample_of_row.device) >= self.graph_dropout).float()
