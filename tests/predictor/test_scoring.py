"""Scores on a corpus are those of ``gatbert test``; a corpus that does not fit is refused."""

from pathlib import Path
from typing import Any

import pytest

import gatbert
from gatbert.errors import UserError
from gatbert.predictor import StancePredictor
from gatbert.predictor.scoring import scores
from tests.command_line import last_scores
from tests.tiny import corpus_rows, write_corpus


@pytest.fixture
def model(run_folder: Path) -> StancePredictor:
    """A trained classifier."""
    return gatbert.load(run_folder)


def test_a_data_file_gives_the_scores_of_the_test(run_folder: Path, model: StancePredictor) -> None:
    expected = last_scores(run_folder, "test")
    found = model.evaluate(run_folder.parents[2] / "tiny_data.yaml")
    assert {f"test_{name}": score for name, score in found.items()} == pytest.approx(
        {name: score for name, score in expected.items() if name != "test_loss"}, abs=1e-6
    )


def test_a_file_is_read_as_it_is_said_to_be(model: StancePredictor, tmp_path: Path) -> None:
    rows = [{"post": row["text"], "target": row["target"], "stance": row["stance"][0]} for row in corpus_rows(30)]
    reading: dict[str, Any] = {"columns": {"text": "post"}, "labels": {"a": "against", "f": "favor", "n": "neutral"}}
    found = model.evaluate(write_corpus(tmp_path / "posts.csv", rows), **reading)
    posts = [row["text"] for row in corpus_rows(30)]
    predicted = model.predict(posts, [row["target"] for row in corpus_rows(30)])
    right = [one.stance == row["stance"] for one, row in zip(predicted, corpus_rows(30), strict=True)]
    assert found["accuracy"] == pytest.approx(sum(right) / 30)


def test_scores_are_those_of_the_confusion() -> None:
    pairs = [("a", "a"), ("a", "b"), ("b", "b"), ("b", "b")]
    assert scores(pairs, ("a", "b"))["macro_f1"] == pytest.approx((2 / 3 + 4 / 5) / 2)


def test_what_does_not_fit_is_refused(model: StancePredictor, tmp_path: Path) -> None:
    rows = corpus_rows(3)
    path = write_corpus(tmp_path / "posts.csv", [{**row, "stance": ""} for row in rows])
    with pytest.raises(UserError, match="has no samples with a gold stance"):
        model.evaluate(path)
    with pytest.raises(UserError, match="evaluate takes no colums; accepted are corpus_type, columns"):
        model.evaluate(path, colums={})
    with pytest.raises(UserError, match=r"posts\.xlsx: its ending tells no format"):
        model.evaluate(tmp_path / "posts.xlsx")
    (tmp_path / "data.yaml").write_text("test: posts.csv\n")
    with pytest.raises(UserError, match="split 'dev' is not accepted; accepted are train, val, test"):
        model.evaluate(tmp_path / "data.yaml", split="dev")
