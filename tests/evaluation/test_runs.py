"""Run folders are found, read, grouped by all but their seed, and compared on the same samples only."""

import json
from pathlib import Path

import pytest

from gatbert.errors import UserError
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
