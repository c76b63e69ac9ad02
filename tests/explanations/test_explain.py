"""Explanations of one sample: exact where they claim to be, and of no other sample's making."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from gatbert.explanations import explain
from gatbert.explanations.explain import INTEGRATED_GRADIENTS, LEAVE_ONE_OUT
from gatbert.predictor import StancePredictor
from gatbert.samples import GraphSample
from gatbert.samples.node_removal import without
from gatbert.stance_classifier.options import build_preprocessor
from tests.classifiers import BagOfTokens
from tests.explanations.models import EACH, build
from tests.graphs import random_sample, random_samples

ALL = pytest.mark.parametrize("name", EACH)


def probability(model: StancePredictor, sample: GraphSample, stance: int) -> float:
    """Return the probability of a stance, computed with no part of the explanations."""
    batch = model.preprocessor.collate(model.preprocessor.encode([sample]))
    with torch.no_grad():
        return float(model.classifier(batch).double().softmax(-1)[0, stance])


def odds(probability: float) -> float:
    return float(np.log(probability / (1 - probability)))


@ALL
def test_leave_one_out_equals_hiding_each_node_by_hand(encoder: str, name: str) -> None:
    model = build(encoder, name)
    found = explain(model, random_sample(1))
    sample, stance = found.sample, found.predicted
    before = probability(model, sample, stance)
    for node in range(len(sample.words) + len(sample.concepts)):
        gone = probability(model, without(sample, {node}, "[MASK]"), stance)
        masked = gone
        if node >= len(sample.words):
            names = list(sample.concepts)
            names[node - len(sample.words)] = "[MASK]"
            masked = probability(model, replace(sample, concepts=tuple(names)), stance)
        assert found.scores[LEAVE_ONE_OUT][node] == pytest.approx(odds(before) - odds(masked), abs=1e-5)
        assert found.probability_change[node] == pytest.approx(before - masked, abs=1e-6)
        assert found.removed[node] == pytest.approx(odds(before) - odds(gone), abs=1e-5)
    for values in (found.scores[LEAVE_ONE_OUT], found.removed):
        assert np.abs(values).max() > 1e-3


def test_a_quick_explanation_is_leave_one_out_and_nothing_else(encoder: str) -> None:
    model, sample = build(encoder, "hybrid"), random_sample(1)
    quick, whole = explain(model, sample, quick=True), explain(model, sample)
    np.testing.assert_allclose(quick.scores[LEAVE_ONE_OUT], whole.scores[LEAVE_ONE_OUT], atol=1e-6)
    np.testing.assert_allclose(quick.probability_change, whole.probability_change, atol=1e-6)
    assert list(quick.scores) == [LEAVE_ONE_OUT]
    assert not quick.curves
    assert not quick.removed.any()


@ALL
def test_a_sample_is_explained_alike_alone_and_with_any_batch_size(encoder: str, name: str) -> None:
    model = build(encoder, name)
    together = [explain(model, sample) for sample in random_samples()]
    for one, sample in zip(reversed(together), reversed(random_samples()), strict=True):
        alone = explain(model, sample, batch_size=3)
        assert alone.scores.keys() == one.scores.keys()
        for values, others in [(alone.scores, one.scores), (alone.curves, one.curves)]:
            for key in values:
                np.testing.assert_allclose(values[key], others[key], atol=1e-5)


def test_what_a_classifier_does_not_read_contributes_nothing(encoder: str) -> None:
    sample = random_sample(1)
    text, external = explain(build(encoder, "text"), sample), explain(build(encoder, "external"), sample)
    assert text.sample.concepts == ()
    assert text.read.tolist() == list(range(len(sample.words)))
    assert external.read.tolist() == [len(sample.words) + n for n in range(len(sample.concepts))]
    for values in external.scores.values():
        assert not values[: len(sample.words)].any()


def test_methods_that_a_classifier_does_not_allow_are_missing(encoder: str) -> None:
    methods = {LEAVE_ONE_OUT, INTEGRATED_GRADIENTS}
    assert explain(build(encoder, "external-rgcn"), random_sample(1)).scores.keys() == methods
    text = build(encoder, "text")
    own = BagOfTokens(text.classifier.encoder, 3).eval()
    found = explain(replace(text, classifier=own), random_sample(1))
    assert found.scores.keys() == methods
    assert found.completeness_gap == pytest.approx(0.0, abs=1e-4)


def test_words_that_are_cut_off_contribute_nothing(encoder: str) -> None:
    model = build(encoder, "hybrid")
    short = build_preprocessor(type(model.classifier), model.preprocessor.tokenizer, 8, {})  # type: ignore[attr-defined]  # it has one
    found = explain(replace(model, preprocessor=short), random_sample(1, num_words=12))
    assert 0 < len([node for node in found.read if node < 12]) < 12
    for values in found.scores.values():
        assert not np.delete(values, found.read).any()


def test_a_graph_without_anything_to_read_is_explained(encoder: str) -> None:
    found = explain(build(encoder, "external"), random_sample(2, num_concepts=0))
    assert len(found.read) == 0
    assert found.curves == {}
