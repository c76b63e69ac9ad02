"""What a checkpoint says about itself: all that is needed to rebuild its classifier, as plain values.

A checkpoint may come from a stranger. It is read with ``weights_only=True``, so that it holds plain values and tensors;
whatever it says is checked before it decides anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch

from gatbert.corpora.graph_corpus_info import GraphCorpusInfo
from gatbert.errors import UserError
from gatbert.files.archives import archive_damage
from gatbert.files.manifest import has_manifest
from gatbert.files.paths import resolve
from gatbert.files.records import from_plain, to_plain
from gatbert.knowledge.concept_vectors import ConceptVectors
from gatbert.pretrained.adapters import Adapter
from gatbert.pretrained.exported import read_export
from gatbert.ranges import PositiveInt, check_ranges
from gatbert.samples.decision import Decision
from gatbert.samples.pair_settings import PairSettings
from gatbert.samples.relations import Relations

RECIPE_KEY = "gatbert"
FORMAT_VERSION = 6


@dataclass(frozen=True)
class Recipe:
    """Hold how to rebuild a classifier without network, base weights or the command that trained it.

    Attributes:
        classifier: Class path of the classifier.
        classifier_options: Keyword options of its constructor, defaults included.
        pretrained_model: Where the encoder came from, for the record.
        encoder_config: Configuration of the encoder, in plain form.
        encoder_depth: Layers of the pretrained encoder; a classifier may have taken some off.
        tokenizer: Files of the tokenizer, text by name.
        stances: Label set, in the order of the logits.
        max_length: Most tokens of a sample in training, or ``None`` for the limit of the encoder.
        relations: Relations of the graphs in training, or ``None`` for classifiers that read no graph.
        transforms: Changes of every sample in training, by name.
        pair: What was read of a sample as text.
        tagging: How ``gatbert tag`` tagged the training corpus; ``None`` if it did not, or no concepts are read.
        concept_vector_size: Size of the vectors that stand for concepts, or ``None``.
        vectors_sha256: Their checksum, or that of the encoder that reads definitions, or ``None``.
        decision: What becomes of the logits before they are probabilities, as validation has it.
        adapter: What was trained in the encoder, if not all of it; the other weights are those of ``pretrained_model``.
    """

    classifier: str
    classifier_options: Mapping[str, Any]
    pretrained_model: str
    encoder_config: Mapping[str, Any]
    encoder_depth: PositiveInt | None
    tokenizer: Mapping[str, str]
    stances: tuple[str, ...]
    max_length: PositiveInt | None
    relations: Relations | None
    transforms: tuple[str, ...]
    pair: PairSettings
    tagging: GraphCorpusInfo | None
    concept_vector_size: PositiveInt | None
    vectors_sha256: str | None
    decision: Decision
    adapter: Adapter | None

    def __post_init__(self) -> None:
        check_ranges(Recipe, vars(self))

    @property
    def reads_concepts(self) -> bool:
        """Whether the classifier reads concepts, as a graph or as a background."""
        return self.relations is not None or self.pair.reads_concepts

    def is_of(self, classifier: str, options: Mapping[str, Any]) -> bool:
        """Tell whether it rebuilds a classifier with the same options; its vectors may lie elsewhere by now."""
        own, other = ({**some, "concept_vectors": None} for some in (self.classifier_options, options))
        return (self.classifier, own) == (classifier, other)

    def check_tagging(self, tagging: GraphCorpusInfo | None, path: str | Path) -> None:
        """Refuse data that were tagged otherwise than those of training.

        Args:
            tagging: How the data were tagged; ``None`` if that is not known.
            path: The checkpoint.

        Raises:
            UserError: With what differs, here and there.
        """
        if self.tagging is None or tagging is None:
            return
        if (found := self.tagging.tagging_difference(tagging)) is not None:
            raise UserError(
                f"{path} was trained on a corpus that was tagged otherwise than these data: {found}; tag the data as "
                "the training corpus was"
            )

    def vectors_source(self, path: str | Path, given: str | None = None) -> str | None:
        """Return where the vectors of concepts are, or the encoder of definitions; ``None`` if there is neither.

        An encoder is looked at when it first reads a definition.

        Args:
            path: The checkpoint.
            given: Where the user says that they are, in place of where they were in training.

        Raises:
            UserError: If others are there.
        """
        source = given or self.classifier_options.get("concept_vectors")
        if self.classifier_options.get("concept_embeddings") == "definition":
            return source
        if source is None or self.vectors_sha256 is None or (given is None and not resolve(source).exists()):
            return source
        if (found := ConceptVectors(source).sha256) != self.vectors_sha256:
            raise UserError(
                f"concept_vectors {source} has the checksum {found[:12]}, and {path} was trained with "
                f"{self.vectors_sha256[:12]}; give those (--model.concept_vectors, gatbert.load(..., concept_vectors=))"
            )
        return source

    def check_relations(self, relations: Relations | None, path: str | Path) -> None:
        """Refuse data whose edges mean something else than those of training.

        Args:
            relations: Relations of the data.
            path: The checkpoint.

        Raises:
            UserError: If an id has another name, or is not known.
        """
        if self.relations is None or relations is None:
            return
        trained_labels = self.relations.labels()
        for relation_id, label in enumerate(relations.labels()):
            trained = trained_labels[relation_id] if relation_id < len(trained_labels) else "nothing"
            if label != trained:
                raise UserError(
                    f"relation {relation_id} is {label!r} in the data and {trained!r} in {path}; tag the "
                    "data with the graph of the training data (gatbert tag --graph)"
                )

    def to_plain(self) -> dict[str, Any]:
        """Return the recipe as a dictionary of plain values."""
        # A graph corpus has its own form for the many concepts that could be linked.
        tagging = None if self.tagging is None else self.tagging.to_plain()
        return {"format_version": FORMAT_VERSION, **to_plain(replace(self, tagging=None)), "tagging": tagging}

    @classmethod
    def read(cls, path: str | Path) -> "Recipe":
        """Read the recipe of a checkpoint file, or of an export; errors as in ``read_checkpoint``."""
        return cls.from_checkpoint(read_checkpoint(path), path)

    @classmethod
    def from_checkpoint(cls, checkpoint: Mapping[str, Any], path: str | Path) -> "Recipe":
        """Return the recipe of a loaded checkpoint.

        Raises:
            UserError: If gatbert or this format version did not write it, or a value is of another kind.
        """
        values = checkpoint.get(RECIPE_KEY)
        if not isinstance(values, dict):
            raise UserError(f"{path} is a checkpoint, but not one that gatbert wrote: it has no {RECIPE_KEY!r} entry")
        if values.get("format_version") != FORMAT_VERSION:
            raise UserError(
                f"{path} has checkpoint format {values.get('format_version')}; this gatbert reads {FORMAT_VERSION}; "
                "train again, or use the version that wrote it"
            )
        # Checkpoints of this format were written before there were decisions and adapters, too.
        found = {"decision": to_plain(Decision()), "adapter": None, **values}
        rest = {name: value for name, value in found.items() if name != "format_version"}
        if not isinstance(rest.get("tagging"), dict):
            return from_plain(cls, rest, f"the recipe in {path}")
        tagging = GraphCorpusInfo.from_plain(rest["tagging"], f"the tagging in {path}")
        return replace(from_plain(cls, {**rest, "tagging": None}, f"the recipe in {path}"), tagging=tagging)


def read_checkpoint(path: str | Path) -> dict[str, Any]:
    """Load a checkpoint, or an export, onto the CPU, plain values and tensors only, if it is whole.

    Raises:
        UserError: If the file is missing, cut short, changed since it was written, or no checkpoint.
    """
    file = resolve(path)
    if has_manifest(file):
        recipe, state = read_export(file)
        return {RECIPE_KEY: recipe, "state_dict": state}
    check_whole(file)
    try:
        checkpoint = torch.load(file, map_location="cpu", weights_only=True, mmap=True)
    except Exception as error:  # torch.load raises a different type for each way in which a file can be broken
        raise UserError(
            f"checkpoint {file} cannot be read: it is no PyTorch checkpoint, or has more in it than plain values"
        ) from error
    if not isinstance(checkpoint, dict):
        raise UserError(f"{file} is no checkpoint of gatbert: it holds a {type(checkpoint).__name__}")
    return checkpoint


IS_FOLDER = "is a folder; give a .ckpt file, or a folder of gatbert export"


def check_whole(path: Path) -> None:
    """Refuse a checkpoint that is missing, cut short or changed, by its checksums, which PyTorch does not read."""
    if not path.is_file():
        raise UserError(f"checkpoint {path} {IS_FOLDER if path.is_dir() else 'does not exist'}")
    state = path.stat()
    if (damage := _damage(path, state.st_size, state.st_mtime_ns)) is not None:
        raise UserError(f"checkpoint {path} cannot be used: {damage}")


@lru_cache(maxsize=16)
def _damage(path: Path, size: int, modified_ns: int) -> str | None:
    """Return what is wrong with a file of that size and time, or ``None``; one process looks once."""
    return archive_damage(path)
