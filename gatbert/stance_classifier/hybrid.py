"""The classifier that reads target, text and concepts as one graph."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from transformers import PreTrainedModel

from gatbert.batches import Encoded
from gatbert.batches.packed import GraphBatch, pack_graphs
from gatbert.nn.attention_types import AttentionTypeName
from gatbert.nn.node_embeddings import NodeEmbeddings
from gatbert.nn.packed_encoder import embedding_size
from gatbert.nn.relational_encoder import RelationalEncoder
from gatbert.ranges import Count, Dropout, PositiveInt
from gatbert.samples import Relations
from gatbert.stance_classifier.base import StanceClassifier
from gatbert.stance_classifier.graph_preprocessor import MAX_CONCEPTS, GraphPreprocessor
from gatbert.stance_classifier.readout import Readout


class HybridPreprocessor(GraphPreprocessor):
    """Encode tokens and concepts as the nodes of one graph; arguments as in ``GraphPreprocessor``."""

    def collate(self, encoded: Sequence[Encoded]) -> GraphBatch:
        """Pack tokens and those concepts that the first token can learn of."""
        return pack_graphs(encoded, with_tokens=True, take_vectors=self.take_vectors)


class HybridClassifier(StanceClassifier):
    """Classify from the first token of one encoder in which tokens and concepts attend to each other.

    Args:
        encoder: Pretrained text encoder.
        num_stances: Size of the label set.
        relations: Relations of the graphs.
        att_type: How typed edges enter attention: edge_as_att, trans_key, rel_mat or hetero.
        num_graph_layers: Number of the encoder's first layers that read the graph; by default all.
        max_concepts: Most concepts of a sample; the farthest are left out.
        concept_vector_size: Size of the vectors that stand for concepts; ``None`` for the mean of their subwords.
        head_dropout: Dropout probability before the linear head, 0 to less than 1.
    """

    preprocessor = HybridPreprocessor

    def __init__(
        self,
        encoder: PreTrainedModel,
        num_stances: int,
        relations: Relations,
        att_type: AttentionTypeName = "edge_as_att",
        num_graph_layers: PositiveInt | None = None,
        max_concepts: Count = MAX_CONCEPTS,
        concept_vector_size: int | None = None,
        head_dropout: Dropout = 0.1,
    ) -> None:
        super().__init__(encoder, num_stances)
        self.embeddings = NodeEmbeddings(embedding_size(encoder), concept_vector_size)
        self.graph_encoder = RelationalEncoder(encoder, relations, att_type, num_graph_layers)
        self.dropout = nn.Dropout(head_dropout)
        self.head = nn.Linear(encoder.config.hidden_size, num_stances)

    def forward(self, batch: GraphBatch) -> Tensor:
        """Return logits ``(batch, stances)``."""
        # (rows, embedding_size), then (batch, hidden)
        embeddings = self.embeddings(batch, self.encoder.get_input_embeddings())
        first = self.graph_encoder(self.encoder, embeddings, batch)
        return self.head(self.dropout(first))  # type: ignore[no-any-return]

    def readout(self, batch: GraphBatch) -> list[Readout]:
        """Return that the head reads the first token."""
        read = torch.zeros_like(batch.sample_of_row)
        read[batch.token_index[:, 0]] = 1
        return [Readout(read.unsqueeze(0), self.encoder, batch)]
