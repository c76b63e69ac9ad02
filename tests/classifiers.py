"""Classifiers of somebody's own, outside the package: one file, no change in gatbert."""

import torch
from torch import Tensor, nn
from transformers import PreTrainedModel
from transformers import PreTrainedTokenizerBase as Tokenizer

from gatbert.batches.packed import GraphBatch
from gatbert.nn.concept_encoder import mean_by_sample
from gatbert.nn.node_embeddings import NodeEmbeddings
from gatbert.nn.packed_encoder import embedding_size
from gatbert.samples import Relations
from gatbert.stance_classifier import Readout, StanceClassifier, TextBatch, TextPreprocessor
from gatbert.stance_classifier.external import ExternalPreprocessor


class BagOfTokens(StanceClassifier):
    """Classify from the mean word embedding.

    Args:
        encoder: Pretrained text encoder, of which only the word embeddings are used.
        num_stances: Size of the label set.
        hidden_size: Width of the hidden layer.
        num_graph_layers: Depth of the hidden layers, a flat option of graph classifiers.
    """

    def __init__(
        self, encoder: PreTrainedModel, num_stances: int, hidden_size: int = 8, num_graph_layers: int = 1
    ) -> None:
        super().__init__(encoder, num_stances)
        width = embedding_size(encoder)
        layers = [
            nn.Linear(width, hidden_size),
            *(nn.Linear(hidden_size, hidden_size) for _ in range(num_graph_layers - 1)),
        ]
        self.head = nn.Sequential(*layers, nn.Linear(hidden_size, num_stances))

    @staticmethod
    def preprocessor(tokenizer: Tokenizer, max_length: int | None = None) -> TextPreprocessor:
        """Encode as TextClassifier does."""
        return TextPreprocessor(tokenizer, max_length)

    def forward(self, batch: TextBatch) -> Tensor:
        """Return logits ``(batch, stances)``."""
        mask = batch.attention_mask.unsqueeze(-1)
        states = self.encoder.get_input_embeddings()(batch.input_ids) * mask
        logits: Tensor = self.head(states.sum(1) / mask.sum(1))
        return logits


class LastToken(StanceClassifier):
    """Classify from the state of the last token, and say so.

    Args:
        encoder: Pretrained text encoder.
        num_stances: Size of the label set.
    """

    preprocessor = TextPreprocessor

    def __init__(self, encoder: PreTrainedModel, num_stances: int) -> None:
        super().__init__(encoder, num_stances)
        self.head = nn.Linear(encoder.config.hidden_size, num_stances)

    def forward(self, batch: TextBatch) -> Tensor:
        """Return logits ``(batch, stances)``."""
        states = self.encoder(batch.input_ids, batch.attention_mask).last_hidden_state
        logits: Tensor = self.head(states[torch.arange(len(batch)), batch.attention_mask.sum(1) - 1])
        return logits

    def readout(self, batch: TextBatch) -> list[Readout]:
        """Return that the head reads the last token."""
        last = torch.zeros_like(batch.attention_mask)
        last[torch.arange(len(batch)), batch.attention_mask.sum(1) - 1] = 1
        return [Readout(last.unsqueeze(0), self.encoder)]


class BagOfConcepts(StanceClassifier):
    """Classify from the mean embedding of the concepts, and from which relations there are.

    Args:
        encoder: Pretrained text encoder, of which only the word embeddings are used.
        num_stances: Size of the label set.
        relations: Relations of the graphs.
        concept_vector_size: Size of the vectors that stand for concepts; ``None`` for the mean of their subwords.
        depth: Depth of the hidden layers.
    """

    preprocessor = ExternalPreprocessor

    def __init__(
        self,
        encoder: PreTrainedModel,
        num_stances: int,
        relations: Relations,
        concept_vector_size: int | None = None,
        depth: int = 0,
    ) -> None:
        super().__init__(encoder, num_stances)
        width = embedding_size(encoder)
        self.relations = relations
        self.embeddings = NodeEmbeddings(width, concept_vector_size)
        self.hidden = nn.Sequential(*(nn.Linear(width, width) for _ in range(depth)))
        self.head = nn.Linear(width, num_stances)
        self.prior = nn.Parameter(torch.zeros(len(relations), num_stances))

    def forward(self, batch: GraphBatch) -> Tensor:
        """Return logits ``(batch, stances)``."""
        concepts = self.embeddings(batch, self.encoder.get_input_embeddings())
        mean, _ = mean_by_sample(concepts, batch.sample_of_row, len(batch))
        logits: Tensor = self.head(self.hidden(mean)) + self.prior[batch.edge_relation.unique()].sum(0)
        return logits
