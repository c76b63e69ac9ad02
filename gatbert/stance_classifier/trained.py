"""A trained classifier, rebuilt from its checkpoint: from samples with their graphs to logits."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar, cast

import torch
from torch import Tensor

from gatbert.batches import Batch, Encoded, Preprocessor
from gatbert.errors import UserError
from gatbert.pretrained.checkpoints import Recipe, read_checkpoint
from gatbert.pretrained.encoders import build_tokenizer, encoder_of_checkpoint
from gatbert.pretrained.weights import CLASSIFIER, load_weights, weights
from gatbert.samples.decision import Decision
from gatbert.samples.transforms import TRANSFORMS, TransformName
from gatbert.stance_classifier.base import StanceClassifier
from gatbert.stance_classifier.class_paths import classifier_of_checkpoint
from gatbert.stance_classifier.options import build_classifier, build_preprocessor

BATCH_SIZE = 64
"""Samples that are computed together, where nobody says otherwise."""

Trained = TypeVar("Trained", bound="TrainedClassifier")


@dataclass(eq=False)
class TrainedClassifier:
    """A classifier with what belongs to it, which explanations ask, and of which predictions are made.

    Args:
        classifier: The classifier, in eval mode.
        preprocessor: Its preprocessor.
        stances: Label set, in the order of the logits.
        transforms: Changes of every sample in training, which new ones undergo too.
        decision: What becomes of the classifier's logits, as validation has it.
        recipe: What its checkpoint says about it; ``None`` if it comes from none.
        source: The checkpoint, for messages.
    """

    classifier: StanceClassifier
    preprocessor: Preprocessor
    stances: tuple[str, ...]
    transforms: tuple[TransformName, ...] = ()
    decision: Decision = field(default_factory=Decision)
    recipe: Recipe | None = None
    source: str = ""

    @classmethod
    def from_checkpoint(
        cls: type[Trained],
        checkpoint: str | Path,
        classifier: str | type[StanceClassifier] | None = None,
        concept_vectors: str | None = None,
        pretrained_model: str | None = None,
    ) -> Trained:
        """Open a checkpoint; arguments and errors as in ``gatbert.load``, which tags raw texts besides."""
        values = read_checkpoint(checkpoint)
        recipe = Recipe.from_checkpoint(values, checkpoint)
        kind = classifier_of_checkpoint(recipe.classifier, checkpoint, classifier)
        options = dict(recipe.classifier_options)
        if (vectors := recipe.vectors_source(checkpoint, concept_vectors)) is not None:
            options["concept_vectors"] = vectors
        state = weights(values, CLASSIFIER, checkpoint)
        encoder = encoder_of_checkpoint(values, recipe, checkpoint, pretrained_model)
        size = recipe.concept_vector_size
        model = build_classifier(kind, encoder, len(recipe.stances), recipe.relations, options, size)
        load_weights(model, state, checkpoint, frozenset() if recipe.adapter is None else model.base_weights())
        tokenizer, expected = build_tokenizer(recipe.tokenizer), recipe.vectors_sha256
        preprocessor = build_preprocessor(kind, tokenizer, recipe.max_length, options, recipe.pair, expected)
        transforms = _known_transforms(recipe, checkpoint)
        return cls(model.eval(), preprocessor, recipe.stances, transforms, recipe.decision, recipe, str(checkpoint))

    @property
    def device(self) -> torch.device:
        """Where the classifier is."""
        return next(self.classifier.parameters()).device

    @torch.inference_mode()
    def logits(self, encoded: Sequence[Encoded], batch_size: int = BATCH_SIZE) -> Tensor:
        """Return logits ``(samples, stances)``.

        Args:
            encoded: At least one sample, from the preprocessor; those that follow each other share a batch.
            batch_size: Most samples that are computed together.
        """
        batches = [encoded[start : start + batch_size] for start in range(0, len(encoded), batch_size)]
        return torch.cat([self.decided_logits(self.collate(batch)) for batch in batches])

    def decided_logits(self, batch: Batch) -> Tensor:
        """Return logits of a batch ``(batch, stances)``, those of the probabilities that are predicted."""
        return self.decision.logits(self.classifier(batch), self.stances)

    def collate(self, encoded: Sequence[Encoded]) -> Batch:
        """Return a batch where the classifier is."""
        return self.preprocessor.collate(encoded).to(self.device)


def _known_transforms(recipe: Recipe, checkpoint: str | Path) -> tuple[TransformName, ...]:
    if unknown := [name for name in recipe.transforms if name not in TRANSFORMS]:
        raise UserError(f"{checkpoint} names the transform {unknown[0]!r}, which this gatbert does not know")
    return cast(tuple[TransformName, ...], recipe.transforms)
