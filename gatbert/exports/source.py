"""What is exported: a checkpoint, opened, and the run that left it."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from torch import Tensor

from gatbert.errors import UserError
from gatbert.evaluation.run_record import RECORD, RunRecord, best_checkpoint, read_record
from gatbert.evaluation.runs import CONFIG
from gatbert.files.paths import resolve
from gatbert.pretrained.adapters import merged
from gatbert.pretrained.checkpoints import Recipe, read_checkpoint
from gatbert.pretrained.weights import CLASSIFIER, own_tensors
from gatbert.stance_classifier import StanceClassifier
from gatbert.stance_classifier.trained import TrainedClassifier


@dataclass(frozen=True)
class Source:
    """Hold where a model comes from.

    Attributes:
        checkpoint: The checkpoint.
        run: The folder of the run that left it; ``None`` where that is not known.
        record: What that run says of itself.
    """

    checkpoint: Path
    run: Path | None
    record: RunRecord | None

    @property
    def is_best(self) -> bool:
        """Whether it is the checkpoint that the run tested, and of which its predictions tell."""
        best = None if self.record is None else self.record.best_checkpoint
        return best is not None and self.run is not None and _same(self.run / best.path, self.checkpoint)


@dataclass(frozen=True, eq=False)
class Opened:
    """Hold a classifier that is ready to be written.

    Attributes:
        predictor: The classifier, without adapters, on the CPU.
        recipe: How to rebuild it.
        weights: All weights of its training module, by the names that checkpoints have for them.
    """

    predictor: TrainedClassifier
    recipe: Recipe
    weights: dict[str, Tensor]


def find_source(path: str | Path) -> Source:
    """Return what a path names: of a run folder its best checkpoint, of a checkpoint itself.

    Raises:
        UserError: If the run has no checkpoint, or there is no such file.
    """
    found = resolve(path)
    if (found / RECORD).is_file():
        return Source(best_checkpoint(found), found, read_record(found))
    run = found.parent.parent
    if found.is_file() and (run / RECORD).is_file() and (run / CONFIG).is_file():
        return Source(found, run, read_record(run))
    return Source(found, None, None)


def open_source(
    source: Source,
    classifier: str | type[StanceClassifier] | None = None,
    concept_vectors: str | None = None,
    pretrained_model: str | None = None,
) -> Opened:
    """Open a checkpoint; an adapter goes into the weights of its encoder, which no one needs then.

    Args:
        source: The checkpoint.
        classifier: Its classifier, if it is not of gatbert.
        concept_vectors: Where its vectors of concepts are, if no longer where they were in training.
        pretrained_model: Where the encoder of an adapter is, if no longer where it was in training.

    Raises:
        UserError: As ``TrainedClassifier.from_checkpoint``; or if the encoder of an adapter is quantized.
    """
    path = source.checkpoint
    values = read_checkpoint(path)
    recipe = Recipe.from_checkpoint(values, path)
    if recipe.adapter is not None and (bits := recipe.adapter.lora.quantize) is not None:
        raise UserError(
            f"{path} holds an adapter to an encoder in {bits}: merged into whole weights it would be another model, "
            "and is not exported; train without lora.quantize to export"
        )
    predictor = TrainedClassifier.from_checkpoint(path, classifier, concept_vectors, pretrained_model)
    model = predictor.classifier
    if recipe.adapter is not None:
        for encoder in model.pretrained_encoders():
            merged(encoder)
        recipe = replace(recipe, adapter=None)
    if concept_vectors is not None:
        recipe = replace(recipe, classifier_options={**recipe.classifier_options, "concept_vectors": concept_vectors})
    return Opened(predictor, recipe, {**_of_training(values), **_named(own_tensors(model))})


def _of_training(values: dict[str, Any]) -> dict[str, Tensor]:
    """Return the weights of a checkpoint that are not its classifier's, such as those of the classes in the loss."""
    return {name: value for name, value in values["state_dict"].items() if not name.startswith(CLASSIFIER)}


def _named(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    return {f"{CLASSIFIER}{name}": value for name, value in weights.items()}


def _same(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve()
