"""Baselines that a report compares with."""

import inspect
from dataclasses import replace

import numpy as np
import pytest

from gatbert.evaluation import baselines
from gatbert.evaluation.baselines import ngram_svm
from gatbert.samples import Sample
from gatbert.samples.stances import STANCES
from tests.evaluation.made import made_predictions


def test_ngrams_learn_from_few_samples_of_a_stance() -> None:
    train = [
        Sample(f"t{index}", text, "zoos", stance)
        for index, (text, stance) in enumerate(
            [
                ("good good", "favor"),
                ("very good", "favor"),
                ("bad", "against"),
                ("really bad", "against"),
                ("so", "neutral"),
            ]
        )
    ]
    test = made_predictions(np.random.default_rng(0), 3, 1.0)
    found = ngram_svm(train, test, ["good", "bad bad", "so"])
    assert [STANCES[index] for index in found.predicted] == ["favor", "against", "neutral"]


BASELINES = {
    name: function
    for name, function in vars(baselines).items()
    if inspect.isfunction(function) and function.__module__ == baselines.__name__ and not name.startswith("_")
}


@pytest.mark.parametrize("name", BASELINES)
def test_a_baseline_learns_from_train_and_knows_no_gold_of_test(name: str) -> None:
    test = made_predictions(np.random.default_rng(0), 30, 1.0)
    words = ("never bad", "so good", "what is it")
    texts = [f"{words[gold]} {number}" for number, gold in enumerate(test.gold.tolist())]
    train = [
        Sample(f"t{number}", text, target, STANCES[gold])
        for number, (text, target, gold) in enumerate(
            zip(texts, test.targets.tolist(), test.gold.tolist(), strict=True)
        )
    ]
    known: dict[str, object] = {"train": train, "test": test, "texts": texts}
    given = {argument: known[argument] for argument in inspect.signature(BASELINES[name]).parameters}
    found = BASELINES[name](**given)
    assert found.ids.tolist() == test.ids.tolist()
    assert found.gold.tolist() == test.gold.tolist()
    assert set(found.predicted.tolist()) <= {0, 1, 2}
    # Another gold of the same samples changes nothing of what is predicted.
    other = BASELINES[name](**{**given, "test": replace(test, gold=(test.gold + 1) % 3)})
    assert other.predicted.tolist() == found.predicted.tolist()
    right = (found.predicted == test.gold).mean()
    assert right >= max(np.bincount(test.gold)) / len(test) - 1e-9
