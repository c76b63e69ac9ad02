"""Deletion curves: a good ranking loses more than a random one, and the sentence says so only then."""

import numpy as np
import pytest

from gatbert.explanations.faithfulness import RANDOM, SHARES, faithfulness, first_nodes, random_orders


def test_nodes_go_share_by_share() -> None:
    sets = first_nodes([7, 3, 5])
    assert len(sets) == len(SHARES)
    assert [set(sets[place]) for place in (0, 1, 4, -1)] == [set(), {7}, {7, 3}, {7, 3, 5}]
    assert [len(nodes) for nodes in first_nodes(range(20))] == list(range(0, 21, 2))


def test_random_orders_are_those_of_the_sample() -> None:
    assert random_orders("a", range(9)) == random_orders("a", range(9))
    assert random_orders("a", range(9)) != random_orders("b", range(9))
    assert {tuple(sorted(order)) for order in random_orders("a", range(9))} == {tuple(range(9))}


@pytest.mark.parametrize(
    ("drop", "said"), [(0.5, "beats random"), (0.0, "is not shown to beat random"), (-0.3, "is worse than random")]
)
def test_the_sentence_says_what_the_interval_allows(drop: float, said: str) -> None:
    random = np.random.default_rng(0)
    curves = []
    for _ in range(50):
        plain = 0.9 - 0.4 * np.array(SHARES)
        better = plain - drop * (np.array(SHARES) > 0) + 0.05 * random.standard_normal(len(SHARES))
        curves.append({"mine": better, RANDOM: plain + 0.05 * random.standard_normal(len(SHARES))})
    found = faithfulness(curves)
    assert found.keys() == {"mine"}
    assert found["mine"].sentence.startswith(f"mine {said}")
    assert found["mine"].low <= found["mine"].difference <= found["mine"].high
    assert found["mine"].difference == pytest.approx(drop, abs=0.05)


@pytest.mark.parametrize(("drop", "mine"), [(0.5, "falls by"), (-0.6, "rises by")])
def test_the_sentence_says_which_way_the_probability_goes(drop: float, mine: str) -> None:
    random = np.random.default_rng(1)
    plain = np.full(len(SHARES), 0.5)
    curves = [
        {"mine": plain - drop * (np.array(SHARES) > 0) + 0.01 * random.standard_normal(len(SHARES)), RANDOM: plain}
        for _ in range(9)
    ]
    found = faithfulness(curves)["mine"]
    assert f"the probability {mine} {abs(found.area):.3f} on average" in found.sentence
    assert "as random ones go, it does not change; " in found.sentence
    assert f"is {found.difference:+.3f} ({found.low:+.3f} to {found.high:+.3f})." in found.sentence
    assert np.sign([found.low, found.difference, found.high]).tolist() == [np.sign(drop)] * 3


def test_area_is_the_mean_loss() -> None:
    curve = np.linspace(1.0, 0.0, len(SHARES))
    found = faithfulness([{"mine": curve, RANDOM: np.ones(len(SHARES))}])["mine"]
    assert found.area == pytest.approx(0.55)
    assert found.random_area == 0.0
