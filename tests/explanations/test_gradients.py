"""Integrated gradients: complete, and right where the answer is known."""

from typing import Any

import pytest
import torch

from gatbert.explanations.gradients import integrated_gradients
from gatbert.explanations.log_odds import log_odds
from gatbert.explanations.nodes import word_shares
from gatbert.predictor import StancePredictor
from gatbert.pretrained.encoders import load_encoder, load_tokenizer
from gatbert.stance_classifier.options import build_preprocessor
from tests.classifiers import BagOfTokens
from tests.explanations.models import EACH, build, readable
from tests.graphs import random_samples


@pytest.mark.parametrize("name", EACH)
def test_scores_sum_to_the_difference_from_the_baseline(encoder: str, name: str) -> None:
    model = build(encoder, name)
    for sample in (readable(model, sample) for sample in random_samples()):
        (encoded,) = model.preprocessor.encode([sample])
        movable = word_shares(model.preprocessor, sample).sum(1) > 0  # type: ignore[arg-type]  # all of MODELS read pairs
        # The ReLU of a convolution over tiny random states bends often: it takes more points.
        num_steps, most = (500, 1e-2) if name == "external-rgcn" else (32, 1e-3)
        found = integrated_gradients(model, encoded, 0, movable, num_steps)
        assert found is not None
        assert abs(found.gap) < most * max(1.0, abs(float(log_odds(model.logits([encoded]))[0, 0])))


def test_they_are_weight_times_way_for_a_linear_model(encoder: str) -> None:
    """For two stances, log-odds are a difference of logits, and linear where the network is."""
    torch.manual_seed(0)
    classifier: Any = BagOfTokens(load_encoder(encoder), 2, num_graph_layers=1).eval()
    preprocessor = build_preprocessor(BagOfTokens, load_tokenizer(encoder), 48, {})
    model = StancePredictor(classifier, preprocessor, ("no", "yes"))
    sample = readable(model, random_samples()[0])
    (encoded,) = preprocessor.encode([sample])
    movable = word_shares(preprocessor, sample).sum(1) > 0  # type: ignore[arg-type]  # all of MODELS read pairs
    found = integrated_gradients(model, encoded, 1, movable)
    assert found is not None
    slope = classifier.head[1].weight @ classifier.head[0].weight
    words = classifier.encoder.get_input_embeddings().weight
    mask = words[preprocessor.tokenizer.mask_token_id]  # type: ignore[attr-defined]  # it has one
    for token, number in enumerate(encoded.arrays["input_ids"].tolist()):
        way = (words[number] - mask) @ (slope[1] - slope[0]) / len(movable) if movable[token] else torch.zeros(())
        assert found.scores[token] == pytest.approx(way.item(), abs=1e-6)
    assert found.gap == pytest.approx(0.0, abs=1e-6)
