"""Step by step: the stance first, then why; rows with their progress, then the file; and a sentence for what fails."""

import logging
from pathlib import Path
from typing import Any

import pytest

from gatbert.app.answering import DEFECT, ROWS_AT_ONCE, answer_file, answer_text
from gatbert.app.limits import Limits
from gatbert.app.shown_model import ShownModel
from gatbert.errors import UserError
from tests.app.made import shown_model
from tests.command_line import rows_of
from tests.tiny import WORDS

LIMITS = Limits()


@pytest.fixture
def model(encoder: str) -> ShownModel:
    return shown_model(encoder)


def raising(error: Exception) -> Any:
    def raised(*_: object, **__: object) -> Any:
        raise error

    return raised


def test_two_models_answer_side_by_side(model: ShownModel) -> None:
    steps = list(answer_text({"one": model, "other": model}, "good bad", "zoo", LIMITS))
    explained = [["What each word" in html for html in step] for step in steps]
    assert explained == [[False, False, False], [False, True, False], [False, True, True]]
    assert [step[0] == "" and "one" in step[1] and "other" in step[2] for step in steps] == [True] * 3


def test_a_wrong_input_is_said_once(model: ShownModel) -> None:
    ((said, *nothing),) = answer_text({"one": model, "other": model}, " ", "zoo", LIMITS)
    assert "The text is empty" in said
    assert nothing == ["", ""]


def test_what_fails_in_one_model_is_said_in_its_place(
    encoder: str, model: ShownModel, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken = shown_model(encoder)
    monkeypatch.setattr(broken.predictor, "predict", raising(RuntimeError("secret /path")))
    with caplog.at_level(logging.ERROR):
        *_, (_, said, shown) = answer_text({"broken": broken, "whole": model}, "good", "zoo", LIMITS)
    assert DEFECT in said
    assert "secret" not in said
    assert "secret /path" in caplog.text
    assert "What each word" in shown


def test_without_an_explanation_the_answer_stays(model: ShownModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model.predictor, "explain_sample", raising(UserError("there is none")))
    *_, (_, shown) = answer_text({"one": model}, "good", "zoo", LIMITS)
    assert "there is none" in shown
    assert "gatbert-bars" in shown


def test_every_row_is_answered_once_and_in_its_order(model: ShownModel, tmp_path: Path) -> None:
    path, out = tmp_path / "posts.csv", tmp_path / "out"
    out.mkdir()
    texts = [f"{WORDS[index % 40]} {WORDS[index % 7]}" for index in range(2 * ROWS_AT_ONCE + 3)]
    path.write_text("text,target\n" + "".join(f"{text},zoo\n" for text in texts))
    *steps, last = answer_file(model, str(path), LIMITS, out)
    assert [f"{done} of {len(texts)} rows" in step.html for done, step in zip((0, 64, 128), steps, strict=True)] == [
        True
    ] * 3
    assert last.path is not None
    rows = rows_of(last.path)
    assert [row["text"] for row in rows] == texts
    for row, alone in zip(rows[:5], (model.predict([text], ["zoo"])[0] for text in texts[:5]), strict=True):
        assert float(row["prob_favor"]) == pytest.approx(alone["favor"], abs=1e-5)
        assert row["predicted"] == max(alone, key=lambda stance: alone[stance])


@pytest.mark.parametrize(
    ("rows", "words"), [(None, "There is no file yet"), ("text\ngood\n", "posts.csv has no column target")]
)
def test_a_wrong_file_gets_a_sentence(model: ShownModel, tmp_path: Path, rows: str | None, words: str) -> None:
    path = tmp_path / "posts.csv"
    if rows is not None:
        path.write_text(rows)
    ((html, result),) = answer_file(model, None if rows is None else str(path), LIMITS, tmp_path)
    assert words in html
    assert result is None
