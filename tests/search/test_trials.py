"""Trials are trained once, whatever is killed and however many work on them; bad ones end early."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest
import yaml

from gatbert.errors import UserError
from gatbert.grid.claims import Claim
from gatbert.search import trials
from gatbert.search.study import Study
from gatbert.search.trials import Trial
from tests.command_line import package_environment
from tests.grid.training import EPOCHS
from tests.search.training import quality
from tests.search.worker import made_record, search

TRIALS = 4


def start(tmp_path: Path, epoch_s: float) -> subprocess.Popen[str]:
    """Search in a process of its own."""
    words = [tmp_path / "out", tmp_path / "journal", epoch_s, TRIALS, "none"]
    arguments = [sys.executable, "-m", "tests.search.worker", *map(str, words)]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, env=package_environment())


def epochs(tmp_path: Path) -> Counter[str]:
    """Return how often each epoch of each trial was trained."""
    journal = tmp_path / "journal"
    return Counter(journal.read_text().splitlines() if journal.exists() else [])


ALL = Counter(f"trial-{number} {epoch}" for number in range(TRIALS) for epoch in range(EPOCHS))


def wait_for_lines(tmp_path: Path, count: int) -> None:
    end = time.monotonic() + 60
    while epochs(tmp_path).total() < count:
        assert time.monotonic() < end
        time.sleep(0.01)


def read_study(tmp_path: Path) -> Study:
    return Study(tmp_path / "out", made_record())


def check_complete(tmp_path: Path) -> None:
    """See that all trials have the values of a search that nothing has disturbed, and their own scores."""
    results = read_study(tmp_path).results()
    assert [(result.number, result.state) for result in results] == [(number, "finished") for number in range(TRIALS)]
    for result in results:
        assert result.score == pytest.approx(quality(dict(result.values)))
        given = yaml.safe_load(Trial(result.number).settings(tmp_path / "out").read_text())
        assert given == {**result.values, "checkpoint.monitor": "val_macro_f1", "checkpoint.mode": "max"}
    assert not list((tmp_path / "out").rglob("*.claim"))


def test_killed_and_started_again_it_ends_complete_and_trains_nothing_twice(tmp_path: Path) -> None:
    for done in (1, 5):
        worker = start(tmp_path, 0.15)
        wait_for_lines(tmp_path, done)
        worker.kill()
        worker.communicate(timeout=20)
    before = [result.values for result in read_study(tmp_path).results()]
    printed, _ = start(tmp_path, 0).communicate(timeout=60)
    assert printed.splitlines()[0] == "1 finished"
    assert [result.values for result in read_study(tmp_path).results()][: len(before)] == before
    check_complete(tmp_path)
    # An epoch counts once its checkpoint is written, which is a moment after it stands in the journal.
    assert set(epochs(tmp_path)) == set(ALL)
    assert (epochs(tmp_path) - ALL).total() <= 2


@pytest.mark.slow
def test_two_at_once_share_the_trials(tmp_path: Path) -> None:
    workers = [start(tmp_path, 0.5) for _ in range(2)]
    printed = [worker.communicate(timeout=60)[0] for worker in workers]
    assert epochs(tmp_path) == ALL
    check_complete(tmp_path)
    told = [line for text in printed for line in text.splitlines() if line.endswith(" finished")]
    assert sorted(told) == [f"{number} finished" for number in range(TRIALS)]


def test_a_trial_of_another_is_left_to_it(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    number = read_study(tmp_path).ask()
    claim = Claim(tmp_path / "out" / "trial-0", tmp_path / "lock")
    assert claim.take() is None
    outcomes, study = search(tmp_path / "out", tmp_path / "journal", 0, 2, made_record())
    assert {number: outcome.status for number, outcome in outcomes.items()} == {number: "left", 1: "finished"}
    assert study.state(number) == "running"
    claim.release()
    outcomes, study = search(tmp_path / "out", tmp_path / "journal", 0, 2, made_record())
    assert [result.state for result in study.results()] == ["finished"] * 2
    assert set(outcomes) == {number}


def test_a_trial_that_another_has_told_is_not_trained_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the look at what is running and the claim, another process may have pruned it."""
    (tmp_path / "out").mkdir()
    number = read_study(tmp_path).ask()
    take = Claim.take

    def late(claim: Claim) -> object:
        if claim.path.name == ".trial-0.claim":
            read_study(tmp_path).tell(number)
        return take(claim)

    monkeypatch.setattr(Claim, "take", late)
    _, study = search(tmp_path / "out", tmp_path / "journal", 0, 1, made_record())
    assert study.state(number) == "pruned"
    assert not epochs(tmp_path)


def test_interrupted_it_goes_on_from_its_checkpoint(tmp_path: Path) -> None:
    threading.Timer(0.9, os.kill, (os.getpid(), signal.SIGINT)).start()
    outcomes, study = search(tmp_path / "out", tmp_path / "journal", 0.3, TRIALS, made_record())
    number, outcome = list(outcomes.items())[-1]
    assert outcome.status == "interrupted"
    assert study.state(number) == "running"
    search(tmp_path / "out", tmp_path / "journal", 0, TRIALS, made_record())
    check_complete(tmp_path)
    assert (epochs(tmp_path) - ALL).total() <= 1


def test_a_failed_trial_says_why_and_the_others_go_on(tmp_path: Path) -> None:
    _, study = search(tmp_path / "out", tmp_path / "journal", 0, 6, made_record("fail", "mean"))
    failed = [result for result in study.results() if result.values["model.pooling"] == "mean"]
    assert 0 < len(failed) < 6
    assert all(result.state == "failed" and result.failure.startswith("this pooling fails") for result in failed)
    assert sum(result.state == "finished" for result in study.results()) == 6 - len(failed)


def test_a_bad_trial_ends_early_and_is_no_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trials, "LOOK_S", 0.02)
    record = made_record(pruner="median")
    (tmp_path / "out").mkdir()
    study = Study(tmp_path / "out", record)
    for _ in range(5):
        number = study.ask()
        study.report(number, dict.fromkeys(range(EPOCHS), 2.0))
        study.tell(number, 2.0)
    outcomes, study = search(tmp_path / "out", tmp_path / "journal", 0.5, 6, record)
    assert outcomes[5].status == "pruned"
    assert (study.state(5), study.results()[5].num_epochs) == ("pruned", 2)
    assert epochs(tmp_path).total() == 2
    assert json.loads((tmp_path / "out" / "trial-5" / "run.json").read_text())["status"] == "interrupted"
    assert not (tmp_path / "out" / "trial-5" / "checkpoints" / "last.ckpt").exists()


def test_a_process_that_never_ends_its_turn_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trials, "TURN_S", 0.1)
    (tmp_path / "out").mkdir()
    assert Claim(tmp_path / "out" / "turn", tmp_path / "lock").take() is None
    with pytest.raises(UserError, match=f"turn.claim is held by process {os.getpid()} on "):
        search(tmp_path / "out", tmp_path / "journal", 0, 1, made_record())
