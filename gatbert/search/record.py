"""``search.json``: what a search was started with; in its folder nothing else is ever searched."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from gatbert.errors import UserError
from gatbert.files.documents import read_json
from gatbert.files.paths import write_atomically
from gatbert.files.records import from_plain, to_plain
from gatbert.grid.record import Grid
from gatbert.search.space import Dimension

NAME = "search.json"

SamplerName = Literal["tpe", "random"]
PrunerName = Literal["median", "halving", "none"]


@dataclass(frozen=True)
class SearchRecord:
    """Hold what a search was started with.

    Attributes:
        space: Values that may be tried, by the name of the option.
        score: What is made best, as training logs it on validation.
        sampler: How values are chosen.
        pruner: How bad trials are told before their end.
        seed: Seed of the sampler.
        grid: The arguments of all trials as the user gave them, and the YAML files that they read; it has no runs.
        without_test: Whether the data name test files, which no trial is given.
    """

    space: Mapping[str, Dimension]
    score: str
    sampler: SamplerName
    pruner: PrunerName
    seed: int
    grid: Grid
    without_test: bool = False

    @property
    def minimizes(self) -> bool:
        """Whether less is better: of a loss, and of nothing else."""
        return self.score.endswith("_loss")

    @property
    def selection(self) -> dict[str, str]:
        """Options by which a training keeps the checkpoint that is best by the score."""
        return {"checkpoint.monitor": self.score, "checkpoint.mode": "min" if self.minimizes else "max"}

    @property
    def trial_arguments(self) -> list[str]:
        """Arguments of all trials, from which the files of test are taken."""
        return [*self.grid.arguments, *(["--data.test", "null"] if self.without_test else [])]

    @classmethod
    def read(cls, output: Path) -> "SearchRecord | None":
        """Read the record of an output folder; ``None`` if it is new.

        Raises:
            UserError: If the folder holds something else, or the record is damaged.
        """
        path = output / NAME
        if path.exists():
            return from_plain(cls, read_json(path), str(path))
        if output.is_dir() and any(not below.name.startswith(".") for below in output.iterdir()):
            raise UserError(f"{output} holds something else, and no {NAME}; give a new or empty folder as --output")
        return None

    def write(self, output: Path) -> None:
        """Write the record into its output folder."""
        write_atomically(output / NAME, json.dumps(to_plain(self), indent=1) + "\n")

    def check_same(self, asked: "SearchRecord", output: Path) -> None:
        """Refuse to go on with another search.

        Raises:
            UserError: If the other is not this one; it says what differs.
        """
        if difference := self._difference(asked):
            raise UserError(f"{output} holds a search of another kind: {difference}; give another --output")

    def _difference(self, asked: "SearchRecord") -> str | None:
        for name in sorted({*self.space, *asked.space}):
            there, now = (_told(space.get(name)) for space in (self.space, asked.space))
            if there != now:
                return f"{name} has {there} there, {now} now"
        for name in ("score", "sampler", "pruner", "seed"):
            if getattr(self, name) != getattr(asked, name):
                return f"--{name} {getattr(self, name)} there, {getattr(asked, name)} now"
        return self.grid.difference(asked.grid)


def _told(dimension: Dimension | None) -> str:
    """Write a dimension as the space file has it."""
    if dimension is None:
        return "no values"
    ends = {name: getattr(dimension, name) for name in ("low", "high", "log", "step")}
    return json.dumps(dimension.choices or {name: value for name, value in ends.items() if value is not None})
