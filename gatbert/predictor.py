"""Use a trained classifier from Python."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import torch

from gatbert.batches import Encoded, Preprocessor
from gatbert.errors import UserError
from gatbert.knowledge import KnowledgeGraph
from gatbert.pretrained.checkpoints import CLASSIFIER, Recipe, load_weights, read_checkpoint, weights
from gatbert.pretrained.encoders import build_encoder, build_tokenizer
from gatbert.samples import Sample
from gatbert.samples.transforms import TRANSFORMS, TransformName
from gatbert.stance_classifier import StanceClassifier
from gatbert.stance_classifier.options import build_classifier, build_preprocessor, classifier_of_checkpoint
from gatbert.tagging.build import build_tagger

AT_ONCE = 4096
"""Texts that are tagged and encoded together, and sorted by length into batches."""


class StancePredictor:
    """Predict stances with a trained classifier.

    Args:
        classifier: The classifier, in eval mode.
        preprocessor: Its preprocessor.
        stances: Label set, in the order of the logits.
        tag: Gives a sample its graph, for classifiers that read one.
        transforms: Changes of every sample in training, which new ones undergo too.
    """

    def __init__(
        self,
        classifier: StanceClassifier,
        preprocessor: Preprocessor,
        stances: Sequence[str],
        tag: Callable[[Sample], Sample] | None = None,
        transforms: Sequence[TransformName] = (),
    ) -> None:
        self.classifier = classifier
        self.preprocessor = preprocessor
        self.stances = tuple(stances)
        self.tag = tag
        self.transforms = tuple(transforms)

    def predict(
        self, texts: str | Iterable[str], targets: str | Iterable[str], batch_size: int = 64
    ) -> list[dict[str, float]]:
        """Return the probability of each stance for each text, in the order of the texts.

        Args:
            texts: Posts, in any iterable; one string is one post.
            targets: One target for all posts, or one for each.
            batch_size: Most texts that are computed together.

        Raises:
            UserError: If a text or target is no string or empty, there are more of one than of the other, or
                ``batch_size`` is less than 1.
        """
        if batch_size < 1:
            raise UserError(f"batch_size {batch_size} is not accepted; accepted is at least 1")
        samples = _samples(texts, targets)
        found: list[dict[str, float]] = []
        while chunk := list(islice(samples, AT_ONCE)):
            found += self._predict(chunk, batch_size)
        return found

    @torch.inference_mode()
    def _predict(self, samples: Sequence[Sample], batch_size: int) -> Iterator[dict[str, float]]:
        if self.tag is not None:
            samples = [self.tag(sample) for sample in samples]
        for name in self.transforms:
            samples = TRANSFORMS[name](samples, self.preprocessor.mask_token)
        encoded = self.preprocessor.encode(samples)
        # (samples,), longest first: what is computed together is of one length, and little of it is padding
        order = sorted(range(len(encoded)), key=lambda index: -encoded[index].size)
        batches = [order[start : start + batch_size] for start in range(0, len(order), batch_size)]
        rows = [row for batch in batches for row in self._probabilities([encoded[index] for index in batch])]
        by_place = dict(zip(order, rows, strict=True))
        return (dict(zip(self.stances, by_place[index], strict=True)) for index in range(len(rows)))

    def _probabilities(self, encoded: Sequence[Encoded]) -> list[list[float]]:
        device = next(self.classifier.parameters()).device
        logits = self.classifier(self.preprocessor.collate(encoded).to(device))
        return logits.float().softmax(-1).tolist()  # type: ignore[no-any-return]


def load(
    checkpoint: str | Path,
    graph: str | Path | None = None,
    classifier: str | type[StanceClassifier] | None = None,
    concept_vectors: str | None = None,
) -> StancePredictor:
    """Load a checkpoint for prediction; needs no network and no base weights.

    Texts are tagged and changed just as the training corpus was, with the very graph.

    Args:
        checkpoint: Path of a ``.ckpt`` file that ``gatbert fit`` wrote.
        graph: Folder of the knowledge graph with which texts are tagged, for classifiers that read one; by default the
            one with which the training corpus was tagged, where it was.
        classifier: Class or class path of the classifier, if it is not of gatbert: a checkpoint alone imports nothing.
        concept_vectors: Where the vectors of concepts are, if no longer where they were in training.

    Raises:
        UserError: If the file is no checkpoint of gatbert or damaged, its classifier is another or not named, or the
            graph is missing or another one.
    """
    values = read_checkpoint(checkpoint)
    recipe = Recipe.from_checkpoint(values, checkpoint)
    kind = classifier_of_checkpoint(recipe.classifier, checkpoint, classifier)
    options = dict(recipe.classifier_options)
    if (vectors := recipe.vectors_source(checkpoint, concept_vectors)) is not None:
        options["concept_vectors"] = vectors
    state = weights(values, CLASSIFIER, checkpoint)
    encoder = build_encoder(recipe.encoder_config, weights(values, f"{CLASSIFIER}encoder.", checkpoint))
    size = recipe.concept_vector_size
    model = build_classifier(kind, encoder, len(recipe.stances), recipe.relations, options, size)
    load_weights(model, state, checkpoint)
    preprocessor = build_preprocessor(kind, build_tokenizer(recipe.tokenizer), recipe.max_length, options)
    tag = _tagger(recipe, checkpoint, graph) if recipe.relations is not None else None
    return StancePredictor(model.eval(), preprocessor, recipe.stances, tag, _known_transforms(recipe, checkpoint))


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


_END = object()


def _known_transforms(recipe: Recipe, checkpoint: str | Path) -> list[TransformName]:
    if unknown := [name for name in recipe.transforms if name not in TRANSFORMS]:
        raise UserError(f"{checkpoint} names the transform {unknown[0]!r}, which this gatbert does not know")
    return list(recipe.transforms)  # type: ignore[arg-type]


def _tagger(recipe: Recipe, checkpoint: str | Path, folder: str | Path | None) -> Callable[[Sample], Sample]:
    info = recipe.tagging
    if info is None:
        raise UserError(
            f"the classifier of {checkpoint} reads a graph, and its training corpus was not tagged by gatbert tag: raw "
            "texts cannot be tagged as it was; predict tagged files with gatbert predict"
        )
    if folder is None and not Path(info.graph).is_dir():
        raise UserError(
            f"the classifier of {checkpoint} reads a graph, and {info.graph} is not here; give load(..., graph=FOLDER)"
        )
    graph = KnowledgeGraph(info.graph if folder is None else folder)
    tagger = build_tagger(info, graph)
    return lambda sample: tagger.tag(sample).sample
