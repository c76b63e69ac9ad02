"""Use a trained classifier from Python."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any, cast

import torch
from torch import Tensor

from gatbert.batches import Batch, Encoded, Preprocessor
from gatbert.corpora.background_file import with_backgrounds
from gatbert.errors import UserError
from gatbert.knowledge import KnowledgeGraph
from gatbert.pretrained.checkpoints import Recipe, read_checkpoint
from gatbert.pretrained.encoders import build_tokenizer, encoder_of_checkpoint
from gatbert.pretrained.weights import CLASSIFIER, load_weights, weights
from gatbert.samples import Sample
from gatbert.samples.decision import Decision
from gatbert.samples.phrases import fold
from gatbert.samples.transforms import TRANSFORMS, TransformName, transformed
from gatbert.stance_classifier import StanceClassifier
from gatbert.stance_classifier.class_paths import classifier_of_checkpoint
from gatbert.stance_classifier.options import build_classifier, build_preprocessor
from gatbert.tagging.build import build_tagger
from gatbert.tagging.linkers import LANGUAGE

AT_ONCE = 4096
"""Texts that are tagged and encoded together, and sorted by length into batches."""

BATCH_SIZE = 64
"""Samples that are computed together, where nobody says otherwise."""


@dataclass(eq=False)
class StancePredictor:
    """A trained classifier in Python: it predicts, and is what explanations ask.

    Args:
        classifier: The classifier, in eval mode.
        preprocessor: Its preprocessor.
        stances: Label set, in the order of the logits.
        tag: Gives a sample its graph, for classifiers that read concepts.
        transforms: Changes of every sample in training, which new ones undergo too.
        decision: What becomes of the classifier's logits, as validation has it.
    """

    classifier: StanceClassifier
    preprocessor: Preprocessor
    stances: tuple[str, ...]
    tag: Callable[[Sample], Sample] | None = None
    transforms: tuple[TransformName, ...] = ()
    decision: Decision = field(default_factory=Decision)

    @classmethod
    def from_checkpoint(
        cls,
        checkpoint: str | Path,
        classifier: str | type[StanceClassifier] | None = None,
        concept_vectors: str | None = None,
        pretrained_model: str | None = None,
    ) -> "StancePredictor":
        """Open a checkpoint for samples that have their graphs, if the classifier reads one; as ``load`` otherwise."""
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
        return cls(model.eval(), preprocessor, recipe.stances, transforms=transforms, decision=recipe.decision)

    @property
    def device(self) -> torch.device:
        """Where the classifier is."""
        return next(self.classifier.parameters()).device

    def predict(
        self,
        texts: str | Iterable[str],
        targets: str | Iterable[str],
        batch_size: int = BATCH_SIZE,
        contexts: str | Iterable[str] | None = None,
        backgrounds: Mapping[str, str] | None = None,
        language: str | None = None,
    ) -> list[dict[str, float]]:
        """Return the probability of each stance for each text, in the order of the texts.

        Args:
            texts: Posts, in any iterable; one string is one post.
            targets: One target for all posts, or one for each.
            batch_size: Most texts that are computed together.
            contexts: One context for all posts, or one for each, maybe empty, for classifiers that read one.
            backgrounds: Text of each target, for classifiers that read it as the background.
            language: Language of the texts, for a graph of several; by default its first.

        Raises:
            UserError: If a text or target is no string or empty, there are more of one than of the other,
                ``batch_size`` is less than 1, or contexts or backgrounds are not given that are read.
        """
        if batch_size < 1:
            raise UserError(f"batch_size {batch_size} is not accepted; accepted is at least 1")
        self._check_given(contexts, backgrounds)
        samples = _with_contexts(_samples(texts, targets), contexts)
        known = {fold(target): text for target, text in (backgrounds or {}).items()}
        found: list[dict[str, float]] = []
        while chunk := list(with_backgrounds(list(islice(samples, AT_ONCE)), known)):
            if self.tag is not None:
                flags = {} if language is None else {LANGUAGE: language}
                chunk = [self.tag(replace(sample, meta=flags)) for sample in chunk]
            encoded = self.preprocessor.encode(transformed(chunk, self.transforms, self.preprocessor.mask_token))
            found += (dict(zip(self.stances, row, strict=True)) for row in self._probabilities(encoded, batch_size))
        return found

    def _check_given(self, contexts: Any, backgrounds: Any) -> None:
        """Refuse to predict without what the classifier reads."""
        for name, given in (("context", contexts), ("background", backgrounds)):
            if name in self.preprocessor.pair.fields and given is None:
                raise UserError(f"the classifier reads a {name} beside the text; give predict(..., {name}s=)")

    def _probabilities(self, encoded: Sequence[Encoded], batch_size: int) -> list[list[float]]:
        """Return the probability of each stance ``(samples, stances)``, from batches by length."""
        # (samples,), longest first: what is computed together is of one length, and little of it is padding
        order = sorted(range(len(encoded)), key=lambda index: -encoded[index].size)
        # (samples, stances), in that order
        logits = self.logits([encoded[index] for index in order], batch_size)
        return logits[torch.tensor(order).argsort()].softmax(-1).tolist()

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


def load(
    checkpoint: str | Path,
    graph: str | Path | None = None,
    classifier: str | type[StanceClassifier] | None = None,
    concept_vectors: str | None = None,
    pretrained_model: str | None = None,
) -> StancePredictor:
    """Load a checkpoint for prediction; needs no network and, but for an adapter (lora), no base weights.

    Texts are tagged and changed just as the training corpus was, with the very graph.

    Args:
        checkpoint: Path of a ``.ckpt`` file that ``gatbert fit`` wrote.
        graph: Folder of the knowledge graph with which texts are tagged, for classifiers that read concepts; by default
            the one with which the training corpus was tagged, where it was.
        classifier: Class or class path of the classifier, if it is not of gatbert: a checkpoint alone imports nothing.
        concept_vectors: Where the vectors of concepts, or the encoder of definitions, are, if no longer where they were
            in training.
        pretrained_model: Where the encoder of an adapter is, if no longer where it was in training.

    Raises:
        UserError: If the file is no checkpoint of gatbert or damaged, its classifier is another or not named, or the
            graph, or the encoder of an adapter, is missing or another one.
    """
    predictor = StancePredictor.from_checkpoint(checkpoint, classifier, concept_vectors, pretrained_model)
    recipe = Recipe.read(checkpoint)
    return replace(predictor, tag=_tagger(recipe, checkpoint, graph)) if recipe.reads_concepts else predictor


def _samples(texts: str | Iterable[str], targets: str | Iterable[str]) -> Iterator[Sample]:
    """Yield a sample for each text; errors as in ``StancePredictor.predict``."""
    texts = iter([texts] if isinstance(texts, str) else texts)
    one_target = targets if isinstance(targets, str) else None
    others = iter(()) if isinstance(targets, str) else iter(targets)
    number = 0
    for number, text in enumerate(texts, start=1):
        target = one_target if one_target is not None else next(others, _END)
        if target is _END:
            raise UserError(f"there are {number - 1} targets and more texts; give one target for all, or one for each")
        for kind, value in (("text", text), ("target", target)):
            if not isinstance(value, str) or not value.strip():
                told = "empty" if isinstance(value, str) else f"a {type(value).__name__}"
                raise UserError(f"{kind} {number} is {told}; accepted are strings that are not empty")
        yield Sample(str(number), text, str(target))
    if next(others, _END) is not _END:
        raise UserError(f"there are {number} texts and more targets; give one target for all, or one for each")


def _with_contexts(samples: Iterable[Sample], contexts: str | Iterable[str] | None) -> Iterator[Sample]:
    """Yield samples with their contexts; errors as in ``StancePredictor.predict``."""
    if contexts is None:
        yield from samples
        return
    others = None if isinstance(contexts, str) else iter(contexts)
    for sample in samples:
        context = contexts if others is None else next(others, _END)
        if not isinstance(context, str):
            told = "missing" if context is _END else f"a {type(context).__name__}"
            raise UserError(f"context {sample.id} is {told}; give one for all texts, or one for each, maybe empty")
        yield replace(sample, context=context)
    if others is not None and next(others, _END) is not _END:
        raise UserError("there are more contexts than texts; give one for all texts, or one for each, maybe empty")


_END = object()


def _known_transforms(recipe: Recipe, checkpoint: str | Path) -> tuple[TransformName, ...]:
    if unknown := [name for name in recipe.transforms if name not in TRANSFORMS]:
        raise UserError(f"{checkpoint} names the transform {unknown[0]!r}, which this gatbert does not know")
    return cast(tuple[TransformName, ...], recipe.transforms)


def _tagger(recipe: Recipe, checkpoint: str | Path, folder: str | Path | None) -> Callable[[Sample], Sample]:
    """Return what gives a sample its graph, as the samples of training got theirs."""
    info = recipe.tagging
    if info is None:
        raise UserError(
            f"the classifier of {checkpoint} reads concepts, and its training corpus was not tagged by gatbert tag: "
            "raw texts cannot be tagged as it was; predict tagged files with gatbert predict"
        )
    if folder is None and not Path(info.graph).is_dir():
        raise UserError(
            f"the classifier of {checkpoint} reads concepts, and {info.graph} is not here; give load(..., graph=FOLDER)"
        )
    graph = KnowledgeGraph(info.graph if folder is None else folder)
    tagger = build_tagger(info, graph)
    return lambda sample: tagger.tag(sample).sample
