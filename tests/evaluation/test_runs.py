"""Run folders are found, read, grouped by all but their seed, and compared on the same samples only."""

import json
from pathlib import Path

import numpy as np
import pytest

from gatbert.errors import UserError
from gatbert.evaluation.runs import differing_settings, find_runs, group_runs, read_run, same_samples
from tests.evaluation.folders import write_run


def test_folders_globs_and_folders_of_runs_are_found_once(tmp_path: Path) -> None:
    runs = [write_run(tmp_path / "text" / f"seed{seed}", seed) for seed in (1, 2)]
    write_run(tmp_path / "text" / ".seed1.interrupted-1", 1)
    assert find_runs([str(tmp_path)], "test") == (runs, [])
    assert find_runs([str(tmp_path / "text" / "seed*"), str(runs[0])], "test") == (runs, [])


def test_runs_without_predictions_are_left_out_and_named(tmp_path: Path) -> None:
    whole, half = write_run(tmp_path / "whole"), write_run(tmp_path / "half")
    (half / "predictions.test.csv").unlink()
    (half / "run.json").write_text(json.dumps({"status": "interrupted"}))
    runs, notes = find_runs([str(tmp_path)], "test")
    assert runs == [whole]
    assert notes == [f"{half} has no predictions.test.csv (status: interrupted) and is left out."]
    with pytest.raises(UserError, match=r"half has no predictions.test.csv \(status: interrupted\); fit_and_test"):
        find_runs([str(half)], "test")


def test_nothing_found_is_said(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="there is no run in nowhere"):
        find_runs(["nowhere"], "test")
    with pytest.raises(UserError, match="there is no run in"):
        find_runs([str(tmp_path)], "test")


def test_groups_differ_by_more_than_their_seed(tmp_path: Path) -> None:
    settings = [{"model": {"learning_rate": rate}} for rate in (1e-4, 1e-4, 2e-4)]
    folders = [write_run(tmp_path / f"r{i}", i, settings=values) for i, values in enumerate(settings)]
    groups = group_runs([read_run(folder, "test") for folder in folders])
    assert {name: [run.seed for run in runs] for name, runs in groups.items()} == {
        "TextClassifier learning_rate=0.0001": [0, 1],
        "TextClassifier learning_rate=0.0002": [2],
    }
    assert differing_settings(groups) == {
        "TextClassifier learning_rate=0.0001": {"model.learning_rate": 1e-4},
        "TextClassifier learning_rate=0.0002": {"model.learning_rate": 2e-4},
    }


def test_groups_of_different_classifiers_have_their_names(tmp_path: Path) -> None:
    other = {"classifier": "my_package.MineClassifier", "model": {"learning_rate": 1.0}}
    folders = [write_run(tmp_path / "a"), write_run(tmp_path / "b", settings=other)]
    assert list(group_runs([read_run(folder, "test") for folder in folders])) == ["TextClassifier", "MineClassifier"]


def test_samples_are_brought_into_one_order(tmp_path: Path) -> None:
    runs = [read_run(write_run(tmp_path / name, seed), "test") for seed, name in enumerate("ab")]
    path = tmp_path / "b" / "predictions.test.csv"
    header, *rows = path.read_text().splitlines()
    path.write_text("\n".join([header, *reversed(rows)]) + "\n")
    first, second = same_samples([runs[0], read_run(tmp_path / "b", "test")])
    assert second.predictions.ids.tolist() == first.predictions.ids.tolist()
    np.testing.assert_array_equal(second.predictions.predicted, runs[1].predictions.predicted)


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"num_samples": 50}, r"tested on different samples \(50 and 60, 50 of them the same\)"),
        ({"gold_seed": 1}, "other gold stances for the same samples"),
    ],
)
def test_other_test_sets_are_refused(tmp_path: Path, other: dict[str, int], words: str) -> None:
    runs = [read_run(write_run(tmp_path / "a"), "test"), read_run(write_run(tmp_path / "b", 1, **other), "test")]
    with pytest.raises(UserError, match=words):
        same_samples(runs)


def test_damaged_records_are_named(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "a")
    (folder / "run.json").write_text("{")
    with pytest.raises(UserError, match=r"damaged config.yaml or run.json"):
        read_run(folder, "test")
