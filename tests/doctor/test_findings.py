"""What a check says, and what becomes of what it raises."""

import errno
from collections.abc import Iterator

import pytest

from gatbert.doctor.findings import Check, Finding
from gatbert.errors import UserError


def test_the_remedy_follows_what_was_found() -> None:
    assert str(Finding("fault", "it is full", "free some space")) == "it is full; free some space"
    assert str(Finding("ok", "it is well")) == "it is well"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (UserError("a  mistake\nof the user"), "a mistake of the user"),
        (OSError(errno.ENOSPC, "No space left", "here"), "free some space"),
    ],
)
def test_a_mistake_is_a_fault_after_what_was_found_before(error: Exception, words: str) -> None:
    def look(subject: str) -> Iterator[Finding]:
        yield Finding("warning", subject)
        raise error

    first, last = Check("disk", look).findings("found before")
    assert first == Finding("warning", "found before")
    assert last.state == "fault"
    assert words in last.what


def test_a_defect_is_raised() -> None:
    def look(_: str) -> Iterator[Finding]:
        yield Finding("ok", str(1 // 0))

    with pytest.raises(ZeroDivisionError):
        Check("disk", look).findings("x")
