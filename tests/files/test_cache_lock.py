"""A cache that a process holds is in use until the process ends; one that nobody holds can be taken."""

import errno
import fcntl
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from gatbert.files.cache_lock import DAY, hold, taken
from tests.command_line import package_environment

HOLDER = """
import sys, time
from pathlib import Path
from gatbert.files.cache_lock import hold
hold(Path(sys.argv[1]))
print("holds", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file of a cache that was last used long ago."""
    path = tmp_path / "manifest.json"
    path.write_text("{}")
    os.utime(path, (1.0, 1.0))
    return path


def is_free(file: Path) -> bool:
    with taken(file) as free:
        return free


def test_what_another_process_holds_is_free_once_it_has_ended(file: Path) -> None:
    assert is_free(file)
    command = [sys.executable, "-c", HOLDER, str(file)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=package_environment()
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "holds\n"
        assert not is_free(file)
        assert is_free(file) is False, "looking does not free it"
        holder.communicate("")
    assert is_free(file)


def test_holding_tells_when_it_was_used(file: Path) -> None:
    hold(file)
    assert time.time() - file.stat().st_mtime < 60
    assert not is_free(file)


def test_several_may_hold_one(file: Path) -> None:
    with file.open("rb") as other:
        fcntl.flock(other, fcntl.LOCK_SH | fcntl.LOCK_NB)
        hold(file)
    assert not is_free(file)


def test_a_cache_that_was_made_anew_is_another(file: Path) -> None:
    hold(file)
    file.unlink()
    hold(file)  # nothing is there, and nothing is held
    assert not is_free(file)
    file.write_text("{}")
    assert is_free(file)
    hold(file)
    assert not is_free(file)


def test_without_locks_what_was_used_today_is_in_use(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_locks(*_: Any) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", no_locks)
    assert is_free(file)
    hold(file)
    assert not is_free(file)
    yesterday = time.time() - DAY - 1
    os.utime(file, (yesterday, yesterday))
    assert is_free(file)


def test_an_error_within_is_not_swallowed(file: Path) -> None:
    with pytest.raises(FileNotFoundError, match="other"), taken(file):
        raise FileNotFoundError("other")
