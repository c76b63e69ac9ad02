"""What a run measured is that of its own predictions, and only of the checkpoint that made them."""

import json
from pathlib import Path

import pytest
from sklearn.metrics import accuracy_score, f1_score

from gatbert.errors import UserError
from gatbert.exports.measured import read_ablation, read_measured
from gatbert.exports.source import find_source
from gatbert.pretrained.checkpoints import Recipe
from tests.command_line import rows_of


def test_scores_are_those_of_the_predictions(run_folder: Path) -> None:
    found = read_measured(find_source(run_folder))
    assert found is not None
    rows = rows_of(run_folder / "predictions.test.csv")
    gold, predicted = ([row[name] for row in rows] for name in ("gold", "predicted"))
    assert (found.split, found.num_samples) == ("test", len(rows))
    assert found.scores["accuracy"].mean == pytest.approx(accuracy_score(gold, predicted))
    assert found.scores["macro_f1"].mean == pytest.approx(f1_score(gold, predicted, average="macro"))
    for score in found.scores.values():
        assert score.low <= score.mean <= score.high
    assert found.ece is not None
    assert found.ece_before not in (None, found.ece)  # the run fitted a temperature


def test_another_checkpoint_has_none_of_them(run_folder: Path) -> None:
    assert read_measured(find_source(run_folder / "checkpoints" / "last.ckpt")) is None


def test_an_ablation_of_another_model_is_refused(run_folder: Path, tmp_path: Path) -> None:
    source = find_source(run_folder)
    recipe = Recipe.read(source.checkpoint)
    values = {"checkpoint": "x/other.ckpt", "classifier": recipe.classifier, "split": "test", "files": {"a.csv": "0"}}
    (tmp_path / "ablation.json").write_text(json.dumps(values))
    with pytest.raises(UserError, match=r"other\.ckpt, and .* is exported"):
        read_ablation(tmp_path, recipe, source.checkpoint)
    (tmp_path / "ablation.json").write_text(json.dumps({**values, "checkpoint": f"x/{source.checkpoint.name}"}))
    with pytest.raises(UserError, match=r"ablation\.json is damaged: 'score' is missing"):
        read_ablation(tmp_path, recipe, source.checkpoint)
