"""What every source of knowledge is: a file or folder that is checked, read and described."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from gatbert.errors import UserError
from gatbert.files.checksums import sha256_of_files
from gatbert.files.paths import resolve
from gatbert.knowledge.sources.assertions import Assertions, Choice
from gatbert.knowledge.sources.rows import ENGLISH


@dataclass(frozen=True)
class Source(ABC):
    """One source. A subclass says which ``kind`` it is, whether it is in English alone, and whether it is an extra.

    Attributes:
        path: Its file or folder.
    """

    path: str

    kind: ClassVar[str]
    is_english: ClassVar[bool] = False
    """Whether it is in English, whatever the languages of the graph."""
    is_extra: ClassVar[bool] = False
    """Whether it may be without any assertion that is wanted."""

    @property
    def file(self) -> Path:
        """The file or folder that ``path`` names."""
        return resolve(self.path)

    def files(self) -> Sequence[Path]:
        """Return the files that are read; of a source that was checked, all are there."""
        return [self.file]

    def name(self) -> str:
        """Return what a graph calls the source."""
        return self.file.name

    @abstractmethod
    def check(self, choice: Choice) -> None:
        """Look at its beginning, before any source is read, which may take long; errors as in ``add``."""

    @abstractmethod
    def add(self, assertions: Assertions) -> int:
        """Add its assertions, and return how many.

        Raises:
            UserError: ``FILE:LINE: what is wrong; what is accepted``.
        """

    def add_to(self, assertions: Assertions) -> dict[str, Any]:
        """Add its assertions, and return its kind, name, size, checksum and number of assertions.

        Raises:
            UserError: If it is wrong, or none of its assertions is wanted.
        """
        is_wanted = not self.is_english or ENGLISH in assertions.choice.languages
        num_assertions = self.add(assertions) if is_wanted else 0
        if not (num_assertions or self.is_extra):
            raise UserError(f"{self.name()} has no assertion that languages, relations and min_weight let through")
        files = self.files()
        return {
            "kind": self.kind,
            "name": self.name(),
            "bytes": sum(file.stat().st_size for file in files),
            "sha256": sha256_of_files(files),
            "num_assertions": num_assertions,
        }
