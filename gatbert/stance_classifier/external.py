"""The classifier that reads concepts alone."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from transformers import PreTrainedModel

from gatbert.batches import Encoded
from gatbert.batches.packed import GraphBatch, pack_graphs
from gatbert.nn.attention_types import AttentionTypeName
from gatbert.nn.concept_encoder import ConceptEncoder, GraphEncoderName, mean_by_sample
from gatbert.nn.head import build_head
from gatbert.nn.node_embeddings import NodeEmbeddings
from gatbert.nn.packed_encoder import embedding_size
from gatbert.nn.relation_parameters import NUM_BASES
from gatbert.ranges import Count, Dropout, PositiveInt
from gatbert.samples import Relations
from gatbert.stance_classifier.base import StanceClassifier
from gatbert.stance_classifier.graph_preprocessor import MAX_CONCEPTS, GraphPreprocessor
from gatbert.stance_classifier.readout import Readout


class ExternalPreprocessor(GraphPreprocessor):
    """Encode concepts and the edges between them; arguments as in ``GraphPreprocessor``."""

    def collate(self, encoded: Sequence[Encoded]) -> GraphBatch:
        """Pack the concepts."""
        return pack_graphs(encoded, with_tokens=False, take_vectors=self.take_vectors)


class ExternalClassifier(StanceClassifier):
    """Classify from the mean over the concepts, whatever the text says.

    Args:
        encoder: Pretrained text encoder, of which the embeddings are used and the first layers, if
            ``graph_encoder`` is relational.
        num_stances: Size of the label set.
        relations: Relations of the graphs.
        graph_encoder: Layers over concepts: relational attention, or a convolution of torch_geometric.
        att_type: How typed edges enter relational attention: edge_as_att, trans_key, rel_mat or hetero.
        num_graph_layers: How many layers.
        num_bases: Matrices of which those of all relations are composed, in rel_mat and hetero.
        max_concepts: Most concepts of a sample; the farthest are left out.
        concept_vector_size: Size of the vectors that stand for concepts; ``None`` for the mean of their subwords.
        head_dropout: Dropout probability before each layer of the head, 0 to less than 1.
        head_layers: Layers of the head: 1 is linear, more have GELU between them.
        head_hidden_size: Size between layers of the head; by default that of what it reads.
    """

    preprocessor = ExternalPreprocessor

    def __init__(
        self,
        encoder: PreTrainedModel,
        num_stances: int,
        relations: Relations,
        graph_encoder: GraphEncoderName = "relational",
        att_type: AttentionTypeName = "edge_as_att",
        num_graph_layers: PositiveInt = 2,
        num_bases: PositiveInt = NUM_BASES,
        max_concepts: Count = MAX_CONCEPTS,
        concept_vector_size: int | None = None,
        head_dropout: Dropout = 0.1,
        head_layers: PositiveInt = 1,
        head_hidden_size: PositiveInt | None = None,
    ) -> None:
        super().__init__(encoder, num_stances)
        self.embeddings = NodeEmbeddings(embedding_size(encoder), concept_vector_size)
        self.graph_encoder = ConceptEncoder(encoder, relations, graph_encoder, att_type, num_graph_layers, num_bases)
        hidden_size = encoder.config.hidden_size
        self.no_concepts = nn.Parameter(0.02 * torch.randn(hidden_size))
        self.dropout = nn.Dropout(head_dropout)
        self.head = build_head(hidden_size, num_stances, head_layers, head_hidden_size, head_dropout)

    def forward(self, batch: GraphBatch) -> Tensor:
        """Return logits ``(batch, stances)``."""
        # (rows, embedding_size), then (rows, hidden)
        embeddings = self.embeddings(batch, self.encoder.get_input_embeddings())
        concepts = self.graph_encoder(self.encoder, embeddings, batch)
        # (batch, hidden) and (batch,)
        mean, known = mean_by_sample(concepts, batch.sample_of_row, len(batch))
        graph = torch.where(known.unsqueeze(-1), mean, self.no_concepts.to(mean.dtype))
        return self.head(self.dropout(graph))  # type: ignore[no-any-return]

    def readout(self, batch: GraphBatch) -> list[Readout]:
        """Return that the head reads the mean over all concepts."""
        encoder = self.encoder if self.graph_encoder.relational is not None else None
        return [Readout(torch.ones_like(batch.sample_of_row).unsqueeze(0), encoder, batch)]
