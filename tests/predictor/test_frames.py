"""Tables: columns are found by name, and predictions are columns."""

import pytest

from gatbert.errors import UserError
from gatbert.predictor import Prediction
from gatbert.predictor.frames import Frame, values, with_predictions
from tests.predictor.frame import DataFrame


def test_columns_have_their_own_name_or_the_one_that_is_given() -> None:
    frame = DataFrame({"text": ["a"], "topic": ["t"]})
    assert list(values(frame, "text", {})) == ["a"]
    assert list(values(frame, "target", {"target": "topic"})) == ["t"]
    with pytest.raises(UserError, match=r"no column 'target' for target; its columns are text, topic; say which"):
        values(frame, "target", {})


def test_predictions_become_columns_and_the_frame_stays_as_it_is() -> None:
    frame = DataFrame({"text": ["a", "b"], "predicted": ["old", "old"]})
    some = [Prediction("x", {"x": 0.75, "y y": 0.25}), Prediction(None, {"x": 0.5, "y y": 0.5})]
    found = with_predictions(frame, some, ("x", "y y"))
    assert found.values == {
        "text": ["a", "b"],
        "predicted": ["x", None],
        "prob_x": [0.75, 0.5],
        "prob_y y": [0.25, 0.5],
    }
    assert frame.values["predicted"] == ["old", "old"]


def test_lists_strings_and_iterators_are_no_frames() -> None:
    assert isinstance(DataFrame({}), Frame)
    assert not any(isinstance(other, Frame) for other in (["a"], "a", iter(["a"]), {"text": ["a"]}))
