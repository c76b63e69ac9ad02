"""A grid of real tiny runs, killed and started again."""

import csv
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gatbert.evaluation.grouping import group_runs
from gatbert.evaluation.runs import read_run
from gatbert.grid.folders import archive_attempt, prepare_resume, read_finished
from gatbert.grid.plan import CLASSIFIERS, GridRun
from tests.command_line import CommandLine, package_environment, training_arguments, write_data
from tests.commands.test_multi_run import statuses
from tests.tiny import corpus_rows, write_corpus

BAG = "tests.classifiers.BagOfTokens"
EPOCHS = 12
RUNS = ("text/seed1", "text/seed2", "bagoftokens/seed1", "bagoftokens/seed2")


def epochs(folder: Path) -> list[int]:
    """Return the epochs that a run trained."""
    with (folder / "metrics.csv").open(newline="") as file:
        return [int(row["epoch"]) for row in csv.DictReader(file) if row.get("val_loss")]


def trainings(output: Path) -> int:
    """Return how many trainings were started."""
    return sum(path.read_text().count("$ ") for path in (output / "logs").iterdir())


class Grid:
    """A grid of two classifiers and two seeds, each start of it a process.

    Args:
        output: Its folder.
        arguments: Arguments of all runs.
    """

    def __init__(self, output: Path, arguments: list[str]) -> None:
        self.output = output
        self.words = ["--output", str(output), "--seeds", "1,2", "--classifier", f"Text,{BAG}", "--", *arguments]
        self.environment = {**package_environment(), "OMP_NUM_THREADS": "1", "TERM": "dumb"}

    def start(self) -> subprocess.Popen[str]:
        pipe, words = subprocess.PIPE, [sys.executable, "-m", "gatbert", "multi_run", *self.words]
        return subprocess.Popen(words, stdout=pipe, stderr=pipe, text=True, env=self.environment)

    def stopped_in(self, run: str, kind: signal.Signals) -> tuple[str, str]:
        """Start the grid, stop it in the middle of a run, and return what it has printed."""
        process = self.start()
        last = self.output / run / "checkpoints" / "last.ckpt"
        try:
            end = time.monotonic() + 120
            while not last.exists():
                assert process.poll() is None, process.communicate()
                assert time.monotonic() < end
                time.sleep(0.01)
            process.send_signal(kind)
            return process.communicate(timeout=60)
        finally:
            process.kill()


@pytest.mark.slow
def test_killed_twice_and_started_again_the_grid_ends_complete(
    encoder: str, tmp_path: Path, command_line: CommandLine
) -> None:
    data = write_data(tmp_path / "data.yaml", write_corpus(tmp_path / "posts.csv", corpus_rows(150)))
    longer = ["--data", str(data), "--trainer.max_epochs", str(EPOCHS), "--early_stopping.patience", str(EPOCHS)]
    arguments = [*training_arguments(encoder, tmp_path)[:-4], *longer]
    grid = Grid(tmp_path / "out", arguments)
    grid.stopped_in("text/seed2", signal.SIGKILL)
    assert statuses(grid.output) == {"text/seed1": "finished", "text/seed2": "running"}
    printed, error = grid.stopped_in("bagoftokens/seed1", signal.SIGINT)
    assert "[1/4] text seed 1: was finished before" in printed
    assert "[2/4] text seed 2: running, on from .seed2.interrupted-1/checkpoints/" in printed
    assert "[3/4] bagoftokens seed 1: interrupted" in printed
    assert error.strip().splitlines()[-1] == "gatbert: interrupted; the same command goes on with what is left"
    assert statuses(grid.output)["bagoftokens/seed1"] == "interrupted"
    command_line("multi_run", *grid.words)
    found = statuses(grid.output)
    assert {run: found.pop(run) for run in RUNS} == dict.fromkeys(RUNS, "finished")
    assert found == {"text/.seed2.interrupted-1": "running", "bagoftokens/.seed1.interrupted-1": "interrupted"}
    for name in ("text/seed2", "bagoftokens/seed1"):
        went_on = epochs(grid.output / name)
        assert went_on == list(range(went_on[0], EPOCHS))
        assert went_on[0] > 0
    assert command_line("multi_run", *grid.words).count("was finished before") == 4
    assert trainings(grid.output) == 6
    other = command_line.refused("multi_run", *grid.words, "--model.pooling", "mean")
    assert "nothing there, --model.pooling mean now" in other
    groups = group_runs([read_run(grid.output / run, "test") for run in RUNS])
    assert [[run.seed for run in runs] for runs in groups.values()] == [[1, 2], [1, 2]]


@pytest.mark.slow
def test_run_that_goes_on_chooses_among_all_its_epochs(
    common: list[str], tmp_path: Path, command_line: CommandLine
) -> None:
    """Without learning the second epoch is no better than the first, whose checkpoint therefore stays the best."""
    run = GridRun(1, CLASSIFIERS["Text"])
    still = [*common, "--model.learning_rate", "1e-30"]
    command_line("fit_and_test", *run.complete([*still, "--trainer.max_epochs", "1"], tmp_path))
    folder = tmp_path / run.name
    archive_attempt(folder)
    checkpoint = prepare_resume(folder)
    assert checkpoint is not None
    command_line("fit_and_test", *run.complete([*still, "--trainer.max_epochs", "2"], tmp_path, checkpoint))
    assert epochs(folder) == [1]
    best = json.loads((folder / "run.json").read_text())["best_checkpoint"]["path"]
    assert best.startswith("checkpoints/epoch=0-")
    assert (folder / best).is_file()
    assert read_finished(folder) is not None
