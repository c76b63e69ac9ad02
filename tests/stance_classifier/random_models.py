"""Random classifiers with their preprocessors, and what they answer."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from gatbert.batches import Preprocessor
from gatbert.nn.graph_gate import GATE_SCALE, GraphGate
from gatbert.pretrained.encoders import load_encoder, load_tokenizer
from gatbert.samples import Sample
from gatbert.samples.pair_settings import PairSettings
from gatbert.stance_classifier import StanceClassifier
from gatbert.stance_classifier.options import build_classifier, build_preprocessor, with_reader
from tests.graphs import RELATIONS
from tests.tiny import CONFIGS


def build(source: str, kind: type[StanceClassifier], **options: Any) -> tuple[Any, Any]:
    """Build a random classifier in evaluation, and its preprocessor; both have parts that no base class knows.

    ``background`` is the preprocessor's alone; an encoder that reads definitions is the classifier's own.
    """
    torch.manual_seed(0)
    options = with_reader({"head_dropout": 0.0, **options}, source)
    pair = PairSettings(background=options.pop("background", "none"))
    classifier = build_classifier(kind, load_encoder(source), 3, RELATIONS, options)
    preprocessor = build_preprocessor(kind, load_tokenizer(source), 48, options, pair)
    return classifier.eval(), preprocessor


@torch.no_grad()
def open_gates(classifier: StanceClassifier) -> None:
    """Let the graph in, if it is behind gates, as much as a training might."""
    for module in classifier.modules():
        if isinstance(module, GraphGate):
            module.gate.uniform_(0, 1 / GATE_SCALE)


def logits(classifier: StanceClassifier, preprocessor: Preprocessor, samples: Sequence[Sample]) -> Tensor:
    """Return the logits of samples in one batch ``(samples, stances)``."""
    output: Tensor = classifier(preprocessor.collate(preprocessor.encode(samples)))
    return output


FAMILIES = {
    **{name: config for name, config in CONFIGS.items() if name != "deberta-v2"},
    "xlm-roberta": CONFIGS["roberta"],
    "camembert": CONFIGS["roberta"],
    "electra": {**CONFIGS["bert"], "embedding_size": 8},
}
"""Families of encoders that can read a graph."""
