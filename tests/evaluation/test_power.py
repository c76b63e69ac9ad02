"""The difference that a comparison could have found: by formulas where there are some, and by simulated experiments."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import nctdtr, ndtri, stdtrit

from gatbert.evaluation.comparisons import _mean
from gatbert.evaluation.power import POWER, Design, _limits
from gatbert.evaluation.significance import Bootstrap, Comparison
from gatbert.samples.stances import STANCES
from tests.evaluation.made import made_cells

VARIANCES = st.floats(1e-6, 1e-3)
LEVELS = st.sampled_from([0.05, 0.05 / 15])


def test_of_samples_alone_it_is_that_of_the_z_test() -> None:
    expected = (ndtri(0.975) + ndtri(POWER)) * 0.01
    assert Design(1e-4, 0.0, 0.0, ()).detectable(0.05) == pytest.approx(expected, rel=1e-4)
    assert Design(0.0, 0.0, 0.0, ()).detectable(0.05) == 0


@pytest.mark.parametrize("runs", [2, 3, 5, 20])
@pytest.mark.parametrize("level", [0.05, 0.05 / 15])
def test_of_seeds_alone_it_is_that_of_the_t_test(runs: int, level: float) -> None:
    """Against a single score that does not vary: one-sample t, whose power is that of the noncentral t distribution."""
    std = 0.001
    found = Design(0.0, 0.0, std**2, [runs]).detectable(level)
    shift, limit = found / std * runs**0.5, -stdtrit(runs - 1, level / 2)
    power = 1 - nctdtr(runs - 1, shift, limit) + nctdtr(runs - 1, shift, -limit)
    assert power == pytest.approx(POWER, abs=0.01)


@pytest.mark.parametrize("freedom", [1, 2, 4, 8])
def test_limits_are_quantiles_of_a_normal_and_students_t_together(freedom: int) -> None:
    random = np.random.default_rng(0)
    drawn = np.abs(random.standard_normal(1_000_000) + 0.5 * random.standard_t(freedom, 1_000_000))
    assert _limits(1.0, np.array([0.25]), freedom, 0.05)[0] == pytest.approx(np.quantile(drawn, 0.95), rel=0.01)


@settings(deadline=None)
@given(VARIANCES, VARIANCES, st.floats(-1e-4, 1e-3), st.integers(2, 6), LEVELS)
def test_more_seeds_find_smaller_differences(
    by_samples: float, by_own_samples: float, by_seeds: float, runs: int, level: float
) -> None:
    design, more = (Design(by_samples, by_own_samples, by_seeds, [count] * 2) for count in (runs, runs + 1))
    endless = design.detectable_with_endless_seeds(level)
    assert endless is not None
    assert endless <= more.detectable(level) * 1.001
    assert more.detectable(level) <= design.detectable(level)
    needed = design.seeds_for(0.05, level)
    assert (needed is None) == (endless >= 0.05)
    if needed is not None:
        found = [
            Design(by_samples, by_own_samples, by_seeds, [count] * 2).detectable(level)
            for count in (needed, needed - 1)
        ]
        assert found[0] <= 0.05
        assert needed == 2 or found[1] > 0.05


def test_what_a_single_seed_adds_is_unknown() -> None:
    design = Design(1e-4, 0.0, 0.0, ())
    assert (design.seed_std, design.seeds_for(0.05, 0.05), design.detectable_with_endless_seeds(0.05)) == (None,) * 3
    assert Design(1e-4, 1e-4, -1e-5, [3, 3]).seed_std == 0


def _experiment(random: np.random.Generator, skill: float, seeds: int, num_samples: int, seed_std: float) -> Comparison:
    """Compare two groups of runs, of which the first has more skill."""
    cells = made_cells(random, (1 + skill,) * seeds + (1.0,) * seeds, num_samples, seed_std)
    bootstrap = Bootstrap(cells, STANCES, 500, seed=int(random.integers(2**31)))
    return bootstrap.compare(range(seeds), range(seeds, 2 * seeds))["macro_f1"]


def _skill_of(difference: float, seed_std: float) -> float:
    """Return the skill that makes the expected score of a run so much better; without bias, it is the accuracy."""
    spread = np.random.default_rng(0).normal(0, (1.5**2 + seed_std**2) ** 0.5, 200_000)
    skills = np.linspace(0, 5, 200)
    scores = np.array([(1 / (1 + np.exp(-(1 + skill + spread)))).mean() for skill in skills])
    return float(np.interp(difference, scores - scores[0], skills))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("seeds", "num_samples", "seed_std", "level"),
    [
        (1, 200, 0.0, 0.05),
        (3, 200, 0.0, 0.05),
        (3, 1249, 0.3, 0.05),
        (5, 200, 0.3, 0.05),
        (5, 200, 0.3, 0.05 / 6),
        (5, 1249, 0.0, 0.05 / 6),
    ],
)
def test_the_detectable_difference_is_that_of_simulated_experiments_to_a_fifth(
    seeds: int, num_samples: int, seed_std: float, level: float
) -> None:
    """A fifth less than it is found in fewer than 80 % of experiments, and a fifth more in more."""
    random = np.random.default_rng([seeds, num_samples, round(10 * seed_std)])
    pilots = [_experiment(random, 0.0, seeds, num_samples, seed_std).design for _ in range(40)]
    detectable = _mean(pilots).detectable(level)
    shares = []
    for factor in (0.8, 1.2):
        skill = _skill_of(factor * detectable, seed_std)
        found = [_experiment(random, skill, seeds, num_samples, seed_std) for _ in range(150)]
        shares.append(np.mean([max(one.p_bootstrap, one.p_randomisation) < level for one in found]))
    assert shares[0] < POWER < shares[1], (detectable, shares)
