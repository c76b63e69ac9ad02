"""Data modules: corpora are read, split, checked and encoded once; training only collates."""

import hashlib
import inspect
import json
import os
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import lightning.pytorch as pl
import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset

from gatbert import __version__
from gatbert.batches import REPEATED, Encoded, Preprocessor
from gatbert.corpora import CorpusType, read_corpus, read_relations
from gatbert.encoded_cache import EncodedSplit, write_splits
from gatbert.encoders import load_tokenizer
from gatbert.errors import UserError
from gatbert.knowledge.graph_corpus import GraphCorpusInfo, read_info
from gatbert.paths import cache_folder, resolve
from gatbert.samplers import EvaluationSampler, LengthGroupedSampler
from gatbert.samples import Sample
from gatbert.splits import check_disjoint, split_manifest, with_flags
from gatbert.stance import STANCES
from gatbert.stance_classifier import StanceClassifier, TextClassifier
from gatbert.stance_classifier.options import build_preprocessor, reads_graph
from gatbert.transforms import TRANSFORMS, TransformName

Splits = dict[str, list[Sample]]

DEFAULT_MAX_LENGTH = 256
"""Most tokens of a sample, where neither the user nor the tokenizer says less."""

CACHE_LAYOUT = 2
"""Rises when what is cached of a sample changes."""

SPLITS_OF_COMMAND = {
    "fit": ("train", "val"),
    "validate": ("val",),
    "test": ("test",),
    "predict": ("predict",),
}


class LazyLoader(DataLoader[list[Encoded]]):
    """Draw the first batch when it is asked for.

    Lightning asks for an iterator before it knows at which epoch and batch a training goes on; workers would have drawn
    from the beginning by then.
    """

    def __iter__(self) -> Iterator[Any]:  # type: ignore[override]
        yield from super().__iter__()


class EncodedDataset(Dataset[list[Encoded]]):
    """Give whole batches of encoded samples, as the samplers ask for them.

    Args:
        split: Encoded samples of one split.
    """

    def __init__(self, split: EncodedSplit) -> None:
        self.split = split

    def __getitem__(self, indices: list[int]) -> list[Encoded]:
        return [self.split[index] if index != REPEATED else self._repeated() for index in indices]

    def _repeated(self) -> Encoded:
        first = self.split[0]
        return Encoded(first.arrays, first.size)


