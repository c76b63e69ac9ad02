"""Baselines that a report compares with."""

import numpy as np

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
