"""slurm/archive.sh: moved whole and verified, or not at all."""

import hashlib
import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "slurm" / "archive.sh"


class Storage:
    """Results with one finished run, and an empty archive.

    Args:
        folder: Where both lie.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.results, self.archive, self.bin = folder / "blue res", folder / "orange", folder / "bin"
        self.bin.mkdir()
        self.run = self.add_run("text/v1")
        self.environment = {
            "PATH": f"{self.bin}:{os.environ['PATH']}",
            "GATBERT_RESULTS": str(self.results),
            "GATBERT_ARCHIVE": str(self.archive),
        }

    def add_run(self, name: str, status: str = "finished") -> Path:
        run = self.results / name
        (run / "checkpoints").mkdir(parents=True)
        (run / "config.yaml").write_text("a: 1\n")
        (run / "run.json").write_text(json.dumps({"status": status}))
        (run / "checkpoints" / "best model.ckpt").write_bytes(bytes(range(256)) * 64)
        return run

    def stand_in(self, name: str, body: str) -> None:
        (self.bin / name).write_text(f"#!/usr/bin/env bash\n{body}\n")
        (self.bin / name).chmod(0o755)

    def call(self, *args: object, **variables: str) -> subprocess.CompletedProcess[str]:
        command = ["bash", str(SCRIPT), *map(str, args)]
        environment = {**self.environment, **variables}
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    def refused(self, *args: object, **variables: str) -> str:
        """Call with arguments that must be refused, and check that nothing has moved."""
        before = contents(self.results)
        done = self.call(*args, **variables)
        assert done.returncode == 1, done.stdout
        assert contents(self.results) == before
        return done.stderr.strip().splitlines()[-1]

    def leftovers(self) -> list[Path]:
        return list(self.archive.rglob(".partial*")) if self.archive.exists() else []


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage(tmp_path)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_run_is_moved_whole_with_its_checksums(storage: Storage) -> None:
    before = contents(storage.run)
    done = storage.call(storage.run)
    assert done.returncode == 0, done.stderr
    after = contents(storage.archive / "text" / "v1")
    lines = [line.split("  ", 1) for line in after.pop("SHA256SUMS").decode().splitlines()]
    sums = {name: digest for digest, name in lines}
    assert after == before
    assert sums == {f"./{name}": hashlib.sha256(data).hexdigest() for name, data in before.items()}
    assert not storage.run.exists()
    assert not storage.leftovers()


def test_several_runs_stop_at_the_first_that_fails(storage: Storage) -> None:
    running = storage.add_run("text/v2", status="running")
    later = storage.add_run("text/v3")
    done = storage.call(storage.run, running, later)
    assert done.returncode == 1
    assert "not finished but running" in done.stderr
    assert f"moved before that: {storage.run}" in done.stderr
    assert running.exists()
    assert later.exists()


def test_damaged_copy_is_caught(storage: Storage) -> None:
    storage.stand_in("cp", '/bin/cp "$@"; printf x >>"${@: -1}/checkpoints/best model.ckpt"')
    assert "differs" in storage.refused(storage.run)
    assert not storage.leftovers()
    assert not (storage.archive / "text" / "v1").exists()


def test_failed_copy_keeps_the_source(storage: Storage) -> None:
    storage.stand_in("cp", "exit 1")
    assert "could not be copied" in storage.refused(storage.run)
    assert not storage.leftovers()


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_copy_leaves_source_whole_and_no_half_archive(storage: Storage, kind: signal.Signals) -> None:
    storage.stand_in("cp", '/bin/cp "$@"; touch "$STARTED"; sleep 20')
    started = storage.folder / "started"
    before = contents(storage.run)
    environment = {**storage.environment, "STARTED": str(started)}
    process = subprocess.Popen(["bash", SCRIPT, storage.run], env=environment, start_new_session=True)
    deadline = time.monotonic() + 20
    while not started.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    os.killpg(process.pid, kind)
    assert process.wait(timeout=20) != 0
    assert contents(storage.run) == before
    assert not storage.leftovers()
    assert not (storage.archive / "text" / "v1").exists()


def test_existing_destination_is_refused(storage: Storage) -> None:
    (storage.archive / "text" / "v1").mkdir(parents=True)
    assert "exists already" in storage.refused(storage.run)


def test_dry_run_moves_nothing(storage: Storage) -> None:
    done = storage.call("--dry-run", storage.run)
    assert "would move" in done.stdout
    assert storage.run.exists()
    assert not storage.archive.exists()


@pytest.mark.parametrize(
    ("args", "variables", "message"),
    [
        ([], {}, "no run is given"),
        (["nowhere"], {}, "nowhere is no run folder"),
        (["."], {"GATBERT_ARCHIVE": ""}, "GATBERT_ARCHIVE is not set"),
        (["."], {"GATBERT_RESULTS": "/nowhere"}, "no folder /nowhere"),
    ],
)
def test_mistakes_are_one_sentence(storage: Storage, args: list[str], variables: dict[str, str], message: str) -> None:
    assert message in storage.refused(*args, **variables)


def test_run_outside_the_results_is_refused(storage: Storage, tmp_path: Path) -> None:
    outside = storage.run.rename(tmp_path / "outside")
    assert "is not below" in storage.refused(outside)
