"""Claims: of the living they are kept, of the dead they are taken over."""

import json
import os
import subprocess
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from gatbert.errors import UserError
from gatbert.grid import claims
from gatbert.grid.claims import Claim, Owner, process_start
from tests.command_line import package_environment


@pytest.fixture
def claim(tmp_path: Path) -> Claim:
    return Claim(tmp_path / "text" / "seed1", tmp_path / ".lock")


@pytest.fixture(autouse=True)
def _no_job(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SLURM_JOB_ID", "SLURM_RESTART_COUNT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(claims, "PATIENCE", 0.3)


def owned(claim: Claim, **changes: Any) -> Owner:
    """Write a claim of this process with some changes, as another would leave it."""
    owner = replace(Owner.this(), **changes)
    claim.path.parent.mkdir(parents=True, exist_ok=True)
    claim.path.write_text(json.dumps(asdict(owner)))
    return owner


def ended_process() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_claim_is_exclusive_until_it_is_released(claim: Claim, tmp_path: Path) -> None:
    other = Claim(tmp_path / "text" / "seed1", tmp_path / ".lock")
    assert claim.take() is None
    assert other.take() == Owner.this()
    other.release()
    assert claim.path.exists()
    claim.release()
    assert list(claim.path.parent.iterdir()) == []
    assert other.take() is None


def test_claim_of_a_dead_process_is_taken_over(claim: Claim) -> None:
    owned(claim, pid=ended_process())
    assert claim.take() is None
    assert claim.owner() == Owner.this()


def test_number_of_a_dead_process_that_another_has_now_is_dead(claim: Claim) -> None:
    owned(claim, started="1")
    assert claim.take() is None


def test_claim_of_another_machine_is_left(claim: Claim) -> None:
    owner = owned(claim, host="elsewhere", pid=ended_process())
    assert claim.take() == owner
    assert "on elsewhere" in str(owner)


def test_training_that_outlives_its_parent_is_waited_for_and_then_left(claim: Claim) -> None:
    me = os.getpid()
    owner = owned(claim, pid=ended_process(), training_pid=me, training_started=process_start(me))
    began = time.monotonic()
    assert claim.take() == owner
    assert time.monotonic() - began >= 0.3


def test_claim_tells_of_the_training(claim: Claim) -> None:
    claim.take()
    claim.trained_by(os.getpid())
    owner = claim.owner()
    assert owner is not None
    assert owner.trains()
    claim.release()
    assert not claim.path.exists()


def test_requeued_job_takes_its_own_claim_over(claim: Claim, monkeypatch: pytest.MonkeyPatch) -> None:
    owned(claim, host="elsewhere", job="7", restarts=0)
    monkeypatch.setenv("SLURM_JOB_ID", "7")
    assert claim.take() is not None  # another node of the same job
    monkeypatch.setenv("SLURM_RESTART_COUNT", "1")
    assert claim.take() is None


@pytest.mark.parametrize(
    ("answer", "taken"),
    [
        ("echo RUNNING", False),
        ("echo PENDING", False),
        ("true", True),
        ("echo 'slurm_load_jobs error: Invalid job id specified' >&2; exit 1", True),
        ("echo 'slurm_load_jobs error: Unable to contact slurm controller' >&2; exit 1", False),
    ],
)
def test_job_of_another_node_is_asked_for(
    claim: Claim, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str, taken: bool
) -> None:
    (tmp_path / "squeue").write_text(f"#!/bin/sh\n{answer}\n")
    (tmp_path / "squeue").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    owned(claim, host="elsewhere", job="7")
    assert (claim.take() is None) == taken


def test_damaged_claim_is_named(claim: Claim) -> None:
    owned(claim)
    claim.path.write_text("{")
    with pytest.raises(UserError, match=r"\.seed1\.claim is damaged"):
        claim.take()


def test_zombie_is_dead() -> None:
    with subprocess.Popen([sys.executable, "-c", ""], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.read()
        time.sleep(0.1)
        assert process_start(process.pid) is None


RACE = """
import sys, time
from pathlib import Path
from gatbert.grid.claims import Claim
folder, at = Path(sys.argv[1]), float(sys.argv[2])
time.sleep(max(0, at - time.time()))
won = [n for n in range(60) if Claim(folder / f"seed{n}", folder / ".lock").take() is None]
print(*won)
time.sleep(max(0, at + 1.5 - time.time()))
"""


def test_of_many_only_one_takes_a_dead_claim_over(tmp_path: Path) -> None:
    for number in range(60):
        owned(Claim(tmp_path / f"seed{number}", tmp_path / ".lock"), started="1")
    command = [sys.executable, "-c", RACE, str(tmp_path), str(time.time() + 1)]
    racers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=package_environment()) for _ in range(3)]
    won = [word for racer in racers for word in racer.communicate()[0].split()]
    assert sorted(map(int, won)) == list(range(60))
