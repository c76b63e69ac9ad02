"""What is a user's mistake gets a sentence; what is a defect keeps its traceback."""

import errno

import duckdb
import pytest
import torch
from lightning.fabric.utilities.exceptions import MisconfigurationException

from gatbert.errors import UserError, as_users_mistake


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
