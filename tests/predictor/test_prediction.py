"""A prediction is a mapping that nobody changes, and shows no text of a stranger as markup."""

import pickle
from dataclasses import FrozenInstanceError

import pytest

from gatbert.predictor import Prediction

PROBABILITIES = {"against": 0.2, "favor": 0.7, "neutral": 0.1}


def test_a_prediction_is_the_mapping_of_its_probabilities() -> None:
    prediction = Prediction("favor", PROBABILITIES)
    assert prediction == PROBABILITIES
    assert dict(prediction) == PROBABILITIES
    assert (prediction.stance, prediction["favor"], list(prediction), len(prediction)) == (
        "favor",
        0.7,
        ["against", "favor", "neutral"],
        3,
    )
    assert pickle.loads(pickle.dumps(prediction)).stance == "favor"  # noqa: S301  (its own)


def test_a_prediction_is_never_changed() -> None:
    prediction = Prediction("favor", PROBABILITIES)
    with pytest.raises(FrozenInstanceError):
        prediction.stance = "against"  # type: ignore[misc]
    with pytest.raises(TypeError):
        prediction["favor"] = 1.0  # type: ignore[index]


def test_a_notebook_shows_stances_as_text_and_the_predicted_one_bold() -> None:
    shown = Prediction("<script>", {"<script>": 0.75, "b": 0.25})._repr_html_()
    assert "<script>" not in shown
    assert "<b>&lt;script&gt;</b>" in shown
    assert ">0.750<" in shown
    assert "<b>" not in Prediction(None, PROBABILITIES)._repr_html_()
