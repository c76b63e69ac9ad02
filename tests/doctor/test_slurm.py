"""What Slurm puts into the environment, and what squeue prints."""

import time
from pathlib import Path

import pytest

from gatbert.doctor.slurm import look_at_slurm, seconds_left, seconds_of
from tests.command_lines.slurm import SLURM
from tests.doctor.runs import asked


@pytest.fixture(autouse=True)
def _no_job(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*SLURM, "SLURM_JOB_END_TIME"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("limit", "seconds"),
    [
        ("30:05", 1805.0),
        ("01:00:00", 3600.0),
        ("2-03:00:01", 2 * 86400.0 + 3 * 3600 + 1),
        ("UNLIMITED", None),
        ("NOT_SET", None),
        ("", None),
    ],
)
def test_times_of_squeue_are_read(limit: str, seconds: float | None) -> None:
    assert seconds_of(limit) == seconds


def test_the_end_of_a_job_is_known_from_its_environment_or_by_squeue(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert seconds_left() is None
    squeue = tmp_path / "squeue"
    squeue.write_text('#!/bin/sh\n[ "$*" = "-h -j 7 -o %L" ] && echo 1:40\n')
    squeue.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert seconds_left() is None, "this is no job"
    monkeypatch.setenv("SLURM_JOB_ID", "7")
    assert seconds_left() == 100.0
    monkeypatch.setenv("SLURM_JOB_END_TIME", str(int(time.time()) + 50))
    assert 48 < (seconds_left() or 0) <= 50


@pytest.mark.parametrize(
    ("variables", "args", "state", "words"),
    [
        ({}, (), "ok", "no Slurm job"),
        (SLURM, (), "ok", "job 7, 1 of 1 tasks"),
        ({**SLURM, "SLURM_NTASKS": "4"}, (), "fault", "4 tasks"),
        ({**SLURM, "SLURM_NTASKS": "4"}, ("--trainer.devices", "2", "--trainer.num_nodes", "2"), "ok", "4 of 4"),
        ({**SLURM, "SLURM_JOB_NAME": "bash", "SLURM_NTASKS": "4"}, (), "ok", "interactive"),
    ],
)
def test_tasks_are_compared_with_devices_and_nodes(
    variables: dict[str, str], args: tuple[str, ...], state: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    (finding,) = look_at_slurm(asked("--trainer.accelerator", "cpu", *args))
    assert finding.state == state
    assert words in finding.what
