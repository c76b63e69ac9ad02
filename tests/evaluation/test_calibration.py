"""Calibration and risk by coverage, against their plain definitions."""

from dataclasses import replace

import numpy as np
import pytest

from gatbert.evaluation.calibration import calibration, risk_coverage
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
