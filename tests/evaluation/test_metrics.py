"""Scores equal scikit-learn's, however the samples are dealt out."""

from random import Random

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from gatbert.batches import NO_GOLD, REPEATED
from gatbert.evaluation.metrics import StanceScores
from gatbert.samples.stances import STANCES

pairs = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=60)


def filled(rows: list[tuple[int, int]], size: int, extra: bool = False) -> StanceScores:
    """Count rows in batches of ``size``; ``extra`` adds rows that must not count."""
    metric = StanceScores(STANCES)
    for start in range(0, len(rows), size):
        gold, predicted = (torch.tensor([row[side] for row in rows[start : start + size]]) for side in (0, 1))
        logits = torch.nn.functional.one_hot(predicted, 3).float()
        index, loss = torch.arange(len(gold)), logits.sum(-1) + gold
        if extra:
            gold = torch.cat([gold, torch.tensor([NO_GOLD, 1])])
            index = torch.cat([index, torch.tensor([5, REPEATED])])
            logits, loss = torch.cat([logits, torch.eye(3)[:2]]), torch.cat([loss, torch.full((2,), 9.0)])
        metric.update(logits, gold, index, torch.ones(len(gold)), loss)
    return metric


@given(pairs, st.integers(1, 20), st.randoms())
def test_batching_order_and_uncounted_rows_change_nothing(
    rows: list[tuple[int, int]], size: int, random: Random
) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    whole = filled(rows, len(rows)).compute()
    assert filled(shuffled, size).compute() == pytest.approx(whole, abs=1e-6)
    assert filled(shuffled, size, extra=True).compute() == pytest.approx(whole, abs=1e-6)


@given(pairs, pairs)
def test_states_of_two_processes_add_up(one: list[tuple[int, int]], two: list[tuple[int, int]]) -> None:
    first, second, both = filled(one, 4), filled(two, 4), filled([*one, *two], 50)
    first.confusion += second.confusion
    first.loss_sum += second.loss_sum
    first.loss_weight += second.loss_weight
    assert first.compute() == pytest.approx(both.compute(), abs=1e-6)
