"""Use a trained classifier from Python."""

from collections.abc import Sequence
from pathlib import Path

import torch
from transformers import PreTrainedTokenizerBase as Tokenizer

from gatbert.checkpoints import Recipe, read_checkpoint
from gatbert.encoders import build_encoder, build_tokenizer
from gatbert.samples import Sample
from gatbert.stance_classifier import StanceClassifier
from gatbert.stance_classifier.options import import_classifier


class StancePredictor:
    """Predict stances with a trained classifier.

    Args:
        classifier: The classifier, in eval mode.
        tokenizer: Its tokenizer.
        stances: Label set, in the order of the logits.
        max_length: Most tokens of a sample.
    """

    def __init__(
        self, classifier: StanceClassifier, tokenizer: Tokenizer, stances: Sequence[str], max_length: int | None
    ) -> None:
        self.classifier = classifier
        self.stances = tuple(stances)
        self.preprocessor = classifier.preprocessor(tokenizer, max_length)

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
        batch = self.preprocessor.collate(self.preprocessor.encode(samples))
        device = next(self.classifier.parameters()).device
        probabilities = self.classifier(batch.to(device)).float().softmax(-1)
        return [dict(zip(self.stances, row, strict=True)) for row in probabilities.tolist()]


def load(checkpoint: str | Path) -> StancePredictor:
    """Load a checkpoint for prediction; needs no network and no base weights.

    Args:
        checkpoint: Path of a ``.ckpt`` file that ``gatbert fit`` wrote.

    Raises:
        UserError: If the file is no checkpoint of gatbert, or its classifier cannot be imported.
    """
    values = read_checkpoint(checkpoint)
    recipe = Recipe.of(values, checkpoint)
    encoder = build_encoder(recipe.encoder_config)
    classifier = import_classifier(recipe.classifier)(encoder, len(recipe.stances), **recipe.classifier_options)
    prefix = "classifier."
    classifier.load_state_dict(
        {name.removeprefix(prefix): tensor for name, tensor in values["state_dict"].items() if name.startswith(prefix)}
    )
    return StancePredictor(classifier.eval(), build_tokenizer(recipe.tokenizer), recipe.stances, recipe.max_length)
