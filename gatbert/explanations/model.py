"""A trained classifier as explanations ask it: the log-odds of stances, and where the nodes of a sample are."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from gatbert.batches import Batch, Encoded, Preprocessor
from gatbert.batches.packed import UNREACHABLE, GraphBatch
from gatbert.samples import GraphSample, Sample
from gatbert.samples.node_removal import with_nodes
from gatbert.samples.words import word_spans
from gatbert.stance_classifier import StanceClassifier
from gatbert.stance_classifier.concat import ConcatBatch
from gatbert.stance_classifier.graph_preprocessor import GraphPreprocessor
from gatbert.stance_classifier.sentence_pairs import SentencePairPreprocessor

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class TrainedModel:
    """Hold a classifier in eval mode with its preprocessor.

    Attributes:
        classifier: The classifier.
        preprocessor: Its preprocessor.
        batch_size: Most samples that are computed together.
    """

    classifier: StanceClassifier
    preprocessor: Preprocessor
    batch_size: int = 64

    @property
    def device(self) -> torch.device:
        """Where the classifier is."""
        return next(self.classifier.parameters()).device

    @torch.inference_mode()
    def log_odds(self, samples: Sequence[Sample]) -> Floats:
        """Return log p - log(1 - p) for the probability p of each stance ``(samples, stances)``."""
        parts = []
        for start in range(0, len(samples), self.batch_size):
            batch = self.collate(self.preprocessor.encode(samples[start : start + self.batch_size]))
            parts.append(log_odds(self.classifier(batch)).cpu().numpy())
        return np.concatenate(parts)

    def collate(self, encoded: Sequence[Encoded]) -> Batch:
        """Return a batch where the classifier is."""
        return self.preprocessor.collate(encoded).to(self.device)

    def readable(self, sample: Sample) -> GraphSample:
        """Return a sample with its words and with no concept but those that the classifier is given."""
        own = self.preprocessor
        return with_nodes(sample, own.max_concepts if isinstance(own, GraphPreprocessor) else None)


def log_odds(logits: Tensor) -> Tensor:
    """Return log p - log(1 - p) of each stance, in fp64; arguments and result ``(batch, stances)``."""
    logits = logits.double()
    others = logits.unsqueeze(-2).repeat_interleave(logits.shape[-1], dim=-2)
    own = torch.eye(logits.shape[-1], dtype=torch.bool, device=logits.device)
    return logits - others.masked_fill(own, -torch.inf).logsumexp(-1)


def graph_of(batch: Batch) -> GraphBatch | None:
    """Return the packed graph of a batch, or ``None`` if it has none."""
    if isinstance(batch, ConcatBatch):
        return batch.graph
    return batch if isinstance(batch, GraphBatch) else None


def word_shares(preprocessor: SentencePairPreprocessor, sample: GraphSample) -> Floats:
    """Return which share of each token belongs to each word ``(tokens, words)``.

    A token that lies in several words belongs to each in equal parts; special tokens, and words that were cut, have
    nothing.
    """
    encoding = preprocessor.tokenize([sample], with_offsets=True)
    offsets, sequences = np.array(encoding["offset_mapping"][0]), encoding.sequence_ids(0)
    half = sample.num_target_words
    spans = [*word_spans(sample.target, sample.words[:half]), *word_spans(sample.text, sample.words[half:])]
    starts, ends = np.array(spans, np.int64).reshape(-1, 2).T
    sequence_of_word = np.arange(len(spans)) >= half
    sequence = np.array([-1 if part is None else part for part in sequences])
    overlap = (offsets[:, :1] < ends) & (offsets[:, 1:] > starts) & (sequence[:, None] == sequence_of_word)
    shares: Floats = overlap / np.maximum(overlap.sum(1, keepdims=True), 1)
    return shares


def concept_of_row(encoded: Sequence[Encoded], with_tokens: bool) -> Ints:
    """Return which concept of its sample each concept row of a packed batch is ``(concept rows,)``.

    Args:
        encoded: The samples that were packed.
        with_tokens: Whether tokens were packed too: concepts out of reach are then left out, and near ones come first.
    """
    position = np.concatenate([np.arange(len(item.arrays["concept_lengths"])) for item in encoded])
    if not with_tokens:
        return position
    hops = np.concatenate([item.arrays["hops_to_first_token"] for item in encoded])
    kept = np.flatnonzero(hops < UNREACHABLE)
    rows: Ints = position[kept[np.argsort(hops[kept], kind="stable")]]
    return rows
