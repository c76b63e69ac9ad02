"""Data modules: corpora are read, split, checked and encoded once; training only collates."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import lightning.pytorch as pl
import numpy as np
import torch
from torch.utils.data import DataLoader

from gatbert.batches import Encoded, Preprocessor
from gatbert.corpora import CorpusType
from gatbert.corpora.graph_corpus_info import GraphCorpusInfo
from gatbert.corpora.paraphrases import read_paraphrases
from gatbert.corpora.splits import Splits
from gatbert.corpora.splits.corpus_splits import CorpusSplits
from gatbert.corpora.splits.duplicates import Duplicates
from gatbert.corpora.splits.near_leaks import NearDuplicates
from gatbert.data_modules.encoded_cache import EncodedSplit, folder_of_key, read_summary
from gatbert.data_modules.loading import evaluation_loader, training_loader
from gatbert.data_modules.pair_options import PairOptions
from gatbert.data_modules.preparation import fill_cache, most_tokens, refuse_transforms_of_tests
from gatbert.data_modules.samplers import Sampling
from gatbert.data_modules.sources import code_identity, common_relations, common_tagging, corpus_checksums
from gatbert.data_modules.summary import CorpusSummary
from gatbert.data_modules.trainer_state import SPLITS_OF_COMMAND, running_command
from gatbert.errors import UserError
from gatbert.evaluation.run_record import DataRecord, split_manifest
from gatbert.pretrained.encoders import load_tokenizer
from gatbert.ranges import Count, PositiveInt, check_ranges
from gatbert.samples import Relations, Sample
from gatbert.samples.stances import label_set
from gatbert.samples.transforms import TransformName, check_transforms, transformed
from gatbert.stance_classifier import StanceClassifier, TextClassifier
from gatbert.stance_classifier.options import build_preprocessor, reads_graph, with_reader


class StanceDataModule(pl.LightningDataModule, ABC):
    """Read corpora, check their splits, encode them once with the classifier's own preprocessor, and batch them.

    ``prepare_data`` runs in one process and fills a cache; everything else needs only that cache. A subclass says by
    its ``corpus`` which files are read, as ``reading`` says how, and what falls in which split.

    Args:
        tokenizer: Where the tokenizer comes from; follows ``--pretrained_model``.
        classifier: Whose preprocessor encodes the samples; follows ``--classifier``.
        corpus_type: Format of the corpus files.
        columns: Column of each field (id, text, target, stance, context, background, and any other name for a flag to
            break scores down by), merged over those of the format.
        labels: Stance of each label; by default those of the format. Rows of a label with null are skipped.
        delimiter: The character between two cells of a file; by default, as ``encoding``, that of the format.
        encoding: Encoding of the files, such as cp1252.
        stances: Label set of the classifier, in order; by default against, favor, neutral. Each needs training samples.
        duplicates: What becomes of samples that stand in two splits: refuse them; drop them from train, and from val
            what test has; or allow them.
        near_duplicates: The same of those whose texts have 0.7 of their trigrams in common; warn only says so.
        batch_size: Samples per step and process.
        num_workers: Processes that collate batches; 0 collates in the main process, which is fast enough on a CPU.
        max_length: Most tokens of a sample, special tokens included; by default the checkpoint's, else 256, or less if
            the encoder has fewer positions. Text is cut, a target not.
        transforms: Changes of every sample, in order; docs/graph_classifiers.md says what each does.
        paraphrases: YAML file {target: another wording}, for paraphrase_target.
        classifier_options: Options of the classifier, of which its preprocessor takes its own; follows the model.
        cache_dir: Folder of the cache of encoded samples; by default gatbert in XDG_CACHE_HOME or ~/.cache.
        pair: What is read of a sample as text; see ``PairOptions``.
    """

    sampling: Sampling = "proportional"

    def __init__(
        self,
        tokenizer: str,
        classifier: type[StanceClassifier] = TextClassifier,
        corpus_type: CorpusType = "csv",
        columns: dict[str, str | None] | None = None,
        labels: dict[str, str | None] | None = None,
        delimiter: str | None = None,
        encoding: str | None = None,
        stances: list[str] | None = None,
        duplicates: Duplicates = "refuse",
        near_duplicates: NearDuplicates = "warn",
        batch_size: PositiveInt = 32,
        num_workers: Count = 0,
        max_length: PositiveInt | None = None,
        transforms: list[TransformName] | None = None,
        paraphrases: str | None = None,
        classifier_options: dict[str, Any] | None = None,
        cache_dir: str | None = None,
        **pair: Any,
    ) -> None:
        super().__init__()
        check_ranges(StanceDataModule.__init__, locals(), "--data.")
        self.tokenizer, self.classifier = tokenizer, classifier
        self.stances = label_set(stances)
        self.batch_size, self.num_workers, self.max_length = batch_size, num_workers, max_length
        self.pair_options = PairOptions(**pair)
        self.pair = self.pair_options.settings()
        self.transforms = transforms or []
        self.paraphrases = None if paraphrases is None else read_paraphrases(paraphrases)
        self.classifier_options = with_reader(classifier_options or {}, tokenizer)
        self.cache_dir = cache_dir
        reading = {"corpus_type": corpus_type, "columns": columns, "labels": labels, "stances": self.stances}
        rest = {"delimiter": delimiter, "encoding": encoding, "near_duplicates": near_duplicates}
        self.reading: dict[str, Any] = {**reading, **rest, "duplicates": duplicates}
        self.required, self._prepared = set[str](), False
        check_transforms(self.transforms, self.paraphrases is not None)

    @property
    @abstractmethod
    def corpus(self) -> CorpusSplits:
        """Which files are read how, and which sample falls in which split."""

    def read_splits(self, labelled: bool = True) -> Splits:
        """Read the corpora and return the samples of train, val, test and predict, as they are used.

        Args:
            labelled: Whether each sample must have a gold stance.
        """
        return self.corpus.resolved(labelled).splits

    def require(self, *splits: str) -> None:
        """Ask for splits beyond those of the running command, so that they are checked before it starts."""
        self.required.update(splits)

    @cached_property
    def preprocessor(self) -> Preprocessor:
        """The classifier's own preprocessor."""
        tokenizer = load_tokenizer(self.tokenizer)
        length = most_tokens(self.max_length, tokenizer)
        return build_preprocessor(self.classifier, tokenizer, length, self.classifier_options, self.pair)

    @cached_property
    def relations(self) -> Relations | None:
        """Relations of the graphs, or ``None`` if the classifier reads no graph or the corpus has none.

        Raises:
            UserError: If files differ in them.
        """
        return common_relations(self.corpus) if reads_graph(self.classifier) else None

    @cached_property
    def tagging(self) -> GraphCorpusInfo | None:
        """How the corpus was tagged; ``None`` if it was not by ``gatbert tag``, or if the classifier reads no concepts.

        Raises:
            UserError: If files were tagged in different ways.
        """
        return common_tagging(self.corpus) if reads_graph(self.classifier) or self.pair.reads_concepts else None

    @cached_property
    def checksums(self) -> dict[str, str]:
        """SHA-256 of every corpus file, and of those that belong to it, by the path as the user wrote it."""
        return {**corpus_checksums(self.corpus), **self.pair_options.checksums()}

    @cached_property
    def folder(self) -> Path:
        """Folder in the cache: its name is a hash of corpus, splits, encoding and all code that has a say."""
        preprocessor = type(self.preprocessor)
        key = {
            "code": code_identity(type(self), type(self.corpus), self.classifier, preprocessor),
            "data": self.checksums,
            "corpus": [self.corpus.settings(), self._is_labelled()],
            "transforms": [*self.transforms, self.paraphrases],
            "preprocessor": [preprocessor.__qualname__, self.preprocessor.settings()],
        }
        return folder_of_key(key, self.cache_dir)

    def prepare_data(self) -> None:
        """Read, check and encode all splits, unless the cache holds them; say what there is; refuse what is no use.

        Raises:
            UserError: If a file cannot be read, splits share a sample, or a split that is needed has no samples, no
                gold stances, or, for training, not all stances.
        """
        if not self._prepared:
            refuse_transforms_of_tests(self.transforms, self.trainer)
            fill_cache(self.folder, self.corpus, self._is_labelled(), self._encode, self.tagging)
            self._say_what_is_there()
            self._prepared = True
        for problem in filter(None, map(self.summary.problem, self._needed_splits())):
            raise UserError(problem)

    @property
    def summary(self) -> CorpusSummary:
        """What was read: samples, stances, labels, duplicates, texts that were cut."""
        return CorpusSummary.from_plain(read_summary(self.folder))

    def _say_what_is_there(self) -> None:
        """Print a line for each split of the command, on the first process."""
        if self.trainer is not None and not self.trainer.is_global_zero:
            return
        names = ("train", "val", "test") if running_command(self.trainer) == "fit" else self._needed_splits()
        for line in self.summary.lines(names, self.preprocessor.max_length):
            print(line, flush=True)  # noqa: T201

    def _needed_splits(self) -> list[str]:
        return sorted(self.required | set(SPLITS_OF_COMMAND[running_command(self.trainer)]))

    def split(self, name: str) -> EncodedSplit:
        """Open a split of the cache."""
        return EncodedSplit(self.folder / name)

    def samples(self, name: str) -> list[Sample]:
        """Return the samples of a split, in the order of their ``sample_index``."""
        return self.split(name).samples

    def stance_counts(self) -> torch.Tensor:
        """Return how many training samples each stance has, ``(stances,)``."""
        return torch.from_numpy(np.bincount(self.split("train").stance_index, minlength=len(self.stances)))

    def provenance(self) -> DataRecord:
        """Return what identifies the data of this run: checksums of the files, manifest and summary of the splits."""
        splits = {name: split_manifest(self.samples(name)) for name in self.summary.splits}
        return DataRecord(self.checksums, splits, self.summary.to_plain())

    def train_dataloader(self) -> DataLoader[list[Encoded]]:
        """Return shuffled batches of similar length."""
        loading = (self.batch_size, self.num_workers, self.trainer)
        return training_loader(self.split("train"), self.preprocessor, *loading, self.sampling == "balanced")

    def val_dataloader(self) -> DataLoader[list[Encoded]]:
        """Return every validation sample once."""
        return self._evaluation_loader("val")

    def test_dataloader(self) -> DataLoader[list[Encoded]]:
        """Return every test sample once."""
        return self._evaluation_loader("test")

    def predict_dataloader(self) -> DataLoader[list[Encoded]]:
        """Return every sample to predict once."""
        return self._evaluation_loader("predict")

    def _evaluation_loader(self, name: str) -> DataLoader[list[Encoded]]:
        return evaluation_loader(self.split(name), self.preprocessor, self.batch_size, self.num_workers, self.trainer)

    def as_encoded(self, samples: Sequence[Sample]) -> Sequence[Sample]:
        """Return samples as they are before they are encoded: with their backgrounds and all changes."""
        completed, mask = self.pair_options.completed(samples), self.preprocessor.mask_token
        return transformed(completed, self.transforms, mask, self.paraphrases)

    def _encode(self, samples: Sequence[Sample]) -> list[Encoded]:
        return self.preprocessor.encode(self.as_encoded(samples))

    def _is_labelled(self) -> bool:
        """Tell whether samples must have a gold stance."""
        return running_command(self.trainer) != "predict"
