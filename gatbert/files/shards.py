"""Parts of a work that several processes share, each its own."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gatbert.errors import UserError


@dataclass(frozen=True, order=True)
class Shard:
    """Say which of several parts of a work one process does, such as 1 of 4."""

    number: int
    count: int

    @classmethod
    def from_text(cls, written: str) -> "Shard":
        """Read a shard as users write it, such as ``1/4``.

        Raises:
            UserError: Unless it is I/N, from 1/N to N/N.
        """
        match = re.fullmatch(r"(\d{1,6})/(\d{1,6})", written, re.ASCII)
        if match is None or not 1 <= int(match[1]) <= int(match[2]):
            raise UserError(f"shard {written!r} is none; accepted is I/N, from 1/N to N/N")
        return cls(int(match[1]), int(match[2]))

    @property
    def name(self) -> str:
        """What it is called in the names of files: ``1-of-4``."""
        return f"{self.number}-of-{self.count}"

    def bounds(self, size: int) -> tuple[int, int]:
        """Return where this shard begins among some things, and where the next does."""
        return size * (self.number - 1) // self.count, size * self.number // self.count

    def file(self, whole: Path) -> Path:
        """Return the file of this shard, given that of the whole: ``out.1-of-4.csv``."""
        return whole.with_name(f"{whole.stem}.{self.name}{whole.suffix}")


def files_of_shards(whole: Path) -> dict[Shard, Path]:
    """Return the files of the shards of a whole that are there, by shard."""
    pattern = re.compile(rf"{re.escape(whole.stem)}\.(\d{{1,6}})-of-(\d{{1,6}}){re.escape(whole.suffix)}")
    matches = ((pattern.fullmatch(path.name), path) for path in sorted(whole.parent.glob("*")))
    found = {Shard(int(match[1]), int(match[2])): path for match, path in matches if match}
    return {shard: path for shard, path in found.items() if 1 <= shard.number <= shard.count}


def all_shards(found: Mapping[Shard, Path], what: str, remedy: str) -> list[Path]:
    """Return the files of all shards in order.

    Args:
        found: Those that are there, one at least.
        what: Of what they are, for messages.
        remedy: What to do about those that are missing.

    Raises:
        UserError: If some are missing, or some are of another number.
    """
    folder = next(iter(found.values())).parent
    counts = sorted({shard.count for shard in found})
    if len(counts) > 1:
        raise UserError(f"{folder} has shards of {what} of {counts} parts; remove those of one")
    if missing := sorted(set(range(1, counts[0] + 1)) - {shard.number for shard in found}):
        raise UserError(f"{folder} lacks shards {missing} of {counts[0]} of {what}; {remedy}")
    return [found[shard] for shard in sorted(found)]
