"""The table of scores names each stance, and what each number is."""

from types import SimpleNamespace
from typing import Any

import pytest

from gatbert.callbacks import ScoreTable
from gatbert.evaluation.scores import metric_names
from gatbert.samples.stances import STANCES

MODULE: Any = SimpleNamespace(stances=STANCES)


def trainer(command: str, stage: str, first: bool = True) -> Any:
    """Return what the callback asks of a trainer; each score has a value of its own."""
    names = ["loss", *metric_names(STANCES)]
    scores = {f"{stage}_{name}": (number + 1) / 100 for number, name in enumerate(names)}
    return SimpleNamespace(state=SimpleNamespace(fn=command), is_global_zero=first, callback_metrics=scores)


def test_every_score_stands_in_the_table_once(capsys: pytest.CaptureFixture[str]) -> None:
    made = trainer("test", "test")
    ScoreTable().on_test_end(made, MODULE)
    shown = capsys.readouterr().out
    for name, value in made.callback_metrics.items():
        assert shown.count(f"{value:.4f}") == 1, name
    assert all(stance in shown for stance in STANCES)


def test_validations_of_a_training_and_other_processes_are_silent(capsys: pytest.CaptureFixture[str]) -> None:
    ScoreTable().on_validation_end(trainer("fit", "val"), MODULE)
    ScoreTable().on_test_end(trainer("test", "test", first=False), MODULE)
    assert capsys.readouterr().out == ""
    ScoreTable().on_validation_end(trainer("validate", "val"), MODULE)
    assert "val scores" in capsys.readouterr().out
