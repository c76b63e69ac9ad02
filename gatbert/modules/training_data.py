"""What a training takes from its data: balanced weights, and what a checkpoint must tell of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, runtime_checkable

from torch import Tensor

from gatbert.batches import Preprocessor
from gatbert.corpora.graph_corpus_info import GraphCorpusInfo
from gatbert.corpora.splits.corpus_splits import CorpusSplits
from gatbert.samples.pair_settings import PairSettings


@runtime_checkable
class TrainingData(Protocol):
    """What a training module asks of the data module beside it."""

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


@dataclass(frozen=True)
class TrainedOn:
    """Hold what a checkpoint tells of the data of its training.

    Attributes:
        max_length: Most tokens of a sample, or ``None`` while no data are known.
        pair: What is read of every sample as text.
        transforms: Changes of every sample, by name.
        tagging: How the corpus was tagged.
    """

    max_length: int | None = None
    pair: PairSettings = field(default_factory=PairSettings)
    transforms: tuple[str, ...] = ()
    tagging: GraphCorpusInfo | None = None

    def after(self, data: TrainingData, trains: bool) -> "TrainedOn":
        """Return this with the limits of other data and, if they are trained on, all else that they say."""
        limits = replace(self, max_length=data.preprocessor.max_length, pair=data.preprocessor.pair)
        return replace(limits, transforms=tuple(data.transforms), tagging=data.tagging) if trains else limits
