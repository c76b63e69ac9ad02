"""Run folders are found, read, grouped by all but their seed, and compared on the same samples only."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gatbert.errors import UserError
from gatbert.evaluation.runs import (
    differing_settings,
    find_runs,
    group_runs,
    read_run,
    same_samples,
    with_shared_flags,
)
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


def test_one_folder_is_one_run_however_it_is_named(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "lr[1]" / "s0")
    (tmp_path / "link").symlink_to(folder)
    runs, _ = find_runs([str(folder), str(folder.parent), str(tmp_path / "link"), str(tmp_path / "*")], "test")
    assert runs == [folder]


def test_nothing_found_is_said(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="there is no run in nowhere"):
        find_runs(["nowhere"], "test")
    with pytest.raises(UserError, match="there is no run in"):
        find_runs([str(tmp_path)], "test")


def test_files_that_a_shell_finds_beside_runs_are_passed_over(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run")
    (tmp_path / "a.json").touch()
    assert find_runs([str(tmp_path / "a.json"), str(run)], "test") == ([run], [])
    with pytest.raises(UserError, match=r"there is no run in .*a\.json"):
        find_runs([str(tmp_path / "a.json")] * 2, "test")


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


def write_tested(folder: Path, checkpoint: Path) -> Path:
    """Write what ``gatbert test`` leaves: no training, and the defaults of all that the checkpoint decides."""
    write_run(folder, settings={"ckpt_path": str(checkpoint), "model": {"learning_rate": 5e-5}})
    (folder / "run.json").write_text(json.dumps({"status": "finished"}))
    return folder


def test_a_tested_checkpoint_is_a_run_of_its_training(tmp_path: Path) -> None:
    trained = [
        write_run(tmp_path / f"t{seed}", seed, settings={"model": {"learning_rate": 1e-3}, "data": {"init_args": data}})
        for seed, data in enumerate([{"train": ["a.csv"], "test": ["a.csv"]}] * 2)
    ]
    folders = [write_tested(tmp_path / f"b{i}", run / "checkpoints" / "last.ckpt") for i, run in enumerate(trained)]
    gone = [
        write_tested(tmp_path / name, tmp_path / f"lost-{name}" / "checkpoints" / "last.ckpt")
        for name in ("gone1", "gone2")
    ]
    runs = [read_run(folder, "test") for folder in [*folders, *gone]]
    assert [run.seed for run in runs] == [0, 1, None, None]
    assert runs[0].settings["data.init_args.train"] == ["a.csv"]
    assert runs[0].settings["model.learning_rate"] == 1e-3
    assert [len(group) for group in group_runs(runs).values()] == [2, 1, 1]


def test_flags_are_those_in_which_all_runs_that_have_them_agree(tmp_path: Path) -> None:
    runs = [read_run(write_run(tmp_path / name), "test") for name in "abc"]
    own = runs[0].predictions
    index = np.arange(len(own))
    with_flags = [
        {"seen": np.where(index < 9, "yes", "no")},
        {"seen": np.where(index < 8, "yes", "no"), "irony": own.flags["irony"]},
        {"domain": np.where(index < 7, "yes", "no")},
    ]
    runs = [replace(run, predictions=replace(own, flags=flags)) for run, flags in zip(runs, with_flags, strict=True)]
    shared, notes = with_shared_flags(runs)
    assert all(list(run.predictions.flags) == ["irony", "domain"] for run in shared)
    assert notes == ["The flag seen differs between runs and is left out."]


def test_a_diverged_run_has_curves_as_far_as_they_go(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run")
    (folder / "metrics.csv").write_text("epoch,step,train_loss\n0,9,1.0\n1,19,nan\n")
    assert read_run(folder, "test").curves == {"train_loss": [(9, 1.0)]}


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
