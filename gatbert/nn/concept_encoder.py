"""Encoders of the concept graph alone."""

from typing import Literal

import torch
from torch import Tensor, nn
from transformers import PreTrainedModel

from gatbert.batches.packed import GraphBatch
from gatbert.errors import UserError
from gatbert.nn.attention_types import AttentionTypeName
from gatbert.nn.compgcn import CompGCN
from gatbert.nn.graph_convolutions import ConvolutionStack
from gatbert.nn.packed_encoder import encoder_states, keep_layers
from gatbert.nn.relation_parameters import NUM_BASES
from gatbert.nn.relational_encoder import RelationalEncoder
from gatbert.samples.relations import Relations

GraphEncoderName = Literal["relational", "rgcn", "rgat", "gatv2", "transformer", "hgt", "compgcn"]


class ConceptEncoder(nn.Module):
    """Encode concepts by the first layers of a pretrained encoder with relational attention, or by convolutions.

    Args:
        encoder: Pretrained encoder, which stays a module of its owner; the layers that are not used are taken off.
        relations: Relations of the graphs.
        graph_encoder: Which kind of layers.
        att_type: How typed edges enter attention, where ``graph_encoder`` is ``relational``.
        num_graph_layers: How many layers.
        num_bases: Matrices of which those of relations are composed, where ``att_type`` composes them.
    """

    def __init__(
        self,
        encoder: PreTrainedModel,
        relations: Relations,
        graph_encoder: GraphEncoderName,
        att_type: AttentionTypeName,
        num_graph_layers: int,
        num_bases: int = NUM_BASES,
    ) -> None:
        super().__init__()
        if num_graph_layers < 1:
            raise UserError(f"num_graph_layers {num_graph_layers} is too small; accepted is 1 or more")
        self.relational: RelationalEncoder | None = None
        config = encoder.config
        size, dropout = config.hidden_size, getattr(config, "hidden_dropout_prob", 0.1)
        keep_layers(encoder, num_graph_layers if graph_encoder == "relational" else 0)
        if graph_encoder == "relational":
            self.relational = RelationalEncoder(encoder, relations, att_type, num_graph_layers, num_bases)
        elif graph_encoder == "compgcn":
            self.convolutions: nn.Module = CompGCN(relations, size, num_graph_layers, dropout)
        else:
            heads = config.num_attention_heads
            self.convolutions = ConvolutionStack(graph_encoder, relations, size, heads, num_graph_layers, dropout)

    def forward(self, encoder: PreTrainedModel, embeddings: Tensor, batch: GraphBatch) -> Tensor:
        """Return the state of each concept ``(rows, hidden)``.

        Args:
            encoder: The encoder that was given to the constructor.
            embeddings: What stands in the place of word embeddings ``(rows, embedding_size)``.
            batch: A graph of concepts alone.
        """
        if self.relational is not None:
            return self.relational(encoder, embeddings, batch)  # type: ignore[no-any-return]
        states = encoder_states(encoder, embeddings, batch.position_ids, batch.token_type_ids)
        return self.convolutions(states, batch)  # type: ignore[no-any-return]


def mean_by_sample(
    states: Tensor, sample_of_row: Tensor, num_samples: int, chosen: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """Return the mean state of each sample's rows ``(batch, hidden)``, and which samples have any ``(batch,)``.

    Args:
        states: ``(rows, hidden)``.
        sample_of_row: Position of each row's sample ``(rows,)``.
        num_samples: Size of the batch.
        chosen: Rows that count ``(rows,)``, bool; by default all.
    """
    # (rows,)
    weight = torch.ones(len(states), device=states.device, dtype=torch.float32) if chosen is None else chosen.float()
    # (batch,)
    count = weight.new_zeros(num_samples).index_add(0, sample_of_row, weight)
    # (rows, hidden), then (batch, hidden)
    weighted = states.float() * weight.unsqueeze(-1)
    total = weight.new_zeros(num_samples, states.shape[1]).index_add(0, sample_of_row, weighted)
    return (total / count.clamp(min=1).unsqueeze(-1)).to(states.dtype), count > 0
