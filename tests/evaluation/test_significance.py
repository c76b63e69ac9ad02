"""Intervals and tests: equal to their plain definitions, of the right size, and able to find a difference."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import f1_score

from gatbert.evaluation.significance import Bootstrap, holm
from gatbert.samples.stances import STANCES
from tests.evaluation.made import Cells, made_cells


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 60))
def test_patterns_stand_for_the_samples(seed: int, num_samples: int) -> None:
    """Scores of all runs, drawn or not, are those of the samples themselves."""
    random = np.random.default_rng(seed)
    cells = made_cells(random, (0.0, 1.0, 2.0), num_samples)
    bootstrap = Bootstrap(cells, STANCES, 5)
    for run, row in enumerate(cells):
        expected = f1_score(row // 3, row % 3, labels=[0, 1, 2], average="macro", zero_division=0)
        assert bootstrap.scores["macro_f1"][0, run] == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("num_samples", [pytest.param(40, marks=pytest.mark.slow), 400])
def test_drawn_scores_are_spread_as_those_of_drawn_samples(num_samples: int) -> None:
    """Whether counts of patterns are drawn (many samples, few patterns) or samples (few), the spread is the same."""
    cells = made_cells(np.random.default_rng(1), (1.0,), num_samples)
    found = Bootstrap(cells, STANCES, 4000).resampled["macro_f1"][:, 0]
    random = np.random.default_rng(2)
    drawn = [cells[0, random.integers(num_samples, size=num_samples)] for _ in range(500)]
    expected = [f1_score(d // 3, d % 3, labels=[0, 1, 2], average="macro", zero_division=0) for d in drawn]
    assert found.mean() == pytest.approx(np.mean(expected), abs=0.01)
    assert found.std() == pytest.approx(np.std(expected), rel=0.1)


def test_exchange_is_that_of_whole_samples() -> None:
    """For accuracy, the spread under exchange is known: the differences of the samples with random signs."""
    cells = made_cells(np.random.default_rng(3), (0.5, 0.5, 0.5, 0.8, 0.8), 200)
    right = cells // 3 == cells % 3
    differences = right[:3].mean(0) - right[3:].mean(0)
    comparison = Bootstrap(cells[:, :], STANCES, 4000)
    exchanged = comparison._exchanged([0, 1, 2], [3, 4])["accuracy"]
    assert exchanged.std() == pytest.approx(np.sqrt((differences**2).sum()) / 200, rel=0.05)
    assert abs(exchanged.mean()) < 4 * exchanged.std() / 4000**0.5


def test_equal_predictions_are_not_different() -> None:
    cells = made_cells(np.random.default_rng(4), (1.0,))
    for comparison in Bootstrap(np.concatenate([cells, cells]), STANCES, 200).compare([0], [1]).values():
        assert comparison.difference == 0
        assert comparison.p_bootstrap == 1
        assert comparison.p_randomisation == 1
        assert comparison.effect_size == 0


def test_one_run_has_no_deviation_and_a_second_widens_the_interval() -> None:
    cells = made_cells(np.random.default_rng(5), (0.5, 2.5, 1.5, 1.5), 2000)
    bootstrap = Bootstrap(cells, STANCES, 1000)
    one, unequal = bootstrap.estimate("accuracy", [2]), bootstrap.estimate("accuracy", [0, 1])
    assert one.std is None
    assert unequal.std is not None
    assert unequal.high - unequal.low > 3 * (one.high - one.low)


def test_effect_size_of_accuracy_is_cohens_d_of_paired_samples() -> None:
    cells = made_cells(np.random.default_rng(6), (0.5, 1.5), 500)
    right = (cells // 3 == cells % 3).astype(float)
    differences = right[0] - right[1]
    found = Bootstrap(cells, STANCES, 4000).compare([0], [1])["accuracy"].effect_size
    assert found == pytest.approx(differences.mean() / differences.std(), rel=0.05)


def share_of_alarms(make: Callable[[np.random.Generator], tuple[Cells, int]], count: int) -> dict[str, float]:
    """Return how often each test calls two groups different at the level of 5 %."""
    alarms = {"p_bootstrap": 0, "p_randomisation": 0}
    for number in range(count):
        cells, size = make(np.random.default_rng([7, number]))
        bootstrap = Bootstrap(cells, STANCES, 300, seed=number)
        comparison = bootstrap.compare(list(range(size)), list(range(size, len(cells))))["macro_f1"]
        for name in alarms:
            alarms[name] += getattr(comparison, name) < 0.05
    return {name: found / count for name, found in alarms.items()}


@pytest.mark.slow
@pytest.mark.parametrize(("num_seeds", "seed_std"), [(1, 0.0), (3, 0.0), (3, 0.3), (5, 0.3)])
def test_five_percent_of_null_experiments_are_false_alarms(num_seeds: int, seed_std: float) -> None:
    """Both groups are the same model, and 1,000 experiments differ in samples and seeds."""
    found = share_of_alarms(
        lambda random: (made_cells(random, (1.0,) * 2 * num_seeds, seed_std=seed_std), num_seeds), 1000
    )
    for name, share in found.items():
        # 1,000 experiments of an exact test give 5 % ± 2.3 in all but one of a thousand such series.
        assert 0.015 <= share <= 0.073, (name, share)


def test_a_difference_is_found() -> None:
    found = share_of_alarms(lambda random: (made_cells(random, (1.0,) * 3 + (2.0,) * 3), 3), 40)
    assert min(found.values()) >= 0.9


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_equals_its_definition(p_values: list[float]) -> None:
    """The smallest is multiplied by all, the next by one less, and none falls below one that was smaller."""
    found = holm(p_values)
    order = sorted(range(len(p_values)), key=lambda index: p_values[index])
    least = 0.0
    for rank, index in enumerate(order):
        least = max(least, min(1.0, p_values[index] * (len(p_values) - rank)))
        assert found[index] == pytest.approx(least)
