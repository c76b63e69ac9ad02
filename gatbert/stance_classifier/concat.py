"""The classifier that reads text and concepts apart, side by side."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Literal

import numpy as np
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
from gatbert.stance_classifier.text import (
    TextBatch,
    collate_sentence_pairs,
    encode_text,
    first_tokens,
    mean_of_tokens,
    refuse_first_of_decoder,
)
from gatbert.stance_classifier.word_tokens import IN_TARGET, IN_TEXT


@dataclass(frozen=True)
class ConcatBatch(TextBatch):
    """Hold sentence pairs beside the concepts of the same samples.

    Attributes:
        concepts: The concepts, as a packed graph.
        token_groups: ``IN_TARGET``, ``IN_TEXT``, or 0 for special tokens and padding ``(batch, tokens)``, int64.
    """

    concepts: GraphBatch
    token_groups: Tensor

    @property
    def graph(self) -> GraphBatch:
        """The concepts."""
        return self.concepts


class ConcatPreprocessor(GraphPreprocessor):
    """Encode sentence pairs, and concepts with the edges between them; arguments as in ``GraphPreprocessor``."""

    def collate(self, encoded: Sequence[Encoded]) -> ConcatBatch:
        """Pad the sentence pairs, and pack the concepts."""
        # (tokens + concepts,) of each sample
        groups = [item.arrays["node_groups"] for item in encoded]
        lengths = [len(item.arrays["input_ids"]) for item in encoded]
        # (batch, tokens)
        token_groups = np.zeros((len(encoded), max(lengths)), np.int64)
        for row, group, length in zip(token_groups, groups, lengths, strict=True):
            row[:length] = group[:length]
        return ConcatBatch(
            **collate_sentence_pairs(encoded, self.tokenizer.pad_token_id),
            concepts=pack_graphs(encoded, with_tokens=False, take_vectors=self.take_vectors),
            token_groups=torch.from_numpy(token_groups),
        )


class ConcatClassifier(StanceClassifier):
    """Classify from a vector of the text beside a vector of the graph.

    With ``pooling`` seeds there are four vectors: the means over the tokens of the target, over those of the text, and
    over the concepts linked with each, as in Enhancing Zero-shot and Few-shot Stance Detection with Commonsense
    Knowledge Graph, Liu et al. 2021 (https://aclanthology.org/2021.findings-acl.278).

    Args:
        encoder: Pretrained text encoder; the layers over concepts are copies of its first ones, if ``graph_encoder`` is
            relational.
        num_stances: Size of the label set.
        relations: Relations of the graphs.
        pooling: What goes to the head: the first token beside the mean over all concepts, or means over target, text
            and the concepts linked with each (seeds).
        graph_encoder: Layers over concepts: relational attention, or a convolution of torch_geometric.
        att_type: How typed edges enter relational attention: edge_as_att, trans_key, rel_mat or hetero.
        num_graph_layers: How many layers over concepts.
        num_bases: Matrices of which those of all relations are composed, in rel_mat and hetero.
        max_concepts: Most concepts of a sample; the farthest are left out.
        concept_vector_size: Size of the vectors that stand for concepts; ``None`` for the mean of their subwords.
        head_dropout: Dropout probability before each layer of the head, 0 to less than 1.
        head_layers: Layers of the head: 1 is linear, more have GELU between them.
        head_hidden_size: Size between layers of the head; by default that of what it reads.
    """

    preprocessor = ConcatPreprocessor

    def __init__(
        self,
        encoder: PreTrainedModel,
        num_stances: int,
        relations: Relations,
        pooling: Literal["first", "seeds"] = "first",
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
        if pooling == "first":
            refuse_first_of_decoder(encoder, "seeds")
        self.pooling = pooling
        self.embeddings = NodeEmbeddings(embedding_size(encoder), concept_vector_size)
        self.concept_layers = deepcopy(encoder)
        self.concept_layers.set_input_embeddings(encoder.get_input_embeddings())
        self.graph_encoder = ConceptEncoder(
            self.concept_layers, relations, graph_encoder, att_type, num_graph_layers, num_bases
        )
        hidden_size = encoder.config.hidden_size
        num_graph_vectors = 1 if pooling == "first" else 2
        self.no_concepts = nn.Parameter(0.02 * torch.randn(num_graph_vectors, hidden_size))
        self.dropout = nn.Dropout(head_dropout)
        self.head = build_head(
            2 * num_graph_vectors * hidden_size, num_stances, head_layers, head_hidden_size, head_dropout
        )

    def pretrained_encoders(self) -> list[PreTrainedModel]:
        """Return the encoder, and the copies of its layers."""
        return [self.encoder, self.concept_layers]

    def forward(self, batch: ConcatBatch) -> Tensor:
        """Return logits ``(batch, stances)``."""
        # (batch, tokens, hidden)
        tokens = encode_text(self.encoder, batch)
        # (rows, embedding_size), then (rows, hidden)
        embeddings = self.embeddings(batch.concepts, self.encoder.get_input_embeddings())
        concepts = self.graph_encoder(self.concept_layers, embeddings, batch.concepts)
        vectors = [*self._text(tokens, batch), *self._graph(concepts, batch)]
        return self.head(self.dropout(torch.cat(vectors, dim=-1)))  # type: ignore[no-any-return]

    def readout(self, batch: ConcatBatch) -> list[Readout]:
        """Return that the head reads means over tokens beside means over concepts."""
        concept_layers = self.concept_layers if self.graph_encoder.relational is not None else None
        return [
            Readout(self._tokens_read(batch), self.encoder),
            Readout(self._concepts_read(batch), concept_layers, batch.concepts),
        ]

    def _text(self, tokens: Tensor, batch: ConcatBatch) -> list[Tensor]:
        """Return the vectors of the text, each ``(batch, hidden)``."""
        if self.pooling == "first":
            return [tokens[:, 0]]
        return [mean_of_tokens(tokens, read) for read in self._tokens_read(batch)]

    def _graph(self, concepts: Tensor, batch: ConcatBatch) -> list[Tensor]:
        """Return the vectors of the graph, each ``(batch, hidden)``; learned ones where there are no concepts."""
        vectors = []
        for read, nothing in zip(self._concepts_read(batch), self.no_concepts, strict=True):
            # (batch, hidden), (batch,)
            mean, known = mean_by_sample(concepts, batch.concepts.sample_of_row, len(batch), read)
            vectors.append(torch.where(known.unsqueeze(-1), mean, nothing.to(mean.dtype)))
        return vectors

    def _tokens_read(self, batch: ConcatBatch) -> Tensor:
        """Return which tokens each vector of the text is the mean of ``(vectors, batch, tokens)``, bool."""
        if self.pooling == "first":
            return first_tokens(batch).unsqueeze(0)
        return torch.stack([batch.token_groups == group for group in (IN_TARGET, IN_TEXT)])

    def _concepts_read(self, batch: ConcatBatch) -> Tensor:
        """Return which concepts each vector of the graph is the mean of ``(vectors, rows)``, bool."""
        if self.pooling == "first":
            return torch.ones_like(batch.concepts.groups, dtype=torch.bool).unsqueeze(0)
        return torch.stack([(batch.concepts.groups & group) > 0 for group in (IN_TARGET, IN_TEXT)])
