"""Scores equal scikit-learn's."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score, precision_recall_fscore_support

from gatbert.evaluation.scores import metric_names, stance_scores
from gatbert.samples.stances import STANCES

pairs = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=60)


@given(pairs)
def test_scores_equal_scikit_learn(rows: list[tuple[int, int]]) -> None:
    gold, predicted = ([STANCES[row[side]] for row in rows] for side in (0, 1))
    scores = stance_scores(confusion_matrix(gold, predicted, labels=STANCES), STANCES)
    by_stance = precision_recall_fscore_support(gold, predicted, labels=STANCES, zero_division=0)
    expected = {
        f"{name}_{stance}": by_stance[row][index]
        for (row, name), (index, stance) in product(enumerate(("precision", "recall", "f1")), enumerate(STANCES))
    }
    expected["accuracy"] = accuracy_score(gold, predicted)
    expected["macro_f1"] = f1_score(gold, predicted, labels=STANCES, average="macro", zero_division=0)
    # SemEval-2016 Task 6: the mean of the two F1, neutral samples counting as errors only.
    expected["favor_against_f1"] = f1_score(
        gold, predicted, labels=["favor", "against"], average="macro", zero_division=0
    )
    assert scores == pytest.approx(expected, abs=1e-12)
    assert list(scores) == metric_names(STANCES)


def test_label_sets_without_favor_have_no_favor_against_f1() -> None:
    assert "favor_against_f1" not in metric_names(["yes", "no"])
    assert set(stance_scores(np.eye(2), ["yes", "no"])) == set(metric_names(["yes", "no"]))
