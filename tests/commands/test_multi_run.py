"""gatbert multi_run: grids of real tiny runs, through the real command line."""

import json
import os
import signal
import stat
import threading
from functools import partial
from pathlib import Path

import pytest

from gatbert.commands import multi_run
from gatbert.grid.claims import Claim
from gatbert.grid.plan import CLASSIFIERS
from gatbert.grid.record import Grid as Recorded
from gatbert.grid.work import Work
from tests.command_line import CONFIGS, CommandLine, training_arguments
from tests.grid.training import EPOCHS as TRAINED
from tests.grid.worker import command

BASE = str(CONFIGS / "base.yaml")


@pytest.fixture
def arguments(encoder: str, data: Path, tmp_path: Path) -> list[str]:
    """Arguments of all runs."""
    return [*training_arguments(encoder, tmp_path)[:-4], "--data", str(data)]


def statuses(output: Path) -> dict[str, str]:
    """Return how each attempt ended, by its folder."""
    return {
        str(path.parent.relative_to(output)): json.loads(path.read_text())["status"]
        for path in output.rglob("run.json")
    }


@pytest.mark.slow
def test_task_of_an_array_trains_one_run(
    arguments: list[str], tmp_path: Path, command_line: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    unchecked(monkeypatch)
    stand_in(tmp_path / "sbatch", 'printf "%s\\n" "$@" >"$0.log"; echo Submitted batch job 4711')
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.chdir(CONFIGS.parent)
    output = tmp_path / "out"
    words = ["--output", output, "--seeds", "1,2", "--slurm", "true", "--sbatch", "--account='my group' --time=4:00:00"]
    assert "Submitted 2 runs as job 4711" in command_line("multi_run", *words, "--", *arguments)
    sent = (tmp_path / "sbatch.log").read_text().splitlines()
    assert sent == ["--array=1-2", "--account=my group", "--time=4:00:00", "slurm/array.sh", str(output)]
    monkeypatch.chdir(tmp_path)
    printed = command_line("multi_run", "--output", output, "--task", "2")
    assert "[1/1] default seed 2: finished" in printed
    assert statuses(output) == {"default/seed2": "finished"}
    assert "was finished before" in command_line("multi_run", "--output", output, "--task", "2")
    assert "runs 1 to 2, and no run 3" in command_line.refused("multi_run", "--output", output, "--task", "3")
    monkeypatch.chdir(CONFIGS.parent)
    command_line("multi_run", *words, "--", *arguments)
    assert (tmp_path / "sbatch.log").read_text().startswith("--array=1\n")
    (tmp_path / "tiny_data.yaml").write_text("{}")
    assert "tiny_data.yaml has been changed" in command_line.refused("multi_run", "--output", output, "--task", "1")


def unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spare the process that resolves the configurations; it finds them all different."""
    monkeypatch.setattr(multi_run, "resolved_configs", lambda lines: [str(line) for line in lines])


def stand_in(path: Path, body: str) -> None:
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


@pytest.fixture
def fast(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Replace training by its stand-in; the journal of its epochs."""
    unchecked(monkeypatch)
    monkeypatch.setattr(multi_run, "Work", partial(Work, command=command(tmp_path / "journal")))
    return tmp_path / "journal"


def test_grid_grows_and_trains_nothing_twice(fast: Path, tmp_path: Path, command_line: CommandLine) -> None:
    words = ["--output", tmp_path / "out", "--classifier", "Text"]
    command_line("multi_run", *words, "--seeds", "1", "--", "x", "y")
    printed = command_line("multi_run", *words, "--seeds", "1,2", "--", "x", "y")
    assert "[1/2] text seed 1: was finished before" in printed
    assert "[2/2] text seed 2: finished in 0:00:0" in printed
    assert "0.5000" in printed
    lines = fast.read_text().splitlines()
    assert len(lines) == len(set(lines)) == 2 * TRAINED
    assert [run.seed for run in read_grid(tmp_path).runs] == [1, 2]


def test_failed_run_makes_the_command_fail(fast: Path, tmp_path: Path, command_line: CommandLine) -> None:
    words = ["--output", tmp_path / "out", "--classifier", "Text,Hybrid", "--verbose", "true"]
    status, printed, error = command_line.status("multi_run", *words, "--", "fail", CLASSIFIERS["Text"])
    assert status == 2
    assert "[1/2] text: failed after" in printed
    assert "gatbert: error: this classifier fails\n" in printed
    assert "[2/2] hybrid: finished" in printed
    assert "1 of 2 runs failed: text/default; see" in error
    status, printed, _ = command_line.status(
        "multi_run", *words, "--stop_on_failure", "true", "--", "fail", CLASSIFIERS["Text"]
    )
    assert status == 2
    assert "[2/2]" not in printed


@pytest.mark.parametrize(("kind", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_signal_ends_the_grid_with_its_own_status(
    fast: Path, tmp_path: Path, command_line: CommandLine, monkeypatch: pytest.MonkeyPatch, kind: int, status: int
) -> None:
    monkeypatch.setattr(multi_run, "Work", partial(Work, command=command(fast, 0.3)))
    words = ["--output", tmp_path / "out", "--classifier", "Text", "--seeds", "1,2"]
    waiting = threading.Timer(0.8, os.kill, (os.getpid(), kind))
    waiting.start()
    found, printed, error = command_line.status("multi_run", *words, "--", "x", "y")
    assert found == status
    assert "[1/2] text seed 1: interrupted" in printed
    assert "the same command goes on with what is left" in error
    assert statuses(tmp_path / "out") == {"text/seed1": "interrupted"}


def test_run_of_another_is_left_to_it_by_name(fast: Path, tmp_path: Path, command_line: CommandLine) -> None:
    claim = Claim(tmp_path / "out" / "text" / "seed1", tmp_path / "lock")
    words = ["--output", tmp_path / "out", "--classifier", "Text", "--seeds"]
    command_line("multi_run", *words, "2", "--", "x", "y")
    assert claim.take() is None
    printed = command_line("multi_run", *words, "1,2", "--", "x", "y")
    assert f"[1/2] text seed 1: left to process {os.getpid()} on " in printed
    assert not (tmp_path / "out" / "text" / "seed1").exists()


def test_folds_are_runs_of_their_own_and_go_on(fast: Path, tmp_path: Path, command_line: CommandLine) -> None:
    words = ["--output", tmp_path / "out", "--classifier", "Text", "--seeds"]
    command_line("multi_run", *words, "1", "--folds", "2", "--", "x", "y")
    printed = command_line("multi_run", *words, "1,2", "--folds", "2", "--", "x", "y")
    assert "[2/4] text seed 1 fold 1: was finished before" in printed
    assert "[3/4] text seed 2 fold 0: finished" in printed
    assert [(run.seed, run.folds, run.fold) for run in read_grid(tmp_path).runs] == [
        (seed, 2, fold) for seed in (1, 2) for fold in (0, 1)
    ]
    assert len(fast.read_text().splitlines()) == 4 * TRAINED
    assert (tmp_path / "out" / "logs" / "text-seed2-fold1.log").exists()
    refused = command_line.refused("multi_run", *words, "1", "--folds", "3", "--", "x", "y")
    assert "text/seed1-fold0 has" in refused


@pytest.mark.parametrize("flag", ["--data.fold", "--data.folds=4", "--data.init_args.fold"])
def test_a_fold_among_the_arguments_of_a_grid_of_folds_is_refused(
    fast: Path, tmp_path: Path, command_line: CommandLine, flag: str
) -> None:
    words = ["--output", tmp_path / "out", "--folds", "2"]
    assert "cannot stand after the --: --folds before the --" in command_line.refused(
        "multi_run", *words, "--", flag, "1"
    )


def read_grid(tmp_path: Path) -> Recorded:
    grid = Recorded.read(tmp_path / "out")
    assert grid is not None
    return grid


def test_dry_run_prints_the_commands_and_writes_nothing(
    arguments: list[str], tmp_path: Path, command_line: CommandLine
) -> None:
    (tmp_path / "a.yaml").write_text("model: {head_dropout: 0.3}\n")
    words = ["--output", tmp_path / "out", "--seeds", "1,2", "--set", f"plain=,more={tmp_path / 'a.yaml'}"]
    printed = command_line("multi_run", *words, "--dry_run", "true", "--", *arguments)
    assert len(printed.splitlines()) == 4
    assert all(" -m gatbert.fit_and_test -c " in line for line in printed.splitlines())
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--seeds", "1,1", "--", "-c", BASE], "has 1 twice"),
        (["--classifier", "Txt", "--", "-c", BASE], "no classifier 'Txt'"),
        (["--set", "a=nowhere.yaml", "--", "-c", BASE], "there is no file nowhere.yaml"),
        (["--seeds", "1", "-c", BASE], "give those of fit_and_test after --"),
        (["--seeds", "1", "--"], "give those of fit_and_test after --"),
        (["--seeds", "1", "--", "--seed_everything", "3"], "--seed_everything cannot stand after the --"),
        (["--sed", "1", "--", "-c", BASE], "no argument --sed"),
        (["--task", "1"], "holds no grid"),
    ],
)
def test_mistakes_are_one_sentence(tmp_path: Path, command_line: CommandLine, words: list[str], message: str) -> None:
    assert message in command_line.refused("multi_run", "--output", tmp_path / "out", *words)
    assert not (tmp_path / "out").exists()


def test_output_that_is_a_file_is_refused(tmp_path: Path, command_line: CommandLine) -> None:
    (tmp_path / "out").touch()
    for output in ("out", "out/below"):
        refused = command_line.refused("multi_run", "--output", tmp_path / output, "--", "--x", "y")
        assert f"as {tmp_path / 'out'} is none; give another output" in refused


@pytest.mark.slow
def test_configurations_are_checked_before_the_first_run(
    arguments: list[str], tmp_path: Path, command_line: CommandLine
) -> None:
    (tmp_path / "typo.yaml").write_text("model: {dropout: 0.3}\n")
    words = ["--output", tmp_path / "out", "--seeds", "1,2", "--set", f"plain=,typo={tmp_path / 'typo.yaml'}"]
    refused = command_line.refused("multi_run", *words, "--classifier", "Text", "--", *arguments)
    assert "text-typo: " in refused
    assert "dropout" in refused
    assert not (tmp_path / "out").exists()


def test_configurations_that_come_to_the_same_are_refused(
    arguments: list[str], tmp_path: Path, command_line: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(multi_run, "resolved_configs", lambda lines: ["seed_everything: 0"] * len(lines))
    words = ["--output", tmp_path / "out", "--set", "plain=,same="]
    assert "plain and same are the same" in command_line.refused("multi_run", *words, "--", *arguments)
    assert not (tmp_path / "out").exists()


def test_without_sbatch_the_command_is_told(
    arguments: list[str], tmp_path: Path, command_line: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    unchecked(monkeypatch)
    monkeypatch.chdir(CONFIGS.parent)
    monkeypatch.setenv("PATH", str(tmp_path))
    words = ["--output", tmp_path / "out", "--seeds", "1,2", "--slurm", "true"]
    told = command_line.refused("multi_run", *words, "--", *arguments)
    assert "there is no sbatch on this machine; type on the cluster: sbatch --array=1-2 slurm/array.sh" in told
    monkeypatch.chdir(tmp_path)
    assert "in the checkout of gatbert" in command_line.refused("multi_run", *words, "--", *arguments)
