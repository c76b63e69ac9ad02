"""What a check says: all is well, something may go wrong, or the run would fail; and what to do about it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from gatbert.errors import as_users_mistake

State = Literal["ok", "warning", "fault"]

Subject = TypeVar("Subject")


@dataclass(frozen=True)
class Finding:
    """Hold one thing that was found.

    Attributes:
        state: Whether all is well (ok), the run may go otherwise than is thought (warning), or would fail (fault).
        what: What was found.
        remedy: What can be done about it; empty where nothing is to be done, or ``what`` says it already.
    """

    state: State
    what: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"{self.what}; {self.remedy}" if self.remedy else self.what


@dataclass(frozen=True)
class Check(Generic[Subject]):
    """Hold one check.

    Attributes:
        name: What it looks at, in a word.
        look: Yields what it finds; a mistake of the user that it raises is a fault.
    """

    name: str
    look: Callable[[Subject], Iterable[Finding]]

    def findings(self, subject: Subject) -> list[Finding]:
        """Return all that is found."""
        found: list[Finding] = []
        try:
            found.extend(self.look(subject))  # one by one: what was found before an error is kept
        except Exception as error:
            mistake = as_users_mistake(error)
            if mistake is None:
                raise
            found.append(Finding("fault", " ".join(mistake.split())))
        return found
