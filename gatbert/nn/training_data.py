"""What a training asks of the data beside it."""

from collections.abc import Sequence
from typing import Protocol

from torch import Tensor

from gatbert.batches import Preprocessor
from gatbert.corpora.graph_corpus_info import GraphCorpusInfo
from gatbert.corpora.splits.corpus_splits import CorpusSplits


class TrainingData(Protocol):
    """Say what a data module must know."""

    @property
    def preprocessor(self) -> Preprocessor:
        """The preprocessor that makes the batches."""

    @property
    def transforms(self) -> Sequence[str]:
        """Changes of every sample, by name."""

    @property
    def corpus(self) -> CorpusSplits:
        """The corpus, or the mix of them."""

    @property
    def tagging(self) -> GraphCorpusInfo | None:
        """How the corpus was tagged; ``None`` if it was not, or if no graph is read."""

    def stance_counts(self) -> Tensor:
        """Return how many training samples each stance has, ``(stances,)``."""
