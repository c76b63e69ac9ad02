"""Use a trained classifier from Python."""

from collections.abc import Callable, Sequence
from pathlib import Path

import torch

from gatbert.batches import Preprocessor
from gatbert.checkpoints import Recipe, read_checkpoint
from gatbert.encoders import build_encoder, build_tokenizer
from gatbert.errors import UserError
from gatbert.knowledge import KnowledgeGraph
from gatbert.knowledge.tagging import Tagger
from gatbert.samples import Sample
from gatbert.stance_classifier import StanceClassifier
from gatbert.stance_classifier.options import build_classifier, build_preprocessor, import_classifier


class StancePredictor:
    """Predict stances with a trained classifier.

    Args:
        classifier: The classifier, in eval mode.
        preprocessor: Its preprocessor.
        stances: Label set, in the order of the logits.
        tag: Gives a sample its graph, for classifiers that read one.
    """

    def __init__(
        self,
        classifier: StanceClassifier,
        preprocessor: Preprocessor,
        stances: Sequence[str],
        tag: Callable[[Sample], Sample] | None = None,
    ) -> None:
        self.classifier = classifier
        self.preprocessor = preprocessor
        self.stances = tuple(stances)
        self.tag = tag

    @torch.inference_mode()
    def predict(self, texts: Sequence[str], targets: str | Sequence[str]) -> list[dict[str, float]]:
        """Return the probability of each stance for each text.

        Args:
            texts: Posts.
            targets: One target for all posts, or one for each.
        """
        if isinstance(targets, str):
            targets = [targets] * len(texts)
        pairs = zip(texts, targets, strict=True)
        samples = [Sample(str(index), text, target) for index, (text, target) in enumerate(pairs)]
        if not samples:
            return []
        if self.tag is not None:
            samples = [self.tag(sample) for sample in samples]
        batch = self.preprocessor.collate(self.preprocessor.encode(samples))
        device = next(self.classifier.parameters()).device
        probabilities = self.classifier(batch.to(device)).float().softmax(-1)
        return [dict(zip(self.stances, row, strict=True)) for row in probabilities.tolist()]


def load(checkpoint: str | Path, graph: str | Path | None = None) -> StancePredictor:
    """Load a checkpoint for prediction; needs no network and no base weights.

    Args:
        checkpoint: Path of a ``.ckpt`` file that ``gatbert fit`` wrote.
        graph: Folder of the knowledge graph with which texts are tagged, for classifiers that read one.

    Raises:
        UserError: If the file is no checkpoint of gatbert, its classifier cannot be imported, or the graph is missing
            or another one.
    """
    values = read_checkpoint(checkpoint)
    recipe = Recipe.of(values, checkpoint)
    encoder = build_encoder(recipe.encoder_config)
    kind, options = import_classifier(recipe.classifier), recipe.classifier_options
    classifier = build_classifier(kind, encoder, len(recipe.stances), recipe.relations, options)
    prefix = "classifier."
    classifier.load_state_dict(
        {name.removeprefix(prefix): tensor for name, tensor in values["state_dict"].items() if name.startswith(prefix)}
    )
    preprocessor = build_preprocessor(kind, build_tokenizer(recipe.tokenizer), recipe.max_length, options)
    tag = _tagger(recipe, checkpoint, graph) if recipe.relations is not None else None
    return StancePredictor(classifier.eval(), preprocessor, recipe.stances, tag)


def _tagger(recipe: Recipe, checkpoint: str | Path, folder: str | Path | None) -> Callable[[Sample], Sample]:
    if folder is None:
        raise UserError(f"the classifier of {checkpoint} reads a graph; give load(..., graph=FOLDER)")
    graph = KnowledgeGraph(folder)
    recipe.check_relations(graph.relation_vocabulary.labels(), checkpoint)
    tagger = Tagger(graph)
    return lambda sample: tagger.tag(sample).sample
