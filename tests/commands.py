"""Run the real command line inside the test's own process, which saves importing torch each time."""

import logging
import resource
import sys
from pathlib import Path

import pytest

from gatbert.__main__ import run


def seconds_of_children() -> float:
    """Return the seconds of computing of all processes that this one has started and that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class CommandLine:
    """Run commands of gatbert with tiny encoders, and keep what they print.

    Args:
        capsys: Captures standard output and error.
        monkeypatch: Restores ``sys.argv``.
    """

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.capsys = capsys
        self.monkeypatch = monkeypatch

    def __call__(self, command: str, *args: str | Path) -> str:
        """Run a command that must succeed, and return its standard output."""
        status, output, error = self.status(command, *args)
        assert status == 0, error
        return output

    def refused(self, command: str, *args: str | Path) -> str:
        """Run a command that must be refused in one sentence, and return the sentence."""
        status, _, error = self.status(command, *args)
        assert status == 2, error
        last = error.strip().splitlines()[-1]
        assert "error: " in last, error
        assert "Traceback" not in error
        return last

    def status(self, command: str, *args: str | Path) -> tuple[int, str, str]:
        """Run a command and return its exit status, standard output and standard error."""
        # Lightning's log handler keeps the stream of the first test, which is closed by now.
        self.monkeypatch.setattr(logging, "raiseExceptions", False)
        self.monkeypatch.setattr(sys, "argv", ["gatbert", command, *map(str, args)])
        try:
            status = run(command, [str(arg) for arg in args])
        except SystemExit as exit_:
            status = int(exit_.code or 0)
        captured = self.capsys.readouterr()
        return status, captured.out, captured.err
