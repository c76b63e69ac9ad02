"""Run folders are found, read, grouped by all but their seed, and compared on the same samples only."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gatbert.errors import UserError
from gatbert.evaluation.grouping import differing_settings, group_runs, with_shared_flags
from gatbert.evaluation.runs import find_runs, read_run
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


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"step,train_loss\n9,x\n", r"metrics\.csv:2 is damaged: could not convert string to float: 'x'; remove"),
        (b"step,train_loss\n9,1\nx,2\n", r"metrics\.csv:3 is damaged: invalid literal for int\(\) with base 10: 'x'"),
        (b"step,train_loss\n9,1,2,3\n", r"metrics\.csv:2 is damaged: it has more fields than the first line"),
        (b"train_loss\n1.0\n", r"metrics\.csv:2 is damaged: it has no step"),
        (b"train_loss,step\n1.0\n", r"metrics\.csv:2 is damaged: it has no step"),
        (b"step,train_loss\n-1,1\n", r"metrics\.csv:2 is damaged: step -1 is none"),
        (b"step,train_loss\n" + b"9" * 5000 + b",1\n", r"metrics\.csv:2 is damaged"),
        (b"step,train_loss\n9," + b"9" * 140_000 + b"\n", r"metrics\.csv:\d is damaged: field larger than"),
        (b"step,train_loss\n9,\xb3\n", r"metrics\.csv:\d is damaged: .* can't decode byte 0xb3"),
    ],
)
def test_damaged_metrics_are_named(tmp_path: Path, content: bytes, words: str) -> None:
    folder = write_run(tmp_path / "run")
    (folder / "metrics.csv").write_bytes(content)
    with pytest.raises(UserError, match=words):
        read_run(folder, "test")


def test_a_record_that_says_little_is_enough(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run")
    (folder / "run.json").write_text('{"data": null, "peak_memory_mib": null}')
    record = read_run(folder, "test").record
    assert (record.status, record.elapsed_s, record.manifest("test")) == ("unknown", None, None)


@pytest.mark.parametrize(
    ("file", "content", "words"),
    [
        ("run.json", "{", r"run\.json cannot be read"),
        ("run.json", "[" * 200_000, r"run\.json cannot be read: it is nested too deeply"),
        ("run.json", "[1]", r"run\.json holds no JSON object"),
        ("run.json", '{"elapsed_s": "long"}', r"elapsed_s is 'long'; accepted is a number of at least 0"),
        ("run.json", '{"train_s": true}', "train_s is 'True'"),
        ("run.json", '{"train_samples": -1}', "train_samples is '-1'"),
        ("run.json", '{"peak_memory_mib": NaN}', "peak_memory_mib is 'nan'"),
        ("run.json", '{"train_s": 1' + 400 * "0" + "}", "train_s is '10000"),
        ("run.json", '{"git_commit": {}}', "git_commit is '{}'; accepted is text"),
        ("run.json", '{"data": {"splits": {"test": {"num_samples": "x"}}}}', "num_samples is 'x'"),
        ("config.yaml", "", r"config\.yaml holds no settings"),
        ("config.yaml", "- a", r"config\.yaml holds no settings"),
        ("config.yaml", "a: &a [*a]", r"config\.yaml is no YAML file that can be read"),
        ("config.yaml", "{a: " * 5_000, r"config\.yaml is no YAML file that can be read"),
    ],
)
def test_damaged_records_are_named(tmp_path: Path, file: str, content: str, words: str) -> None:
    folder = write_run(tmp_path / "a")
    (folder / file).write_text(content)
    with pytest.raises(UserError, match=words):
        read_run(folder, "test")


def test_settings_of_any_kind_make_groups(tmp_path: Path) -> None:
    config = "classifier: Text\nm: [{2020-01-01: x, 1: y}]\nn: !!binary aGk=\no: &o {p: 1}\nq: *o\n"
    runs = []
    for name in "ab":
        folder = write_run(tmp_path / name)
        (folder / "config.yaml").write_text(f'{config}r: "{name} \\e[31m"\n')
        runs.append(read_run(folder, "test"))
    assert runs[0].settings["q.p"] == 1
    assert list(group_runs(runs)) == ["Text r=a [31m", "Text r=b [31m"]
