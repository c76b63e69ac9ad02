"""Checkpoints of a classifier whose encoder has an adapter: the encoder's own weights are in none."""

from typing import Any

from gatbert.callbacks.averaged_weights import WEIGHTS
from gatbert.pretrained.weights import CLASSIFIER, own_tensors
from gatbert.stance_classifier import StanceClassifier


def leave_base_out(checkpoint: dict[str, Any], classifier: StanceClassifier) -> None:
    """Take the weights that an adapter leaves as they are out of a checkpoint."""
    base = {f"{CLASSIFIER}{name}" for name in classifier.base_weights()}
    for key in checkpoint.keys() & WEIGHTS:
        checkpoint[key] = {name: value for name, value in checkpoint[key].items() if name not in base}


def put_base_in(checkpoint: dict[str, Any], classifier: StanceClassifier) -> None:
    """Put these weights, as the classifier has them, into a checkpoint that is about to be loaded."""
    own = own_tensors(classifier)
    base = {f"{CLASSIFIER}{name}": own[name] for name in own.keys() & classifier.base_weights()}
    for key in checkpoint.keys() & WEIGHTS:
        checkpoint[key] = {**base, **checkpoint[key]}
