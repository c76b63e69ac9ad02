"""Random models over tiny encoders, to be explained."""

from typing import Any

import torch

from gatbert.explanations import TrainedModel
from gatbert.pretrained.encoders import load_encoder, load_tokenizer
from gatbert.stance_classifier import (
    ConcatClassifier,
    ExternalClassifier,
    HybridClassifier,
    StanceClassifier,
    TextClassifier,
)
from gatbert.stance_classifier.options import build_classifier, build_preprocessor
from tests.graphs import RELATIONS

MODELS: dict[str, tuple[type[StanceClassifier], dict[str, Any]]] = {
    "text": (TextClassifier, {}),
    "text-mean": (TextClassifier, {"pooling": "mean"}),
    "hybrid": (HybridClassifier, {}),
    "hybrid-hetero": (HybridClassifier, {"att_type": "hetero", "num_graph_layers": 1}),
    "external": (ExternalClassifier, {}),
    "concat": (ConcatClassifier, {}),
    "concat-seeds": (ConcatClassifier, {"pooling": "seeds"}),
    "external-rgcn": (ExternalClassifier, {"graph_encoder": "rgcn"}),
}


def build(source: str, name: str, num_stances: int = 3) -> TrainedModel:
    """Build a random model of a name in ``MODELS``."""
    kind, options = MODELS[name]
    torch.manual_seed(0)
    classifier = build_classifier(kind, load_encoder(source), num_stances, RELATIONS, options)
    # Random heads are nearly indifferent: their answers would not depend on anything.
    classifier.head.weight.data.mul_(5)  # type: ignore[union-attr, operator]
    return TrainedModel(classifier.eval(), build_preprocessor(kind, load_tokenizer(source), 48, options))
