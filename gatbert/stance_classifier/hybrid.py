"""The classifier that reads target, text and concepts as one graph."""

from collections.abc import Callable, Sequence
from typing import Literal

import torch
from torch import Tensor, nn
from transformers import PreTrainedModel
from transformers import PreTrainedTokenizerBase as Tokenizer

from gatbert.batches import Encoded
from gatbert.batches.packed import GraphBatch, pack_graphs
from gatbert.batches.rows import ReadRows
from gatbert.knowledge.concept_vectors import ConceptVectors
from gatbert.nn.attention_types import AttentionTypeName
from gatbert.nn.concept_encoder import mean_by_sample
from gatbert.nn.head import build_head
from gatbert.nn.node_embeddings import NodeEmbeddings
from gatbert.nn.packed_encoder import embedding_size
from gatbert.nn.relation_parameters import NUM_BASES
from gatbert.nn.relational_encoder import GraphGateName, RelationalEncoder
from gatbert.pretrained.text_reader import TextReader
from gatbert.ranges import Count, Dropout, PositiveInt
from gatbert.samples import Relations
from gatbert.samples.pair_settings import PairSettings
from gatbert.stance_classifier.base import StanceClassifier
from gatbert.stance_classifier.graph_preprocessor import MAX_CONCEPTS, GraphPreprocessor
from gatbert.stance_classifier.readout import Readout
from gatbert.stance_classifier.word_tokens import IN_TARGET

HybridPooling = Literal["first", "mean", "target", "concepts"]


class HybridPreprocessor(GraphPreprocessor):
    """Encode tokens and concepts as the nodes of one graph.

    Args:
        tokenizer: As in ``GraphPreprocessor``.
        max_length: As in ``GraphPreprocessor``.
        max_concepts: As in ``GraphPreprocessor``.
        concept_vectors: As in ``GraphPreprocessor``.
        reader: As in ``GraphPreprocessor``.
        pair: As in ``GraphPreprocessor``.
        pooling: State that goes to the head.
    """

    def __init__(
        self,
        tokenizer: Tokenizer,
        max_length: int | None = None,
        max_concepts: Count = MAX_CONCEPTS,
        concept_vectors: Callable[[], ConceptVectors] | None = None,
        reader: Callable[[], TextReader] | None = None,
        pair: PairSettings | None = None,
        pooling: HybridPooling = "first",
    ) -> None:
        super().__init__(tokenizer, max_length, max_concepts, concept_vectors, reader, pair)
        others: dict[str, ReadRows] = {"first": "first", "concepts": "all"}
        self.read: ReadRows = others.get(pooling, "tokens")

    def collate(self, encoded: Sequence[Encoded]) -> GraphBatch:
        """Pack tokens and those concepts that what the head reads can learn of."""
        return pack_graphs(encoded, with_tokens=True, take_vectors=self.take_vectors, read=self.read)


class HybridClassifier(StanceClassifier):
    """Classify from one encoder in which tokens and concepts attend to each other.

    Args:
        encoder: Pretrained text encoder.
        num_stances: Size of the label set.
        relations: Relations of the graphs.
        pooling: State that goes to the head: the first token's, or the mean over all tokens, over those of the target,
            or over the concepts; over all tokens where a sample has none of these.
        att_type: How typed edges enter attention: edge_as_att, trans_key, rel_mat or hetero.
        num_graph_layers: Number of the encoder's first layers that read the graph; by default all.
        num_bases: Matrices of which those of all relations are composed, in rel_mat and hetero.
        graph_gate: none has one softmax over text and graph; with zero, each has its own, and tokens read the graph
            through a gate in each layer and head, which is closed at the start.
        graph_dropout: Probability that the tokens of a sample read no graph in a step of training; with gates alone.
        token_relation: Whether tokens, too, meet each other through a relation, which is neutral at the start.
        max_concepts: Most concepts of a sample; the farthest are left out.
        concept_vector_size: Size of the vectors that stand for concepts; ``None`` for the mean of their subwords.
        head_dropout: Dropout probability before each layer of the head, 0 to less than 1.
        head_layers: Layers of the head: 1 is linear, more have GELU between them.
        head_hidden_size: Size between layers of the head; by default that of what it reads.
    """

    preprocessor = HybridPreprocessor

    def __init__(
        self,
        encoder: PreTrainedModel,
        num_stances: int,
        relations: Relations,
        pooling: HybridPooling = "first",
        att_type: AttentionTypeName = "edge_as_att",
        num_graph_layers: PositiveInt | None = None,
        num_bases: PositiveInt = NUM_BASES,
        graph_gate: GraphGateName = "none",
        graph_dropout: Dropout = 0.0,
        token_relation: bool = False,
        max_concepts: Count = MAX_CONCEPTS,
        concept_vector_size: int | None = None,
        head_dropout: Dropout = 0.1,
        head_layers: PositiveInt = 1,
        head_hidden_size: PositiveInt | None = None,
    ) -> None:
        super().__init__(encoder, num_stances)
        self.pooling = pooling
        self.embeddings = NodeEmbeddings(embedding_size(encoder), concept_vector_size)
        self.graph_encoder = RelationalEncoder(
            encoder, relations, att_type, num_graph_layers, num_bases, graph_gate, token_relation, graph_dropout
        )
        self.dropout = nn.Dropout(head_dropout)
        self.head = build_head(encoder.config.hidden_size, num_stances, head_layers, head_hidden_size, head_dropout)

    def forward(self, batch: GraphBatch) -> Tensor:
        """Return logits ``(batch, stances)``."""
        # (rows, embedding_size), then (rows read, hidden)
        embeddings = self.embeddings(batch, self.encoder.get_input_embeddings())
        states = self.graph_encoder(self.encoder, embeddings, batch)
        if self.pooling != "first":
            # (batch, hidden); first tokens stand in the order of their samples
            read, owner = self._rows_read(batch)[: len(states)], batch.sample_of_row[: len(states)]
            states, _ = mean_by_sample(states, owner, len(batch), read)
        return self.head(self.dropout(states))  # type: ignore[no-any-return]

    def readout(self, batch: GraphBatch) -> list[Readout]:
        """Return that the head reads the mean over some rows."""
        return [Readout(self._rows_read(batch).unsqueeze(0), self.encoder, batch)]

    def measures(self) -> dict[str, Tensor]:
        """Return how far the gate of each layer is open, the mean over its heads, 0 to 1."""
        gates = enumerate(self.graph_encoder.gates, start=1)
        return {f"gate_layer{number}": gate().detach().abs().mean() for number, gate in gates}

    def _rows_read(self, batch: GraphBatch) -> Tensor:
        """Return of which rows the head reads the mean ``(rows,)``, bool: in each sample some."""
        rows = torch.arange(len(batch.sample_of_row), device=batch.sample_of_row.device)
        is_token = rows < batch.num_token_rows
        chosen = {
            "first": is_token & (batch.node_index == 0),
            "mean": is_token,
            "target": is_token & (batch.groups == IN_TARGET),
            "concepts": ~is_token,
        }[self.pooling]
        # (batch,)
        count = torch.zeros_like(batch.token_index[:, 0]).index_add(0, batch.sample_of_row, chosen.long())
        return chosen | (is_token & (count == 0)[batch.sample_of_row])
