"""Files that are written part by part, can be gone on with at any point, and are whole or absent."""

import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gatbert.errors import UserError
from gatbert.files.documents import read_json
from gatbert.files.paths import write_atomically

SETTINGS = "settings.json"


@dataclass(frozen=True)
class Parts:
    """Keep the parts of a file in a hidden folder beside it, each whole or absent and named after its rows.

    Attributes:
        output: The file.
    """

    output: Path

    @property
    def folder(self) -> Path:
        """Where the parts are, until the file is whole."""
        return self.output.with_name(f".{self.output.name}.parts")

    @contextmanager
    def begun(self, settings: Mapping[str, Any], resume: bool) -> Iterator[int]:
        """Make the folder, or go on with it, and give the number of rows that it holds; an error leaves them.

        Args:
            settings: What decides the rows, as plain values: those of others are not gone on with.
            resume: Whether rows that are there are gone on with.

        Raises:
            UserError: If there are rows that are not to be gone on with, or they are of other settings.
        """
        done = self.num_rows()
        if done and not resume:
            raise UserError(
                f"{self.output} was begun, and {done:,} rows of it are there; go on with --resume true, or remove "
                f"{self.folder}"
            )
        if done:
            self._check(settings)
        self.folder.mkdir(parents=True, exist_ok=True)
        write_atomically(self.folder / SETTINGS, json.dumps(settings, indent=2) + "\n")
        try:
            yield done
        except BaseException:
            if not self.num_rows():
                self.discard()
            raise

    def num_rows(self) -> int:
        """Return how many rows the parts hold, from the first on without a gap."""
        end = 0
        for start, stop, _ in self._found():
            if start != end:
                break
            end = stop
        return end

    def add(self, start: int, end: int, write: Callable[[Path], object]) -> None:
        """Write the part with the rows from ``start`` to before ``end``, which is there when it is whole."""
        path = self.folder / f"{start}-{end}{self.output.suffix}"
        aside = path.with_name(f".{path.name}.partial")
        write(aside)
        aside.replace(path)

    def finish(self, join: Callable[[Sequence[Path], Path], None]) -> None:
        """Join the parts into the file, and remove them."""
        whole = self.folder / f".whole{self.output.suffix}"
        join([path for _, _, path in self._found()], whole)
        whole.replace(self.output)
        self.discard()

    def discard(self) -> None:
        """Remove the parts, if there are any."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _found(self) -> list[tuple[int, int, Path]]:
        """Return the rows of each part, and its file, in order."""
        pattern = re.compile(rf"(\d+)-(\d+){re.escape(self.output.suffix)}")
        names = ((pattern.fullmatch(path.name), path) for path in self.folder.glob("*"))
        return sorted((int(match[1]), int(match[2]), path) for match, path in names if match)

    def _check(self, settings: Mapping[str, Any]) -> None:
        """Refuse to go on with rows of other settings."""
        before = read_json(self.folder / SETTINGS)
        for name in settings:
            if before.get(name) != settings[name]:
                raise UserError(
                    f"{self.output} was begun with another {name}; give the same arguments, or remove {self.folder}"
                )
