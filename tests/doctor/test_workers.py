"""Workers are compared with processors and shared memory."""

import shutil
from typing import NamedTuple

import pytest

from gatbert.doctor import workers
from gatbert.doctor.workers import look_at_workers
from tests.doctor.runs import asked


class Usage(NamedTuple):
    """What ``shutil.disk_usage`` returns."""

    total: int
    used: int
    free: int


@pytest.mark.parametrize(
    ("num_workers", "free", "states"),
    [
        (0, 0, ["ok"]),
        (4, 10**12, ["ok"]),
        (5, 10**12, ["warning"]),
        (4, 1000, ["fault", "ok"]),
        (5, 1000, ["fault", "warning"]),
    ],
)
def test_workers_need_processors_and_memory(
    num_workers: int, free: int, states: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "_num_cores", lambda: 4)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**12, 0, free))
    found = look_at_workers(asked("--trainer.accelerator", "cpu", "--data.num_workers", num_workers))
    assert [finding.state for finding in found] == states


def test_each_process_has_workers_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_num_cores", lambda: 4)
    run = asked("--trainer.accelerator", "cpu", "--trainer.devices", 3, "--data.num_workers", 2)
    (finding,) = look_at_workers(run)
    assert (finding.state, "6 workers" in finding.what) == ("warning", True)
