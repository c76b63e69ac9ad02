"""Claims: two processes never work on the same run, on one machine or on several that share the folder."""

import fcntl
import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from gatbert.errors import UserError
from gatbert.files.paths import write_atomically

PATIENCE = 10.0
"""Seconds in which a training whose ``multi_run`` was killed must have ended, too."""


@dataclass(frozen=True)
class Owner:
    """Say who works on a run.

    Attributes:
        host: Machine.
        pid: Process of ``multi_run``.
        started: When it began, which tells it from a later process of the same number.
        training_pid: Process of the training, once there is one.
        training_started: When that began.
        job: Slurm job.
        restarts: How often that job was requeued.
    """

    host: str
    pid: int
    started: str | None
    training_pid: int | None = None
    training_started: str | None = None
    job: str | None = None
    restarts: int = 0

    @classmethod
    def this(cls) -> "Owner":
        """Return this process."""
        pid, environment = os.getpid(), os.environ
        restarts = int(environment.get("SLURM_RESTART_COUNT") or 0)
        host, job = socket.gethostname(), environment.get("SLURM_JOB_ID")
        return cls(host, pid, process_start(pid), job=job, restarts=restarts)

    def __str__(self) -> str:
        job = "" if self.job is None else f" (Slurm job {self.job})"
        return f"process {self.pid} on {self.host}{job}"

    def works(self) -> bool:
        """Tell whether the owner can still go on with its grid."""
        me = Owner.this()
        if self.host == me.host:
            # A number is given again once its process has ended; the time at which it began tells.
            return process_start(self.pid) == self.started is not None
        if self.job is None:
            return True  # another machine's processes cannot be seen
        if self.job == me.job:
            return self.restarts >= me.restarts  # Slurm requeues a job only when it has ended
        return job_exists(self.job)

    def trains(self) -> bool:
        """Tell whether the owner's training is still there, if it is on this machine."""
        pid = self.training_pid
        return self.host == socket.gethostname() and pid is not None and process_start(pid) == self.training_started


class Claim:
    """A file beside a run folder that says who works on it.

    Args:
        folder: The run folder; it need not exist.
        lock: File by which the processes of one machine take turns in looking at claims.
    """

    def __init__(self, folder: Path, lock: Path) -> None:
        self.path = folder.with_name(f".{folder.name}.claim")
        self._lock = lock
        self._owner: Owner | None = None

    def take(self) -> Owner | None:
        """Claim the run, also where the owner is dead; ``None`` if that worked, and else the living owner.

        Raises:
            UserError: If the claim is damaged.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        # A dead owner's training dies with it, but not in the same moment.
        end = time.monotonic() + PATIENCE
        while True:
            with locked(self._lock):
                owner = self.owner()
                if owner is not None and not owner.works() and not owner.trains():
                    self.path.unlink()
                    owner = None
                if owner is None and self._made(Owner.this()):
                    return None
            if owner is not None and (owner.works() or time.monotonic() > end):
                return owner
            time.sleep(0.1)

    def trained_by(self, pid: int) -> None:
        """Add the process of the training to the claim."""
        if self._owner is not None:
            self._owner = replace(self._owner, training_pid=pid, training_started=process_start(pid))
            write_atomically(self.path, json.dumps(asdict(self._owner)))

    def release(self) -> None:
        """Give the run back."""
        # Another process may have taken it over, if this one was thought dead.
        if self._owner is not None and self.owner() == self._owner:
            self.path.unlink()
        self._owner = None

    def owner(self) -> Owner | None:
        """Return who has claimed the run, dead or alive."""
        try:
            return Owner(**json.loads(self.path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None
        except (ValueError, TypeError, RecursionError) as error:
            raise UserError(f"{self.path} is damaged; remove it if nothing works on that run") from error

    def _made(self, owner: Owner) -> bool:
        """Make the claim with its content in one step; O_EXCL alone would show an empty file first."""
        aside = self.path.with_name(f"{self.path.name}.{owner.host}.{owner.pid}")
        aside.write_text(json.dumps(asdict(owner)), encoding="utf-8")
        try:
            os.link(aside, self.path)
        except FileExistsError:
            return False
        finally:
            aside.unlink()
        self._owner = owner
        return True


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Let one process of this machine after the other do something."""
    with path.open("a") as file:
        with suppress(OSError):  # a file system without locks: making a claim is atomic there, too
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def process_start(pid: int) -> str | None:
    """Return when a process began, as the system counts it; ``None`` if it has ended."""
    if not Path("/proc/self/stat").exists():
        listed = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)  # noqa: S603, S607
        return listed.stdout.strip() or None
    try:
        # The name of the program may hold anything; state and start are fields 3 and 22.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in "ZX" else fields[19]


def job_exists(job: str) -> bool:
    """Tell whether a Slurm job waits or runs; where Slurm does not say, it may."""
    command = ["squeue", "--noheader", "--format=%T", "--jobs", job]
    try:
        listed = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return True
    if listed.returncode != 0:
        return "Invalid job id" not in listed.stderr
    return bool(listed.stdout.strip())
