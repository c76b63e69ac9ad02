"""Samples are predicted and explained alike in one thread and in many, and those that have graphs keep them."""

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from gatbert.explanations import Explanation
from gatbert.predictor import StancePredictor
from gatbert.predictor.sample_predictor import _with_shared_weights
from gatbert.samples import Sample
from tests.explanations.models import EACH, build
from tests.graphs import random_sample

SAMPLES = [random_sample(seed, num_words=4 + seed % 9) for seed in range(24)]


def values(predictions: Any) -> Any:
    return np.array([[*one.values()] for one in predictions])


@pytest.fixture
def _busy_threads() -> Iterator[None]:
    """Let threads take turns as often as they can: what they must not share then shows."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.usefixtures("_busy_threads")
@pytest.mark.parametrize("name", EACH)
def test_threads_get_the_same_numbers_while_others_predict_and_explain(name: str, encoder: str) -> None:
    model = build(encoder, name)
    alone, explained = values(model.predict_samples(SAMPLES)), model.explain_sample(SAMPLES[0])

    def predict(turn: int) -> Any:
        return values(model.predict_samples(SAMPLES, batch_size=1 + turn % 5))

    def explain(turn: int) -> Explanation:
        return model.explain_sample(SAMPLES[0])

    tasks: list[Callable[[int], Any]] = [predict, predict, explain, predict, predict]
    with ThreadPoolExecutor(4) as threads:
        found = [threads.submit(task, turn) for turn, task in enumerate(tasks)]
    for task, one in zip(tasks, found, strict=True):
        if task is predict:
            np.testing.assert_allclose(one.result(), alone, atol=1e-6)
        else:
            for method, scores in explained.scores.items():
                np.testing.assert_allclose(one.result().scores[method], scores, atol=1e-5)


def test_a_copy_for_explanations_has_the_very_weights_and_hooks_of_its_own(encoder: str) -> None:
    model = build(encoder, "hybrid").classifier
    copy = _with_shared_weights(model)
    assert all(one is other for one, other in zip(model.parameters(), copy.parameters(), strict=True))
    handle = copy.encoder.register_forward_hook(lambda *_: None)
    assert not model.encoder._forward_hooks
    handle.remove()


def test_raw_samples_are_tagged_and_those_with_graphs_stay(encoder: str) -> None:
    asked: list[str] = []

    def tag(sample: Sample) -> Sample:
        asked.append(sample.id)
        return replace(SAMPLES[0], id=sample.id)

    model = build(encoder, "hybrid")
    model.tag = tag
    raw = Sample("raw", SAMPLES[0].text, SAMPLES[0].target)
    found = values(model.predict_samples([raw, SAMPLES[0], SAMPLES[1]]))
    np.testing.assert_allclose(found[0], found[1], atol=1e-6)
    assert asked == ["raw"]


def test_nothing_is_predicted_below_what_is_asked_for(encoder: str) -> None:
    model: StancePredictor = build(encoder, "text")
    rows = model.predict_samples(SAMPLES)
    least = float(np.median(values(rows).max(1)))
    found = model.predict_samples(SAMPLES, abstain_below=least)
    assert [one.stance for one in found] == [row.stance if max(row.values()) >= least else None for row in rows]
    assert {one.stance is None for one in found} == {True, False}
    np.testing.assert_array_equal(values(found), values(rows))
    assert model.predict_samples([]) == []
