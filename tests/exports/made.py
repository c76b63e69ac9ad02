"""Checkpoints of random classifiers, as training leaves them, without the training."""

from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from gatbert.corpora.graph_corpus_info import GraphCorpusInfo
from gatbert.modules import StanceModule
from gatbert.modules.training_data import TrainedOn
from gatbert.predictor import StancePredictor
from gatbert.samples import Relations
from gatbert.samples.decision import Decision
from gatbert.samples.pair_settings import PairSettings
from gatbert.stance_classifier import StanceClassifier, TextClassifier
from tests.graphs import STANCES, random_samples
from tests.tiny import WORDS

DECISION = Decision(1.7, {"favor": 0.8, "neutral": 1.3})
TEXTS = [" ".join(WORDS[step::7][: 2 + 3 * step]) for step in range(1, 6)]
TARGETS = ["wind power", "zoo", "homework", "tax", "school"]


def write_checkpoint(
    path: Path,
    encoder: str,
    classifier: type[StanceClassifier] = TextClassifier,
    relations: Relations | None = None,
    pair: PairSettings | None = None,
    tagging: GraphCorpusInfo | None = None,
    transforms: tuple[str, ...] = (),
    **options: Any,
) -> Path:
    """Write a checkpoint of a random classifier whose weights are far from zero, so that it tells texts apart."""
    torch.manual_seed(1)
    module = StanceModule(encoder, classifier, list(STANCES), relations, **options)
    with torch.no_grad():
        for weight in module.classifier.parameters():
            if weight.requires_grad:
                weight.add_(0.3 * torch.randn_like(weight))
    module.trained_on = TrainedOn(48, pair or PairSettings(), transforms, tagging)
    module.decision = DECISION
    checkpoint: dict[str, Any] = {"state_dict": module.state_dict(), "callbacks": {}}
    module.on_save_checkpoint(checkpoint)
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.save(checkpoint, path)
    return path


def predicted(model: StancePredictor) -> Tensor:
    """Return the probabilities of the texts above ``(texts, stances)``."""
    return torch.tensor([list(one.values()) for one in model.predict(TEXTS, TARGETS)])


def graph_logits(model: StancePredictor) -> Tensor:
    """Return the logits of random samples with their graphs ``(samples, stances)``."""
    return model.logits(model.preprocessor.encode(random_samples()))
