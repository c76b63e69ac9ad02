"""Runs are grouped by all but their seed, and named by what differs."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from gatbert.evaluation.grouping import differing_settings, group_runs, with_shared_flags
from gatbert.evaluation.runs import read_run
from tests.evaluation.folders import write_run, write_tested


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


def test_settings_of_any_kind_make_groups(tmp_path: Path) -> None:
    config = "classifier: Text\nm: [{2020-01-01: x, 1: y}]\nn: !!binary aGk=\no: &o {p: 1}\nq: *o\n"
    runs = []
    for name in "ab":
        folder = write_run(tmp_path / name)
        (folder / "config.yaml").write_text(f'{config}r: "{name} \\e[31m"\n')
        runs.append(read_run(folder, "test"))
    assert runs[0].settings["q.p"] == 1
    assert list(group_runs(runs)) == ["Text r=a [31m", "Text r=b [31m"]
