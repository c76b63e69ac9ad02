"""Several corpora in one training."""

from typing import Any

from gatbert.corpora.splits.corpus_splits import CorpusSplits
from gatbert.corpora.splits.mixed_splits import splits_from_options
from gatbert.data_modules.base import StanceDataModule
from gatbert.data_modules.samplers import Sampling
from gatbert.ranges import Count, Folds


class MixedDataModule(StanceDataModule):
    """Mix corpora: train with train, val with val, test with test; the name of each is the flag ``corpus``.

    Args:
        corpora: The corpora, each as a mapping of options. ``paths`` with ``shares`` ([0.8, 0.1, 0.1] by default) are
            split at random; ``train``, ``val``, ``test`` and ``predict``, or ``files`` with ``split_column`` and
            ``split_values``, have splits; ``val_fraction``, ``split_seed`` and ``split_by`` are as in the other data
            modules. ``corpus_type``, ``columns``, ``labels``, ``delimiter``, ``encoding`` and ``stances`` say how it
            is read; those beside ``corpora`` hold for all that say nothing else. ``name`` is its format by default;
            ``weight`` (1) is how much each of its samples weighs in the loss. ``paths`` may be split by ``cut`` of a
            ``split_column``, too (``split_by: column``).
        sampling: Share of each corpus in the batches of an epoch: by its size (proportional), or the same for all
            (balanced), for which samples of small ones come several times and those of large ones in turns.
        folds: Folds of a cross-validation over all corpora that are drawn; the others only train.
        fold: Which fold is test, from 0.
        kwargs: Options of ``StanceDataModule``; ``stances`` must hold the stances of all corpora.
    """

    def __init__(
        self,
        corpora: list[dict[str, Any]],
        sampling: Sampling = "proportional",
        folds: Folds | None = None,
        fold: Count | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.sampling = sampling
        self._corpus = splits_from_options({**self.reading, "corpora": corpora, "folds": folds, "fold": fold})

    @property
    def corpus(self) -> CorpusSplits:
        """The corpora, each with its splits."""
        return self._corpus
