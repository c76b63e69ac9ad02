"""A grid is worked through once, whatever is killed, and however many work on it."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from gatbert.grid.claims import Claim, Owner
from gatbert.grid.folders import read_finished
from gatbert.grid.plan import CLASSIFIERS, GridRun, plan_runs
from gatbert.grid.processes import Signals
from gatbert.grid.work import Work
from tests.command_line import package_environment
from tests.grid.test_folders import made
from tests.grid.training import EPOCHS
from tests.grid.worker import Silent, command

RUNS = plan_runs("1,2", "Text,Hybrid", [])


def start(tmp_path: Path, epoch_s: float) -> subprocess.Popen[str]:
    """Work through ``RUNS`` in a process of its own."""
    words = [tmp_path / "out", tmp_path / "journal", epoch_s, "1,2", "Text,Hybrid"]
    arguments = [sys.executable, "-m", "tests.grid.worker", *map(str, words)]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, env=package_environment())


def epochs(tmp_path: Path) -> Counter[str]:
    """Return how often each epoch of each run was trained to its end."""
    journal = tmp_path / "journal"
    return Counter(journal.read_text().splitlines() if journal.exists() else [])


ALL = Counter(f"{run.name} {epoch}" for run in RUNS for epoch in range(EPOCHS))


def wait_for_lines(tmp_path: Path, count: int) -> None:
    end = time.monotonic() + 30
    while epochs(tmp_path).total() < count:
        if time.monotonic() > end:
            raise TimeoutError(count)
        time.sleep(0.01)


def work(tmp_path: Path, *arguments: str) -> Work[GridRun]:
    return Work(tmp_path / "out", arguments, Silent(), command(tmp_path / "journal"))


@pytest.mark.parametrize(
    "kind", [signal.SIGKILL, *(pytest.param(kind, marks=pytest.mark.slow) for kind in (signal.SIGINT, signal.SIGTERM))]
)
def test_killed_and_started_again_it_ends_complete_and_trains_nothing_twice(
    tmp_path: Path, kind: signal.Signals
) -> None:
    for done in (1, 5):
        worker = start(tmp_path, 0.15)
        wait_for_lines(tmp_path, done)
        worker.send_signal(kind)
        printed, _ = worker.communicate(timeout=20)
        if kind != signal.SIGKILL:
            assert "interrupted" in printed
    printed, _ = start(tmp_path, 0).communicate(timeout=30)
    assert printed.splitlines()[0] == "text/seed1 finished before"
    assert all(read_finished(tmp_path / "out" / run.name) for run in RUNS)
    # An epoch counts once its checkpoint is written, which is a moment after it stands in the journal.
    assert set(epochs(tmp_path)) == set(ALL)
    assert (epochs(tmp_path) - ALL).total() <= 2
    assert not list((tmp_path / "out").rglob("*.claim"))


def test_training_dies_with_its_parent(tmp_path: Path) -> None:
    worker = start(tmp_path, 0.15)
    wait_for_lines(tmp_path, 1)
    worker.kill()
    worker.communicate()
    time.sleep(0.1)
    before = epochs(tmp_path)
    time.sleep(0.4)
    assert epochs(tmp_path) == before


@pytest.mark.slow
def test_two_at_once_share_the_work(tmp_path: Path) -> None:
    workers = [start(tmp_path, 0.05) for _ in range(2)]
    printed = [worker.communicate(timeout=30)[0] for worker in workers]
    assert epochs(tmp_path) == ALL
    statuses = [dict(line.split(" ", 1) for line in text.splitlines()) for text in printed]
    for run in RUNS:
        assert [status[run.name] for status in statuses].count("finished") == 1
    assert all("finished" in status.values() for status in statuses)


def test_run_that_another_finished_just_before_the_claim_is_not_run_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = Claim.take

    def late(claim: Claim) -> Owner | None:
        made(tmp_path / "out" / RUNS[0].name)
        return take(claim)

    monkeypatch.setattr(Claim, "take", late)
    with Signals() as signals:
        (outcome,) = work(tmp_path).do(RUNS[:1], signals).values()
    assert outcome.status == "finished before"
    assert not epochs(tmp_path)


def test_finished_runs_are_passed_over_and_the_grid_may_grow(tmp_path: Path) -> None:
    with Signals() as signals:
        first = work(tmp_path).do(RUNS[:2], signals)
        again = work(tmp_path).do(RUNS, signals)
    assert [outcome.status for outcome in first.values()] == ["finished"] * 2
    assert [outcome.status for outcome in again.values()] == ["finished before"] * 2 + ["finished"] * 2
    assert epochs(tmp_path) == ALL


@pytest.mark.parametrize(("stop", "last"), [(False, "finished"), (True, "waiting")])
def test_failed_run_ends_the_grid_only_on_demand(tmp_path: Path, stop: bool, last: str) -> None:
    with Signals() as signals:
        outcomes = work(tmp_path, "fail", CLASSIFIERS["Text"]).do([RUNS[0], RUNS[2]], signals, stop)
    failed, other = outcomes.values()
    assert failed.status == "failed"
    assert "this classifier fails (exit status 1; see" in failed.detail
    assert "$ " in (tmp_path / "out" / "logs" / "text-seed1.log").read_text()
    assert other.status == last


def test_run_that_leaves_no_predictions_has_failed(tmp_path: Path) -> None:
    silent = Work(tmp_path, [], Silent(), [sys.executable, "-c", ""])
    with Signals() as signals:
        (outcome,) = silent.do(RUNS[:1], signals).values()
    assert outcome.status == "failed"
    assert "no whole predictions.test.csv" in outcome.detail


def test_signals_are_as_before_afterwards() -> None:
    before = signal.getsignal(signal.SIGINT)
    with Signals() as signals:
        os.kill(os.getpid(), signal.SIGTERM)
        assert signals.received == signal.SIGTERM
    assert signal.getsignal(signal.SIGINT) == before
