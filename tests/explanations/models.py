"""Random models over tiny encoders, to be explained."""

from typing import Any

import pytest
import torch

from gatbert.predictor import StancePredictor
from gatbert.pretrained.encoders import load_encoder, load_tokenizer
from gatbert.samples import GraphSample, Sample
from gatbert.samples.node_removal import with_nodes
from gatbert.samples.relations import TOKEN_TOKEN
from gatbert.stance_classifier import (
    ConcatClassifier,
    ExternalClassifier,
    HybridClassifier,
    StanceClassifier,
    TextClassifier,
)
from gatbert.stance_classifier.options import build_classifier, build_preprocessor
from tests.graphs import RELATIONS, STANCES
from tests.stance_classifier.random_models import open_gates

MODELS: dict[str, tuple[type[StanceClassifier], dict[str, Any]]] = {
    "text": (TextClassifier, {}),
    "text-mean": (TextClassifier, {"pooling": "mean"}),
    "hybrid": (HybridClassifier, {}),
    "hybrid-hetero": (HybridClassifier, {"att_type": "hetero", "num_graph_layers": 1}),
    "hybrid-gate": (HybridClassifier, {"graph_gate": "zero", "pooling": "concepts", "token_relation": True}),
    "external": (ExternalClassifier, {}),
    "concat": (ConcatClassifier, {}),
    "concat-seeds": (ConcatClassifier, {"pooling": "seeds"}),
    "external-rgcn": (ExternalClassifier, {"graph_encoder": "rgcn"}),
}

EACH = [name if name in ("text", "hybrid") else pytest.param(name, marks=pytest.mark.slow) for name in MODELS]
"""Names as parameters, of which a text and a graph are of the fast suite."""


def build(source: str, name: str) -> StancePredictor:
    """Build a random model of a name in ``MODELS``."""
    kind, options = MODELS[name]
    torch.manual_seed(0)
    classifier = build_classifier(kind, load_encoder(source), len(STANCES), RELATIONS, options)
    open_gates(classifier)
    for name, parameter in classifier.named_parameters():
        if name.endswith("relation_keys"):
            parameter.data[TOKEN_TOKEN].normal_()  # tokens would meet each other as without a relation
    # Random heads are nearly indifferent: their answers would not depend on anything.
    classifier.head.weight.data.mul_(5)  # type: ignore[union-attr, operator]  # all of MODELS have a linear head
    preprocessor = build_preprocessor(kind, load_tokenizer(source), 48, options)
    return StancePredictor(classifier.eval(), preprocessor, STANCES)


def readable(model: StancePredictor, sample: Sample) -> GraphSample:
    """Return a sample with its words, and with those of its concepts that a model is given."""
    return with_nodes(sample, model.preprocessor.max_concepts)
