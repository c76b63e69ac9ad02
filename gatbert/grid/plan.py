"""The runs of a grid: seeds x folds x classifiers x settings, each with a name that is its folder."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import TypeVar

from gatbert.errors import UserError
from gatbert.files.paths import resolve

CLASSIFIERS = {name: f"gatbert.stance_classifier.{name}Classifier" for name in ("Text", "External", "Concat", "Hybrid")}
"""Class path of each classifier of this package by its short name; named here, as importing them loads torch."""

DEFAULT = "default"
"""Folder of what the grid leaves to the arguments."""

RESERVED = ("logs", "grid.json")
LARGEST_SEED = 2**32 - 1

_Value = TypeVar("_Value")


@dataclass(frozen=True)
class GridRun:
    """Describe one run of a grid.

    Attributes:
        seed: Seed; ``None`` for the one in the arguments.
        classifier: Class path; ``None`` for the one in the arguments.
        settings: Name of each setting and its YAML file, which is empty for a setting that changes nothing.
        folds: Number of folds; ``None`` for the split in the arguments.
        fold: Which of them is tested.
    """

    seed: int | None = None
    classifier: str | None = None
    settings: tuple[tuple[str, str], ...] = ()
    folds: int | None = None
    fold: int | None = None

    @property
    def configuration(self) -> str:
        """Name of all but seed and fold; the folder of the runs that differ by these alone."""
        classifier = [] if self.classifier is None else [_short(self.classifier)]
        return "-".join([*classifier, *(name for name, _ in self.settings)]) or DEFAULT

    @property
    def version(self) -> str:
        """Name of seed and fold; the folder of the run."""
        return "-".join(f"{name}{number}" for name, number in self._numbers) or DEFAULT

    @property
    def _numbers(self) -> list[tuple[str, int]]:
        return [(name, n) for name, n in (("seed", self.seed), ("fold", self.fold)) if n is not None]

    @property
    def name(self) -> str:
        """Name of the run, which is its folder below the output."""
        return f"{self.configuration}/{self.version}"

    @property
    def title(self) -> str:
        """What the run is called on the terminal."""
        return " ".join([self.configuration, *(f"{name} {number}" for name, number in self._numbers)])

    def configured(self, arguments: Sequence[str]) -> list[str]:
        """Return the arguments of ``fit_and_test`` but for seed and folder; what the grid says comes last, and wins."""
        files = [word for _, path in self.settings if path for word in ("-c", str(resolve(path)))]
        classifier = [] if self.classifier is None else ["--classifier", self.classifier]
        folds = [] if self.folds is None else ["--data.folds", str(self.folds), "--data.fold", str(self.fold)]
        return [*arguments, *files, *classifier, *folds]

    def complete(self, arguments: Sequence[str], output: Path, checkpoint: Path | None = None) -> list[str]:
        """Return all arguments of ``fit_and_test``.

        Args:
            arguments: Arguments of all runs.
            output: Folder of the grid.
            checkpoint: Checkpoint from which training goes on.
        """
        logger = {"save_dir": str(output), "name": self.configuration, "version": self.version}
        return [
            *self.configured(arguments),
            *([] if self.seed is None else ["--seed_everything", str(self.seed)]),
            *(word for name, value in logger.items() for word in (f"--trainer.logger.init_args.{name}", value)),
            *([] if checkpoint is None else ["--ckpt_path", str(checkpoint)]),
        ]


def plan_runs(
    seeds: str | None, classifiers: str | None, settings: Sequence[str], folds: int | None = None
) -> list[GridRun]:
    """Return all runs of a grid; those of one configuration follow each other, those of one seed among them.

    Args:
        seeds: Seeds, separated by commas.
        classifiers: Short names or class paths, separated by commas.
        settings: For each dimension, named YAML files, such as ``small=a.yaml,large=b.yaml``.
        folds: Number of folds.

    Raises:
        UserError: If a list is empty, says something twice, or has what is no seed, classifier or file.
    """
    dimensions = [_parsed("--set", text, _setting) for text in settings]
    configurations = [
        GridRun(None, classifier, chosen)
        for classifier in _optional("--classifier", classifiers, _classifier)
        for chosen in product(*dimensions)
    ]
    _refuse_shared_folders(configurations)
    return [
        GridRun(seed, configuration.classifier, configuration.settings, folds, fold)
        for configuration in configurations
        for seed in _optional("--seeds", seeds, _seed)
        for fold in ([None] if folds is None else range(folds))
    ]


def check_arguments(
    arguments: Sequence[str], seeds: bool, classifiers: bool, others: Mapping[str, str] | None = None
) -> None:
    """Refuse arguments of ``fit_and_test`` that the grid itself gives to each run.

    Args:
        arguments: Arguments of all runs.
        seeds: Whether the grid has seeds.
        classifiers: Whether the grid has classifiers.
        others: More flags that are refused, as patterns, with their reasons.

    Raises:
        UserError: If there is such an argument, or none at all.
    """
    if not arguments:
        raise UserError(
            "the runs have no arguments; give those of fit_and_test after --, such as -- -c configs/base.yaml "
            "--data configs/raw_data.yaml"
        )
    reasons = {
        r"--trainer\.logger\.((init|dict)_\w+\.)?(save_dir|name|version)": "each run gets a folder of its own",
        r"--checkpoint\.dirpath": "each run keeps its checkpoints in its own folder",
        r"--ckpt_path": "an unfinished run goes on from its own checkpoint",
        r"--print_config": "give --dry_run true before the -- to see the commands",
        **({"--seed_everything": "--seeds gives it"} if seeds else {}),
        **({r"--classifier": "--classifier before the -- gives it"} if classifiers else {}),
        **(others or {}),
    }
    for word in arguments:
        flag = word.partition("=")[0]
        for pattern, reason in reasons.items():
            if re.fullmatch(pattern, flag):
                raise UserError(f"{flag} cannot stand after the --: {reason}")


def _optional(flag: str, text: str | None, read: Callable[[str], _Value]) -> Sequence[_Value | None]:
    return [None] if text is None else _parsed(flag, text, read)


def _parsed(flag: str, text: str, read: Callable[[str], _Value]) -> list[_Value]:
    """Read a list separated by commas that is neither empty nor says anything twice."""
    words = [word.strip() for word in text.split(",")]
    if not all(words):
        raise UserError(f"{flag} {text!r} has an empty entry; give values separated by commas")
    values: list[_Value] = []
    for word in words:
        value = read(word)
        if value in values:
            raise UserError(f"{flag} {text!r} has {word} twice; each run takes place once")
        values.append(value)
    return values


def _seed(word: str) -> int:
    if not re.fullmatch("[0-9]{1,10}", word) or int(word) > LARGEST_SEED:
        raise UserError(f"--seeds: {word!r} is no seed; accepted are whole numbers from 0 to {LARGEST_SEED}: 1,2,3")
    return int(word)


def _classifier(word: str) -> str:
    """Return the class path of a classifier, which may be named in short; it is imported where it trains."""
    name = word.removesuffix("Classifier")
    if name in CLASSIFIERS:
        return CLASSIFIERS[name]
    if not re.fullmatch(r"[^\W\d]\w*(\.[^\W\d]\w*)+", word):
        raise UserError(
            f"there is no classifier {word!r}; known are {', '.join(CLASSIFIERS)}, and any class path, such as "
            "my_package.MyClassifier"
        )
    return word


def _setting(word: str) -> tuple[str, str]:
    """Return the name of a setting and its YAML file, which is empty for none."""
    given, equals, path = word.rpartition("=")
    # NAME=FILE, NAME= for no file, or a file that is named by its stem.
    name = given if equals else Path(path).stem
    if not re.fullmatch(r"\w[\w.+-]*", name):
        raise UserError(
            f"--set: {name!r} cannot name a folder; give NAME=FILE.yaml, with letters, digits and . _ + - in NAME"
        )
    if path and not resolve(path).is_file():
        raise UserError(f"--set {name}: there is no file {path}; give NAME=FILE.yaml")
    return name, path


def _short(classifier: str) -> str:
    name = classifier.rpartition(".")[2]
    return (name.removesuffix("Classifier") or name).lower()


def _refuse_shared_folders(configurations: Iterable[GridRun]) -> None:
    """Refuse configurations that would be written into one folder, or into one that is not theirs."""
    seen: dict[str, GridRun] = {}
    for run in configurations:
        folder = run.configuration.lower()  # some file systems do not tell a from A
        if folder in RESERVED:
            raise UserError(f"no configuration can be named {folder}, as the grid keeps its own files there")
        if folder in seen:
            raise UserError(f"{_told(seen[folder])} and {_told(run)} would share the folder {folder}; name them apart")
        seen[folder] = run


def _told(run: GridRun) -> str:
    return " with ".join(filter(None, [run.classifier, *(f"{name}={path}" for name, path in run.settings)]))
