"""``grid.json``: what the runs of an output folder were and are started with."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gatbert.errors import UserError
from gatbert.files.documents import read_json, read_yaml
from gatbert.files.paths import resolve, write_atomically
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
        files: SHA-256 of every YAML file that the runs read.
        folder: Where the grid was started; relative paths among the arguments begin there.
    """

    arguments: tuple[str, ...]
    runs: tuple[GridRun, ...]
    files: Mapping[str, str]
    folder: str

    @classmethod
    def asked(cls, arguments: Sequence[str], runs: Sequence[GridRun]) -> "Grid":
        """Return the grid of a command line.

        Raises:
            UserError: If a YAML file is none.
        """
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
            runs = tuple(GridRun.of(run) for run in values["runs"])
            found = cls(tuple(values["arguments"]), runs, values["files"], values["folder"])
        except (ValueError, KeyError, TypeError) as error:
            raise UserError(f"{output / NAME} is damaged ({error}); put it back, or give another --output") from error
        if values.get("format_version") != FORMAT_VERSION:
            raise UserError(f"{output / NAME} has format {values.get('format_version')}; this is {FORMAT_VERSION}")
        return found

    def write(self, output: Path) -> None:
        """Write the grid into its output folder."""
        values = {
            "format_version": FORMAT_VERSION,
            "gatbert": __version__,
            "folder": self.folder,
            "arguments": self.arguments,
            "files": self.files,
            "runs": [run.plain() for run in self.runs],
        }
        write_atomically(output / NAME, json.dumps(values, indent=1) + "\n")

    def grown(self, asked: "Grid", output: Path) -> "Grid":
        """Return the grid with the runs of another that asks for more of the same.

        Raises:
            UserError: If the other asks for something else; it says what differs.
        """
        if difference := self._difference(asked):
            raise UserError(f"{output} holds a grid of another kind: {difference}; give another --output")
        known = {run.name for run in self.runs}
        new = tuple(run for run in asked.runs if run.name not in known)
        return Grid(self.arguments, self.runs + new, {**self.files, **asked.files}, self.folder)

    def changed_file(self) -> str | None:
        """Return a YAML file that is no longer what it was, if there is one."""
        base = Path(self.folder)
        return next((path for path, digest in self.files.items() if _digest(base / resolve(path)) != digest), None)

    def _difference(self, asked: "Grid") -> str | None:
        if self.arguments != asked.arguments:
            here, there = _flags(asked.arguments), _flags(self.arguments)
            only_here, only_there = ([flag for flag in one if flag not in two] for one, two in _both(here, there))
            said = [
                f"{' '.join(flags) or 'nothing'} {where}"
                for flags, where in ((only_there, "there"), (only_here, "now"))
            ]
            return ", ".join(said) if only_here or only_there else "its arguments have another order"
        known = {run.name: run for run in self.runs}
        for run in asked.runs:
            if known.get(run.name, run) != run:
                return f"{run.name} has {known[run.name].plain()} there and {run.plain()} now"
        changed = [path for path, digest in asked.files.items() if self.files.get(path, digest) != digest]
        return f"{changed[0]} has been changed since" if changed else None


def _both(one: list[str], two: list[str]) -> tuple[tuple[list[str], list[str]], tuple[list[str], list[str]]]:
    return (one, two), (two, one)


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
    waiting, seen = list(words), set()
    while waiting:
        word = waiting.pop(0)
        path = _yaml_file(word)
        if path is None or word in seen:
            continue
        seen.add(word)
        yield word, _digest(path) or ""
        waiting += [str(path.parent / leaf) for leaf in _leaves(read_yaml(path))]


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


def _digest(path: Path) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None
