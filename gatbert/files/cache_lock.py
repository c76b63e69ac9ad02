"""Whether a cache is in use: whoever reads one holds it until its process ends, on any machine that shares the disk."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

MOST_HELD = 16
"""Caches that a process holds at once."""

DAY = 24 * 3600.0
"""Seconds in which what was used counts as in use, where the file system has no locks."""


def hold(file: Path) -> None:
    """Hold a cache by one of its files, and let the time of the file say that it was used now.

    A cache that is being removed at this moment is waited for, and is then gone.
    """
    with suppress(FileNotFoundError):
        _held(file, file.stat().st_ino)
        with suppress(OSError):  # that of another user, who may only read it
            os.utime(file)


@contextmanager
def taken(file: Path) -> Iterator[bool]:
    """Tell whether a cache is held by nobody; as long as the context lasts, nobody can hold it."""
    try:
        opened = file.open("r+b")
    except (FileNotFoundError, PermissionError):
        yield False
        return
    with opened:
        yield _is_free(opened, file)


def _is_free(opened: BinaryIO, file: Path) -> bool:
    """Tell whether nobody holds an open file, and hold it alone if so; without locks, by when it was last used."""
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return time.time() - file.stat().st_mtime > DAY
    return True


@lru_cache(maxsize=MOST_HELD)
def _held(file: Path, inode: int) -> BinaryIO:
    """Return the open file, which keeps the lock; the inode tells a cache from one that was there before."""
    opened = file.open("rb")
    with suppress(OSError):  # a file system without locks
        fcntl.flock(opened, fcntl.LOCK_SH)
    return opened
