"""``grid.json``: what the runs of an output folder were and are started with."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from gatbert.errors import UserError
from gatbert.files.documents import read_json, read_yaml
from gatbert.files.paths import resolve, write_atomically
from gatbert.files.records import from_plain, to_plain
from gatbert.grid.plan import GridRun
from gatbert.version import __version__

NAME = "grid.json"
FORMAT_VERSION = 1


@dataclass(frozen=True)
class Grid:
    """Hold the runs of an output folder.

    Attributes:
        arguments: Arguments of ``fit_and_test`` that all runs share.
        runs: The runs, in the order in which they were first asked for; it only ever grows at its end.
        files: SHA-256 of the content of every YAML file that the runs read, whatever its comments and layout.
        folder: Where the grid was started; relative paths among the arguments begin there.
        gatbert: Version of gatbert that wrote it last.
        format_version: Version of the format.
    """

    arguments: tuple[str, ...]
    runs: tuple[GridRun, ...]
    files: Mapping[str, str]
    folder: str
    gatbert: str = field(default=__version__, compare=False)
    format_version: int = FORMAT_VERSION

    @classmethod
    def asked(cls, arguments: Sequence[str], runs: Sequence[GridRun]) -> "Grid":
        """Return the grid of a command line.

        Raises:
            UserError: If a YAML file is none.
        """
        # A file may be a word of its own, or stand after its flag: --data=FILE.
        words = [part for word in arguments for part in (word, word.partition("=")[2])]
        settings = [path for run in runs for _, path in run.settings if path]
        return cls(tuple(arguments), tuple(runs), dict(_checksums([*words, *settings])), str(Path.cwd()))

    @classmethod
    def read(cls, output: Path) -> "Grid | None":
        """Read the grid of an output folder; ``None`` if it is new.

        Raises:
            UserError: If the folder is no folder, holds something else, or its grid is damaged.
        """
        if not (output / NAME).exists():
            if output.is_dir() and any(not path.name.startswith(".") for path in output.iterdir()):
                raise UserError(f"{output} holds something else, and no {NAME}; give a new or empty folder as --output")
            return None
        try:
            values = read_json(output / NAME)
            # Another format has other fields, none of which is damaged.
            if (version := values.get("format_version", FORMAT_VERSION)) == FORMAT_VERSION:
                return from_plain(cls, values, NAME, complete=False)
        except UserError as error:
            raise UserError(f"{output / NAME} is damaged ({error}); put it back, or give another --output") from error
        raise UserError(f"{output / NAME} has format {version}; this is {FORMAT_VERSION}")

    @classmethod
    def with_task(cls, output: Path, task: int) -> tuple["Grid", GridRun]:
        """Return the grid of a folder with one of its runs, if nothing that it reads has changed since.

        Args:
            output: Folder of the grid.
            task: Number of the run, from 1.

        Raises:
            UserError: If there is no such grid or run, or a file has changed; otherwise as in ``read``.
        """
        grid = cls.read(output)
        if grid is None:
            raise UserError(f"{output} holds no grid; start one with multi_run --output {output} --slurm true")
        if not 1 <= task <= len(grid.runs):
            raise UserError(f"{output} has runs 1 to {len(grid.runs)}, and no run {task}")
        if (path := grid.changed_file()) is not None:
            raise UserError(f"{path} has been changed or removed since {output} was begun; put it back")
        return grid, grid.runs[task - 1]

    def write(self, output: Path) -> None:
        """Write the grid into its output folder."""
        values = to_plain(replace(self, gatbert=__version__))
        write_atomically(output / NAME, json.dumps(values, indent=1) + "\n")

    def grown(self, asked: "Grid", output: Path) -> "Grid":
        """Return the grid with the runs of another that asks for more of the same.

        Raises:
            UserError: If the other asks for something else; it says what differs.
        """
        if difference := self.difference(asked):
            raise UserError(f"{output} holds a grid of another kind: {difference}; give another --output")
        known = {run.name for run in self.runs}
        new = tuple(run for run in asked.runs if run.name not in known)
        return replace(self, runs=self.runs + new, files={**self.files, **asked.files})

    def changed_file(self) -> str | None:
        """Return a YAML file that is no longer what it was, if there is one."""
        base = Path(self.folder)
        return next((path for path, digest in self.files.items() if not _is_same(base / resolve(path), digest)), None)

    def difference(self, asked: "Grid") -> str | None:
        """Return how a grid that was asked for is another than this one, beyond its runs."""
        if self.arguments != asked.arguments:
            return _different_flags(_flags(self.arguments), _flags(asked.arguments))
        known = {run.name: run for run in self.runs}
        for run in asked.runs:
            if known.get(run.name, run) != run:
                return f"{run.name} has {to_plain(known[run.name])} there and {to_plain(run)} now"
        # The same words may lead to other content by now: runs would differ beyond what their names say.
        changed = [path for path in asked.files if path in self.files and not _is_same(resolve(path), self.files[path])]
        return f"{changed[0]} has been changed since" if changed else None


def _different_flags(there: Sequence[str], now: Sequence[str]) -> str:
    """Return the flags that only one of two command lines has."""
    only_there, only_now = ([flag for flag in there if flag not in now], [flag for flag in now if flag not in there])
    if not only_there and not only_now:
        return "its arguments have another order"
    return f"{' '.join(only_there) or 'nothing'} there, {' '.join(only_now) or 'nothing'} now"


def _flags(arguments: Iterable[str]) -> list[str]:
    """Join each flag with its values."""
    joined: list[str] = []
    for word in arguments:
        if word.startswith("-") or not joined:
            joined.append(word)
        else:
            joined[-1] += f" {word}"
    return joined


def _checksums(words: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the YAML files among some words, and those that they name in turn, with their checksums."""
    # Breadth first; a file that names itself, however far around, is read once.
    waiting, seen = list(words), set()
    while waiting:
        word = waiting.pop(0)
        path = _yaml_file(word)
        if path is None or word in seen:
            continue
        seen.add(word)
        content = read_yaml(path)
        yield word, _digest(content)
        waiting += [str(path.parent / leaf) for leaf in _leaves(content)]


def _yaml_file(word: str) -> Path | None:
    if not word.endswith((".yaml", ".yml")):
        return None
    path = resolve(word)
    return path if path.is_file() else None


def _leaves(content: Any) -> Iterator[str]:
    if isinstance(content, dict | list):
        for value in content.values() if isinstance(content, dict) else content:
            yield from _leaves(value)
    elif isinstance(content, str):
        yield content


def _is_same(path: Path, digest: str) -> bool:
    """Tell whether a YAML file says what it said; grids of before have the checksum of its bytes."""
    return path.is_file() and digest in (_digest(read_yaml(path)), hashlib.sha256(path.read_bytes()).hexdigest())


def _digest(content: Any) -> str:
    # YAML knows dates, which JSON does not.
    return hashlib.sha256(json.dumps(content, default=str).encode()).hexdigest()
