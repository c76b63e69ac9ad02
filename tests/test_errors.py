"""What is a user's mistake gets a sentence; what is a defect keeps its traceback."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
import torch
from lightning.fabric.utilities.exceptions import MisconfigurationException

from gatbert.errors import UserError, as_users_mistake
from tests.command_line import package_environment


def test_a_users_mistake_is_found_within_what_was_raised_from_it() -> None:
    wrapped = RuntimeError("a constructor failed")
    wrapped.__cause__ = UserError("the file is no corpus")
    assert as_users_mistake(wrapped) == "the file is no corpus"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "a.npy"), "a.npy (No space left on device); free some space"),
        (PermissionError(errno.EACCES, "Permission denied", "/root"), "/root (Permission denied)"),
        (MisconfigurationException("no such accelerator"), "no such accelerator"),
        (torch.OutOfMemoryError("CUDA out of memory"), "CUDA out of memory"),
        (duckdb.OutOfMemoryException("out of memory"), "out of memory"),
    ],
)
def test_what_the_machine_refuses_is_a_sentence(error: BaseException, words: str) -> None:
    assert words in str(as_users_mistake(error))


def test_defects_keep_their_traceback() -> None:
    class MisconfigurationException(Exception):  # noqa: N818  (of the same name as Lightning's)
        pass

    for error in (
        FileNotFoundError(errno.ENOENT, "No such file", "internal.json"),
        OSError("no number"),
        KeyError("x"),
        MisconfigurationException("not Lightning's"),
    ):
        assert as_users_mistake(error) is None


@pytest.mark.parametrize("command", ["--help", "tag --help"])
def test_a_reader_that_leaves_early_is_no_error(command: str) -> None:
    line = f"{sys.executable} -m gatbert {command} | head -1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False, env=environment())
    assert done.stdout.startswith("usage: gatbert")
    assert done.stderr == ""
    assert done.returncode in (0, 141)


def test_output_that_cannot_be_written_at_the_very_end_is_no_traceback() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "gatbert", "--help"]
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, text=True, check=False, env=environment())
    assert (done.returncode, done.stderr) == (141, "")


def environment() -> dict[str, str]:
    """Return the environment for a process of its own."""
    return {**package_environment(), "PYTHONPATH": str(Path(__file__).parents[1])}
