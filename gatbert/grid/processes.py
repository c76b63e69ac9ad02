"""A training in a process of its own, which ends when its parent does."""

import ctypes
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import Any, BinaryIO

FIT_AND_TEST = (sys.executable, "-m", "gatbert.fit_and_test")
PR_SET_PDEATHSIG = 1
"""Option of prctl(2): the signal that a process gets when its parent dies."""


class Signals:
    """Hand Ctrl-C and SIGTERM on to the training that runs, which ends cleanly on the first and at once on the second.

    Attributes:
        received: The last such signal, if there was one.
    """

    def __init__(self) -> None:
        self.received: int | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._before: dict[int, Any] = {}

    def __enter__(self) -> "Signals":
        self._before = {kind: signal.signal(kind, self._hand_on) for kind in (signal.SIGINT, signal.SIGTERM)}
        return self

    def __exit__(self, *_: object) -> None:
        for kind, handler in self._before.items():
            signal.signal(kind, handler)

    def watch(self, process: subprocess.Popen[bytes] | None) -> None:
        """Say which process is to get the signals."""
        self._process = process
        if process is not None and self.received is not None:
            process.send_signal(signal.SIGINT)

    def stop(self) -> None:
        """End the training that runs, as Ctrl-C would, and nothing else."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)

    def _hand_on(self, number: int, _: FrameType | None) -> None:
        again = self.received is not None
        self.received = number
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL if again else signal.SIGINT)


def train(
    command: Sequence[str],
    log: Path,
    signals: Signals,
    began: Callable[[int], None],
    ticked: Callable[[bytes], None],
) -> int:
    """Run a command to its end.

    Args:
        command: The command.
        log: File to which its output is added.
        signals: What hands signals on to it.
        began: Told the number of the process.
        ticked: Called several times a second with what was printed since.

    Returns:
        Its exit status.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as file, log.open("rb") as reader:
        file.write(f"$ {shlex.join(command)}\n".encode())
        file.flush()
        reader.seek(0, os.SEEK_END)  # earlier attempts wrote into the same log
        process = _started(command, file)
        signals.watch(process)
        try:
            began(process.pid)
            return _waited(process, reader, ticked)
        finally:
            signals.watch(None)
            if process.poll() is None:
                process.kill()
                process.wait()


def _started(command: Sequence[str], log: BinaryIO) -> subprocess.Popen[bytes]:
    """Start a command that writes into a log, and that nothing but this process ends."""
    return subprocess.Popen(  # noqa: S603
        command,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        # Ctrl-C on the terminal reaches the training through its parent alone, once.
        start_new_session=True,
        preexec_fn=_dying_with(os.getpid()),
    )


def last_words(log: Path) -> str:
    """Return the line of a log that says best why a run failed."""
    with log.open("rb") as file:
        # A traceback is shorter than this, and a log may be long.
        file.seek(max(0, file.seek(0, os.SEEK_END) - 20_000))
        lines = [line.strip() for line in file.read().decode(errors="replace").splitlines() if line.strip()]
    told = [line.partition("error: ")[2] for line in lines if line.startswith("gatbert: error: ")]
    return (told or lines or [""])[-1]


def _waited(process: subprocess.Popen[bytes], reader: BinaryIO, ticked: Callable[[bytes], None]) -> int:
    while True:
        # Asked before reading, so that the last words are read, too.
        status = process.poll()
        ticked(reader.read())
        if status is not None:
            return status
        time.sleep(0.1)


def _dying_with(parent: int) -> Callable[[], None] | None:
    """Return what makes a new process die with its parent, however that dies, where the system can."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)

    def ask() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before it was asked
            os._exit(1)

    return ask
