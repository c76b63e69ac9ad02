"""Calibration and risk by coverage, against their plain definitions."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import softmax
from sklearn.metrics import accuracy_score, f1_score

from gatbert.evaluation.calibration import abstention, calibration, ece_before, risk_coverage
from gatbert.samples.decision import Decision
from gatbert.samples.stances import STANCES
from tests.evaluation.made import made_predictions


@pytest.mark.parametrize("skill", [0.2, 0.9])
def test_the_error_is_that_of_its_definition(skill: float) -> None:
    runs = [made_predictions(np.random.default_rng(seed), 200, skill) for seed in range(2)]
    confidence = np.concatenate([run.probabilities.max(1) for run in runs if run.probabilities is not None])
    right = np.concatenate([run.predicted == run.gold for run in runs])
    expected = 0.0
    for low in range(10):
        inside = (confidence > low / 10) & (confidence <= (low + 1) / 10)
        if inside.any():
            expected += inside.mean() * abs(right[inside].mean() - confidence[inside].mean())
    found = calibration(runs)
    assert found is not None
    assert found.ece == pytest.approx(expected)
    assert sum(one.count for one in found.bins) == 400


def test_risk_is_the_share_of_errors_among_the_most_confident() -> None:
    run = made_predictions(np.random.default_rng(0), 50, 0.7)
    assert run.probabilities is not None
    order = np.argsort(-run.probabilities.max(1))
    wrong = (run.predicted != run.gold)[order]
    found = risk_coverage([run])
    assert found is not None
    assert found.coverage == pytest.approx([(kept + 1) / 50 for kept in range(50)])
    assert found.risk == pytest.approx([wrong[: kept + 1].mean() for kept in range(50)])
    assert found.area == pytest.approx(np.mean(found.risk))


def test_equal_confidence_is_kept_or_left_together() -> None:
    run = made_predictions(np.random.default_rng(0), 50, 0.7)
    sure = np.full((50, 3), 0.1)
    sure[np.arange(50), run.predicted] = 0.8
    found = risk_coverage([replace(run, probabilities=sure)])
    assert found is not None
    assert list(found.coverage) == [1.0]


def test_without_probabilities_nothing_is_said() -> None:
    run = replace(made_predictions(np.random.default_rng(0), 50, 0.7), probabilities=None)
    assert calibration([run]) is None
    assert risk_coverage([run]) is None


def test_the_error_before_a_decision_is_that_of_the_probabilities_before() -> None:
    run = made_predictions(np.random.default_rng(0), 200, 0.7)
    assert run.probabilities is not None
    decision = Decision(2.0, {"favor": 0.5})
    decided = softmax(np.log(run.probabilities) / 2 - np.log([1.0, 0.5, 1.0]), axis=1)
    after = replace(run, probabilities=decided, predicted=decided.argmax(1))
    assert STANCES[1] == "favor"
    before = calibration([run])
    assert before is not None
    assert ece_before([after], [decision]) == pytest.approx(before.ece)
    assert ece_before([after, after], [decision, None]) is None
    assert ece_before([after], [Decision()]) is None
    assert ece_before([run], []) is None


def test_abstention_leaves_what_is_probable_enough() -> None:
    runs = [made_predictions(np.random.default_rng(seed), 200, 0.7) for seed in range(2)]
    kept = [run.probabilities.max(1) >= 0.7 for run in runs if run.probabilities is not None]
    found = abstention(runs, 0.7)
    assert found is not None
    assert 0.2 < found.coverage < 0.8
    assert found.coverage == pytest.approx(np.mean(kept))
    both = list(zip(runs, kept, strict=True))
    for name, score in (
        ("accuracy", [accuracy_score(run.gold[rows], run.predicted[rows]) for run, rows in both]),
        ("macro_f1", [f1_score(run.gold[rows], run.predicted[rows], average="macro") for run, rows in both]),
    ):
        assert found.scores[name] == pytest.approx(np.mean(score))
    everything, nothing = abstention(runs, 0.0), abstention(runs, 1.1)
    assert everything is not None
    assert nothing is not None
    assert everything.coverage == 1
    assert nothing.coverage == nothing.scores["accuracy"] == 0
    assert abstention([replace(runs[0], probabilities=None)], 0.5) is None