class StanceDataModule(pl.LightningDataModule, ABC):
    """Read corpora, check their splits, encode them once with the classifier's own preprocessor, and batch them.

    ``prepare_data`` runs in one process and fills a cache; everything else needs only that cache.

    Args:
        tokenizer: Where the tokenizer comes from; follows ``--pretrained_model``.
        classifier: Whose preprocessor encodes the samples; follows ``--classifier``.
        corpus_type: Format of the corpus files.
        columns: Column of each field (id, text, target, stance, and any other name for a flag to break scores down
            by), merged over those of the format.
        labels: Stance of each label of the corpus; by default those of the format.
        stances: Label set of the classifier, in order; by default against, favor, neutral.
        batch_size: Samples a step and process.
        num_workers: Processes that collate batches; 0 collates in the main process, which is fast enough on a CPU.
        max_length: Most tokens of a sample, special tokens included; by default the checkpoint's, else 256, or less if
            the encoder has fewer positions. Text is cut, a target never.
        transforms: Changes of every sample, in order: mask_target, mask_text; of graphs, rm_external (none),
            cls_global_edges (the first token attends to all concepts, and they to it), shuffle_graph (each sample gets
            another's), shuffle_relations (each edge gets another's relation).
        classifier_options: Options of the classifier, of which its preprocessor takes its own; follows the model.
        cache_dir: Folder of the cache of encoded samples; by default gatbert in XDG_CACHE_HOME or ~/.cache.
    """

    def __init__(
        self,
        tokenizer: str,
        classifier: type[StanceClassifier] = TextClassifier,
        corpus_type: CorpusType = "csv",
        columns: dict[str, str | None] | None = None,
        labels: dict[str, str] | None = None,
        stances: list[str] | None = None,
        batch_size: int = 32,
        num_workers: int = 0,
        max_length: int | None = None,
        transforms: list[TransformName] | None = None,
        classifier_options: dict[str, Any] | None = None,
        cache_dir: str | None = None,
    ) -> None:
        super().__init__()
        if batch_size < 1:
            raise UserError(f"batch_size {batch_size} is too small; accepted is 1 or more")
        self.tokenizer = tokenizer
        self.classifier = classifier
        self.corpus_type = corpus_type
        self.columns = columns
        self.labels = labels
        self.stances = tuple(stances or STANCES)
        self.batch_size = batch_size
        self.num_workers = num_workers
        self.max_length = max_length
        self.transforms = transforms or []
        self.classifier_options = classifier_options or {}
        self.cache_dir = cache_dir
        self.required: set[str] = set()
        if unknown := set(self.transforms) - set(TRANSFORMS):
            raise UserError(f"unknown transform {sorted(unknown)}; known are {sorted(TRANSFORMS)}")

    @abstractmethod
    def files(self) -> list[str]:
        """Return every corpus file, as the user wrote it."""

    @abstractmethod
    def split_settings(self) -> Mapping[str, Any]:
        """Return all that decides which sample falls in which split, as plain values."""

    @abstractmethod
    def read_splits(self) -> Splits:
        """Read the corpora and return the samples of train, val, test and predict, as far as there are any."""

    def require(self, *splits: str) -> None:
        """Ask for splits beyond those of the running command, so that they are checked before it starts."""
        self.required.update(splits)

    @cached_property
    def preprocessor(self) -> Preprocessor:
        """The classifier's own preprocessor."""
        tokenizer = load_tokenizer(self.tokenizer)
        length = self.max_length if self.max_length is not None else min(DEFAULT_MAX_LENGTH, tokenizer.model_max_length)
        return build_preprocessor(self.classifier, tokenizer, length, self.classifier_options)

    @cached_property
    def relations(self) -> list[str] | None:
        """Name of each relation id, or ``None`` if the classifier reads no graph or the corpus has none.

        Raises:
            UserError: If files differ in them.
        """
        if not reads_graph(self.classifier):
            return None
        known: list[str] | None = None
        for file in self.files():
            found = read_relations(resolve(file), self.corpus_type)
            shorter, longer = sorted((known or [], found or []), key=len)
            if longer[: len(shorter)] != shorter:
                raise UserError(f"{file} has other relations than {self.files()[0]}; tag both with the same graph")
            known = longer or None
        return known

    @cached_property
    def tagging(self) -> GraphCorpusInfo | None:
        """How the corpus was tagged; ``None`` if it was not by ``gatbert tag``, or if the classifier reads no graph.

        Raises:
            UserError: If files were tagged in different ways.
        """
        if not reads_graph(self.classifier) or self.corpus_type != "graph":
            return None
        tagged = [file for file in self.files() if resolve(file).suffix == ".parquet"]
        infos = {file: read_info(resolve(file)) for file in tagged}
        for file, info in infos.items():
            if (difference := infos[tagged[0]].tagging_difference(info)) is not None:
                raise UserError(f"{file} was tagged otherwise than {tagged[0]}: {difference}; tag both alike")
        return infos[tagged[0]] if infos else None

    @cached_property
    def checksums(self) -> dict[str, str]:
        """SHA-256 of every corpus file, by the path as the user wrote it."""
        return {file: _sha256(resolve(file)) for file in self.files()}

    @cached_property
    def folder(self) -> Path:
        """Folder of this corpus, these splits and this encoding in the cache: its name is a hash of all of them."""
        key = {
            "version": [__version__, CACHE_LAYOUT],
            "data": self.checksums,
            "corpus": [self.corpus_type, self.columns, self.labels, self.stances],
            "splits": self.split_settings(),
            "transforms": self.transforms,
            "preprocessor": [*_source(type(self.preprocessor)), self.preprocessor.settings()],
        }
        name = hashlib.sha256(json.dumps(key, sort_keys=True, default=str).encode()).hexdigest()[:32]
        return (cache_folder() if self.cache_dir is None else resolve(self.cache_dir)) / name

    def prepare_data(self) -> None:
        """Read, check and encode all splits, unless the cache holds them; refuse what the command cannot use.

        Raises:
            UserError: If a file cannot be read, splits share a sample, or a split that is needed has no samples or
                no gold stances.
        """
        if not self.folder.is_dir():
            splits = with_flags({name: samples for name, samples in self.read_splits().items() if samples})
            check_disjoint({name: samples for name, samples in splits.items() if name != "predict"})
            encoded = {name: (samples, self._encode(samples)) for name, samples in splits.items()}
            write_splits(self.folder, encoded, self.stances)
        for split in sorted(self.required | set(SPLITS_OF_COMMAND[self._command()])):
            self._check_split(split)

    def setup(self, stage: str) -> None:
        """Open the cache; the splits themselves are opened when they are asked for."""

    def split(self, name: str) -> EncodedSplit:
        """Open a split of the cache."""
        return EncodedSplit(self.folder / name)

    def samples(self, name: str) -> list[Sample]:
        """Return the samples of a split, in the order of their ``sample_index``."""
        return self.split(name).samples

    def stance_counts(self) -> torch.Tensor:
        """Return how many training samples each stance has, ``(stances,)``."""
        return torch.from_numpy(np.bincount(self.split("train").stance_index, minlength=len(self.stances)))

    def provenance(self) -> dict[str, Any]:
        """Return what identifies the data of this run: checksums of the files and the manifest of the splits."""
        names = [name for name in ("train", "val", "test", "predict") if (self.folder / name).is_dir()]
        return {"files": self.checksums, "splits": split_manifest({name: self.samples(name) for name in names})}

    def train_dataloader(self) -> DataLoader[list[Encoded]]:
        """Return shuffled batches of similar length."""
        split = self.split("train")
        seed = int(os.environ.get("PL_GLOBAL_SEED", "0"))
        place = (*self._processes(), self._num_batches_trained)
        return self._loader(split, LengthGroupedSampler(split.sizes, self.batch_size, seed, *place))

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
        split = self.split(name)
        return self._loader(split, EvaluationSampler(split.sizes, self.batch_size, *self._processes()))

    def _loader(
        self, split: EncodedSplit, sampler: LengthGroupedSampler | EvaluationSampler
    ) -> DataLoader[list[Encoded]]:
        # batch_size=None hands the sampler's whole batches to the data set, one index operation a batch.
        return LazyLoader(
            EncodedDataset(split),
            sampler=sampler,
            batch_size=None,
            collate_fn=self.preprocessor.collate,
            num_workers=self.num_workers,
            persistent_workers=self.num_workers > 0,
            pin_memory=torch.cuda.is_available(),
        )

    def _num_batches_trained(self) -> int:
        """Return how many batches an epoch has behind it as it begins: none, unless a training goes on in it."""
        return self.trainer.fit_loop.epoch_loop.batch_progress.current.ready if self.trainer else 0

    def _processes(self) -> tuple[int, int]:
        return (self.trainer.global_rank, self.trainer.world_size) if self.trainer else (0, 1)

    def _command(self) -> str:
        return str(self.trainer.state.fn.value) if self.trainer and self.trainer.state.fn else "fit"

    def _encode(self, samples: Sequence[Sample]) -> list[Encoded]:
        for name in self.transforms:
            samples = TRANSFORMS[name](samples, self.preprocessor.mask_token)
        return self.preprocessor.encode(samples)

    def _read(self, file: str, labelled: bool = True) -> list[Sample]:
        path = resolve(file)
        return list(read_corpus(path, self.corpus_type, self.columns, self.labels, self.stances, labelled))

    def _check_split(self, name: str) -> None:
        if not (self.folder / name).is_dir():
            raise UserError(f"the {name} split has no samples; give data.{name}, or a larger share of the corpus")
        unknown = int((self.split(name).stance_index < 0).sum())
        total = len(self.split(name))
        if name in ("train", "val") and unknown:
            raise UserError(f"the {name} split has {unknown} samples of {total} without a gold stance; remove them")
        if name == "test" and unknown == total:
            raise UserError(
                "no sample of the test split has a gold stance; use the predict command for unlabelled data"
            )


def _sha256(path: Path) -> str:
    if not path.is_file():
        raise UserError(f"corpus file {path} does not exist; paths are relative to {Path.cwd()}")
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _source(preprocessor: type) -> list[str]:
    """Return the name of a preprocessor and its source, bases included: a change of its code changes the encoding."""
    bases = (base for base in preprocessor.__mro__ if issubclass(base, Preprocessor))
    files = dict.fromkeys(inspect.getsourcefile(base) for base in bases)
    return [f"{preprocessor.__module__}.{preprocessor.__qualname__}", *(Path(f).read_text() for f in files if f)]
