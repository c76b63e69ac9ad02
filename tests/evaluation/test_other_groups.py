"""Groups beside those of runs, and the test sets to which they belong."""

from pathlib import Path

import numpy as np
import pytest

from gatbert.errors import UserError
from gatbert.evaluation.other_groups import placed, prediction_groups
from gatbert.evaluation.other_predictions import PredictionFile, PredictionReading
from gatbert.evaluation.predictions import Predictions
from gatbert.evaluation.report import build_report
from tests.evaluation.made import groups, made_predictions

SMALL = made_predictions(np.random.default_rng(0), 30, 0.5)
LARGE = made_predictions(np.random.default_rng(0), 60, 0.5)


def file(name: str, test: Predictions, last: int | None = None) -> PredictionFile:
    rows = [(2, {"id": one, "predicted": test.stances[gold]}) for one, gold in zip(test.ids, test.gold, strict=True)]
    return PredictionFile(name, Path(f"{name}.csv"), rows[:last])


def test_a_file_belongs_to_the_test_set_whose_samples_it_has() -> None:
    tests = [(one, [None] * len(one)) for one in (SMALL, LARGE)]
    small, large = file("a", SMALL), file("b", LARGE)
    found = placed([large, small], tests)
    assert [[one for one, _ in own] for own in found] == [[small], [large]]
    with pytest.raises(UserError, match=r"c\.csv lacks 10 of the 60 samples"):
        placed([file("c", LARGE, 50)], tests)


def test_files_of_one_name_are_seeds_of_one_group() -> None:
    (of_runs,) = groups([0.5], 60)
    test = of_runs.predictions[0]
    files = [(file(name, test), np.arange(60)) for name in ("GPT", "GPT", "Other")]
    found, notes = prediction_groups(files, test, PredictionReading(), [of_runs.name])
    assert [(group.name, len(group.runs), group.baseline) for group in found] == [
        ("GPT", 2, False),
        ("Other", 1, False),
    ]
    assert notes == []
    report = build_report([of_runs, *found], "test", "accuracy", [])
    gpt = report.groups[1]
    assert gpt.scores["accuracy"].mean == 1
    assert [run.scores["accuracy"] for run in gpt.runs] == [1, 1]
    assert gpt.settings == {}
    assert gpt.calibration is None
    assert {(row.first, row.second) for row in report.comparisons} == {
        (of_runs.name, "GPT"),
        (of_runs.name, "Other"),
        ("GPT", "Other"),
    }
    assert not [note for note in report.notes if "the same seed" in note]


def test_a_name_that_is_taken_is_refused() -> None:
    with pytest.raises(UserError, match="Text is a group of runs; give another name"):
        prediction_groups([(file("Text", SMALL), np.arange(30))], SMALL, PredictionReading(), ["Text"])
