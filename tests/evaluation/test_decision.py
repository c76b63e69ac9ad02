"""Temperature and thresholds: known answers, references, and what they never do."""

import numpy as np
import pytest
from scipy.special import log_softmax, softmax
from sklearn.metrics import f1_score, log_loss

from gatbert.evaluation.decision import fit_temperature, fit_thresholds, undecided
from gatbert.samples.stances import STANCES


def drawn(temperature: float, num_samples: int = 20_000) -> tuple[np.ndarray, np.ndarray]:
    """Return logits whose gold stances are drawn from their softmax at a temperature."""
    random = np.random.default_rng(0)
    logits = random.normal(0, 3, (num_samples, 3))
    noise = random.gumbel(size=logits.shape)
    return logits, (logits / temperature + noise).argmax(1)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.5])
def test_the_temperature_behind_the_golds_is_found(temperature: float) -> None:
    assert fit_temperature(*drawn(temperature)) == pytest.approx(temperature, rel=0.05)


def test_no_other_temperature_makes_the_golds_likelier() -> None:
    logits, gold = drawn(1.7, 200)
    found = fit_temperature(logits, gold)
    best = log_loss(gold, softmax(logits / found, axis=1))
    for other in np.geomspace(0.1, 10, 200):
        assert best <= log_loss(gold, softmax(logits / other, axis=1)) + 1e-9
    assert fit_temperature(log_softmax(logits, axis=1), gold) == pytest.approx(found, rel=1e-4)


def test_nothing_is_learnt_where_nothing_is_wrong_or_there_is_nothing() -> None:
    assert fit_temperature(np.eye(3), np.arange(3)) == 1
    assert fit_temperature(np.zeros((0, 3)), np.zeros(0, np.int64)) == 1


def test_where_all_is_wrong_the_temperature_ends_somewhere() -> None:
    assert fit_temperature(np.eye(3), np.array([1, 2, 0])) == pytest.approx(10, rel=1e-3)


def test_thresholds_raise_the_score_that_they_are_chosen_by() -> None:
    random = np.random.default_rng(0)
    gold = random.choice(3, p=[0.7, 0.2, 0.1], size=2000)
    logs = log_softmax(random.normal(0, 1, (2000, 3)) + 1.2 * np.eye(3)[gold] + np.log([0.7, 0.2, 0.1]), axis=1)
    thresholds = fit_thresholds(logs, gold, STANCES, "macro_f1")
    before = f1_score(gold, logs.argmax(1), average="macro")
    after = f1_score(gold, (softmax(logs, axis=1) / thresholds).argmax(1), average="macro")
    assert after > before + 0.02
    assert thresholds[2] < thresholds[0], "what is rare needs less"


def test_thresholds_stay_where_nothing_is_better() -> None:
    assert fit_thresholds(np.log(np.eye(3) + 0.1), np.arange(3), STANCES, "macro_f1") == (1, 1, 1)


def test_undecided_takes_back_what_a_decision_has_done() -> None:
    logits = np.random.default_rng(0).normal(0, 2, (50, 3))
    thresholds = [0.5, 1.0, 2.0]
    decided = softmax(logits / 1.8 - np.log(thresholds), axis=1)
    np.testing.assert_allclose(undecided(decided, 1.8, thresholds), softmax(logits, axis=1), rtol=1e-9)
