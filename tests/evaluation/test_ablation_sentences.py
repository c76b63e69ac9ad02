"""What is said of an interval: only what it allows, and what it leaves open."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatbert.evaluation.ablation_sentences import PARTS, Judge
from gatbert.evaluation.power import Design
from gatbert.evaluation.significance import Comparison, Estimate


def sentence(
    interval: tuple[float, float, float],
    p_holm: float,
    changed: float = 0.08,
    negligible: float = 0.01,
    num_samples: int = 600,
    condition: str = "rm_external",
) -> str:
    """Return what is said of a model with a score of 0.8, of which chance is far, given low, difference and high."""
    low, difference, high = interval
    intact = Estimate(0.8, None, 0.75, 0.85, None)
    judge = Judge("macro_f1", 0.33, 0.17, intact, negligible, num_samples, num_conditions=5)
    estimate = Estimate(0.8 + difference, None, 0.7 + difference, min(1.0, 0.9 + difference), None)
    comparison = Comparison(difference, low, high, 0.0, p_holm, p_holm, Design(0, 0, 0, ()))
    return judge.sentence(PARTS[condition], estimate, comparison, p_holm, changed, moved=0.2)


def test_an_interval_without_zero_is_not_taken_for_no_effect() -> None:
    said = sentence((-0.044, -0.023, -0.002), p_holm=0.115)
    assert said == (
        "It is not settled whether this model uses the graph: without it, macro_f1 falls by 0.023 "
        "(difference -0.044 to -0.002), but p is 0.115, corrected for 5 conditions."
    )
    assert "is misled by the graph: without it, macro_f1 rises" in sentence((0.002, 0.02, 0.05), p_holm=0.1)


def test_what_is_known_and_what_is_not() -> None:
    said = sentence((-0.04, -0.012, 0.016), p_holm=0.5)
    assert said == (
        "No effect of the graph is shown, nor that there is none: without it, macro_f1 falls by 0.012 (difference "
        "-0.040 to +0.016), though 8.0% of predictions change; 600 samples are too few to tell."
    )


@given(st.tuples(*[st.floats(-0.1, 0.1)] * 3).map(sorted), st.floats(0, 1), st.sampled_from([0.0, 0.01, 0.05]))
def test_hardly_matters_is_said_of_intervals_within_the_negligible_alone(
    ends: list[float], p_holm: float, negligible: float
) -> None:
    low, difference, high = ends
    said = sentence((low, difference, high), p_holm, negligible=negligible)
    claimed = p_holm < 0.05 and (high < 0 or low > 0)
    within = max(-low, high) <= negligible
    assert ("hardly matters" in said) == (within and not claimed)
    assert "not needed" not in said
    assert ("too few to tell" in said) == (low <= 0 <= high and not within)
    assert ("not settled" in said) == ((high < 0 or low > 0) and not claimed and not within)


@pytest.mark.parametrize(("num_samples", "sure"), [(30, False), (298, False), (299, True)])
def test_unchanged_predictions_are_as_sure_as_there_are_samples(num_samples: int, sure: bool) -> None:
    """None of n changes: in 95 % of cases, at most 1 - 0.05 ** (1 / n) do elsewhere, which is 0.01 at n = 298.07."""
    said = sentence((0.0, 0.0, 0.0), 1.0, changed=0.0, num_samples=num_samples)
    assert said.startswith(
        "The graph hardly matters: " if sure else f"The graph hardly matters on these {num_samples} "
    )
    assert ("of other samples, up to " in said) != sure


def test_every_condition_makes_whole_sentences() -> None:
    said = {name: sentence((-0.04, 0.0, 0.04), 1.0, condition=name) for name in PARTS}
    assert said["shuffle_relations"].startswith(
        "No effect of the relations is shown, nor that there is none: with shuff"
    )
    assert said["shuffle_graph"].startswith("No effect of each sample's own graph is shown, nor")
