"""Run folders: what was run, with what, and what came out; and which of them differ by their seed alone."""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from glob import glob
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import yaml

from gatbert.errors import UserError
from gatbert.evaluation.predictions import Predictions, read_predictions
from gatbert.paths import resolve

SEED, CHECKPOINT, TRAIN = "seed_everything", "ckpt_path", "data.init_args.train"
WITHOUT_MEANING = (
    SEED,
    CHECKPOINT,
    "trainer.logger",
    "trainer.default_root_dir",
    "trainer.enable_",
    "trainer.log_every_n_steps",
    "data.init_args.cache_dir",
    "data.init_args.num_workers",
    "data.init_args.predict",
    "checkpoint.dirpath",
)
"""Beginnings of settings that change no prediction, or that seeds change."""

CURVES = ("train_loss", "val_loss", "val_macro_f1", "val_accuracy", "lr-")
"""Beginnings of the series that are drawn."""

MOST_POINTS = 200
"""Points of a learning curve that are kept."""

Curve = list[tuple[int, float]]


@dataclass(frozen=True, eq=False)
class Run:
    """Hold one run folder.

    Attributes:
        path: The folder.
        settings: Value of each setting by its dotted name.
        record: What ``run.json`` says.
        predictions: Predictions for the split that is looked at.
        curves: Points (step, value) of each logged series.
        training: Settings and record of the training behind it, its own or another folder's; ``None`` where that is
            gone.
    """

    path: Path
    settings: Mapping[str, Any]
    record: Mapping[str, Any]
    predictions: Predictions
    curves: Mapping[str, Curve]
    training: tuple[Mapping[str, Any], Mapping[str, Any]] | None = None

    @property
    def seed(self) -> int | None:
        """Seed of the run, if it had one."""
        value = self.settings.get(SEED)
        return value if isinstance(value, int) and not isinstance(value, bool) else None


def find_runs(patterns: Sequence[str], split: str) -> tuple[list[Path], list[str]]:
    """Find run folders.

    Args:
        patterns: Folders, or globs of them; a folder that is no run stands for all runs below it. Files that a shell
            has found with them are passed over.
        split: Split whose predictions are wanted.

    Returns:
        The folders that have these predictions, and a sentence for each that has none.

    Raises:
        UserError: If a pattern matches nothing, or no folder has predictions.
    """
    found: dict[Path, None] = {}
    for pattern in patterns:
        path = resolve(pattern)
        # A folder may have brackets in its name. Path.glob refuses absolute patterns.
        matches = [path] if path.exists() else map(Path, sorted(glob(str(path))))  # noqa: PTH207
        folders = [run.resolve() for match in matches for run in _runs_below(match)]
        found |= dict.fromkeys(folders)
        if not folders and not path.is_file():
            raise UserError(f"there is no run in {pattern}; a run folder has a config.yaml and a run.json")
    if not found:
        raise UserError(f"there is no run in {', '.join(patterns)}; give run folders, not files in them")
    name = f"predictions.{split}.csv"
    missing = [folder for folder in found if not (folder / name).is_file()]
    notes = [f"{folder} has no {name} (status: {_status(folder)}) and is left out." for folder in missing]
    runs = [folder for folder in found if folder not in missing]
    if not runs:
        raise UserError(f"{notes[0][: -len(' and is left out.')]}; fit_and_test and test write it")
    return runs, notes


def read_run(folder: Path, split: str) -> Run:
    """Read a run folder; one that only tested has the settings of the training behind its checkpoint.

    Raises:
        UserError: If a file of it is missing or damaged.
    """
    try:
        settings = _settings(folder)
        record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    except (ValueError, yaml.YAMLError) as error:
        raise UserError(f"{folder} has a damaged config.yaml or run.json: {' '.join(str(error).split())}") from error
    predictions = read_predictions(folder / f"predictions.{split}.csv")
    training = _training(settings, record)
    if "train_samples" not in record:
        settings = _with_training(settings)
    return Run(folder, settings, record, predictions, _curves(folder / "metrics.csv"), training)


def group_runs(runs: Sequence[Run]) -> dict[str, list[Run]]:
    """Group runs that differ by their seed alone, and name each group by what sets it apart.

    Returns:
        Runs of each group, by its name, in the order in which they were given.
    """
    groups: dict[str, list[Run]] = {}
    for run in runs:
        groups.setdefault(json.dumps(_meaning(run), sort_keys=True, default=str), []).append(run)
    names = _names([members[0] for members in groups.values()])
    return dict(zip(names, groups.values(), strict=True))


def differing_settings(groups: Mapping[str, Sequence[Run]]) -> dict[str, dict[str, Any]]:
    """Return the settings in which groups differ, by group."""
    meanings = {name: _meaning(members[0]) for name, members in groups.items()}
    keys = sorted({key for meaning in meanings.values() for key in meaning})
    differing = [key for key in keys if len({str(meaning.get(key)) for meaning in meanings.values()}) > 1]
    return {name: {key: meaning.get(key) for key in differing} for name, meaning in meanings.items()}


def same_samples(runs: Sequence[Run]) -> list[Run]:
    """Return runs with their samples in one order.

    Raises:
        UserError: If two runs were tested on different samples, golds or stances.
    """
    first = runs[0].predictions
    place = {name: index for index, name in enumerate(first.ids.tolist())}
    aligned = []
    for run in runs:
        own = run.predictions
        where = f"{run.path} and {runs[0].path}"
        if own.stances != first.stances:
            raise UserError(f"{where} have other stances: {', '.join(own.stances)} and {', '.join(first.stances)}")
        order = [place.get(name, -1) for name in own.ids.tolist()]
        if sorted(order) != list(range(len(first))):
            shared = len(order) - order.count(-1)
            raise UserError(
                f"{where} were tested on different samples ({len(own)} and {len(first)}, {shared} of them the same); "
                "give runs of one test set"
            )
        own = own if order == list(range(len(own))) else own.taken(np.argsort(order))
        if not np.array_equal(own.gold, first.gold):
            raise UserError(f"{where} have other gold stances for the same samples; give runs of one test set")
        aligned.append(replace(run, predictions=own))
    return aligned


def with_shared_flags(runs: Sequence[Run]) -> tuple[list[Run], list[str]]:
    """Give all runs the flags that any of them has, and in which those that have them agree.

    Args:
        runs: Runs with their samples in one order.

    Returns:
        The runs, and a sentence for each flag that is left out.
    """
    flags: dict[str, npt.NDArray[np.str_]] = {}
    differing: dict[str, str] = {}
    for run in runs:
        for flag, values in run.predictions.flags.items():
            if not np.array_equal(flags.setdefault(flag, values), values):
                differing[flag] = f"The flag {flag} differs between runs and is left out."
    if "target_seen" in differing:
        differing["target_seen"] += " They were trained on different targets."
    shared = {flag: values for flag, values in flags.items() if flag not in differing}
    return [replace(run, predictions=replace(run.predictions, flags=shared)) for run in runs], [*differing.values()]


def _runs_below(folder: Path) -> list[Path]:
    if (folder / "config.yaml").is_file() and (folder / "run.json").is_file():
        return [folder]
    below = (path.parent for path in folder.rglob("run.json") if (path.parent / "config.yaml").is_file())
    return sorted(path for path in below if not any(part.startswith(".") for part in path.relative_to(folder).parts))


def _status(folder: Path) -> str:
    try:
        return str(json.loads((folder / "run.json").read_text(encoding="utf-8")).get("status", "unknown"))
    except ValueError:
        return "unknown"


def _settings(folder: Path) -> dict[str, Any]:
    return dict(_flat(yaml.load((folder / "config.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)))


def _training(settings: Mapping[str, Any], record: Mapping[str, Any]) -> tuple[Mapping[str, Any], Any] | None:
    """Return settings and record of the training behind a run, if they are still there."""
    if "train_samples" in record:
        return settings, record
    checkpoint = settings.get(CHECKPOINT)
    if not isinstance(checkpoint, str):
        return None
    folder = resolve(checkpoint).parent.parent
    try:
        return _settings(folder), json.loads((folder / "run.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError):
        return None


def _with_training(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was tested, and how it was trained; where that run is gone, the checkpoint alone tells it apart."""
    checkpoint = settings.get(CHECKPOINT)
    if not isinstance(checkpoint, str):
        return dict(settings)
    trained_in = resolve(checkpoint).parent.parent
    if not (trained_in / "config.yaml").is_file():
        return {**settings, SEED: None, "tested": checkpoint}
    trained = _settings(trained_in)
    data = {name: value for name, value in settings.items() if name.startswith("data.")}
    if data.get(TRAIN) is None:
        data[TRAIN] = trained.get(TRAIN)
    return {**{name: value for name, value in trained.items() if not name.startswith("data.")}, **data}


def _flat(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, Mapping) and value:
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _meaning(run: Run) -> dict[str, Any]:
    return {name: value for name, value in run.settings.items() if not name.startswith(WITHOUT_MEANING)}


def _names(runs: Sequence[Run]) -> list[str]:
    """Return a name for each of some runs of different settings."""
    meanings = [_meaning(run) for run in runs]
    keys = sorted({key for meaning in meanings for key in meaning})
    differing = [key for key in keys if key != "classifier" and len({str(m.get(key)) for m in meanings}) > 1]
    classifiers = [str(meaning.get("classifier", "run")).rpartition(".")[2] for meaning in meanings]
    if len(set(classifiers)) == len(runs):
        return classifiers
    names = []
    for classifier, meaning in zip(classifiers, meanings, strict=True):
        told = [f"{key.rpartition('.')[2]}={meaning[key]}" for key in differing if meaning.get(key) is not None]
        names.append(" ".join([classifier, *told]))
    if max(map(len, names)) > 80 or len(set(names)) < len(names):
        # Too much differs: the folder above the runs says more.
        names = [f"{name} {run.path.parent.name}" for name, run in zip(classifiers, runs, strict=True)]
    return [name if names.count(name) == 1 else f"{name} ({run.path})" for name, run in zip(names, runs, strict=True)]


def _curves(path: Path) -> dict[str, Curve]:
    if not path.is_file():
        return {}
    curves: dict[str, Curve] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for name, value in row.items():
                if value and name and name.startswith(CURVES) and isfinite(float(value)):
                    curves.setdefault(name, []).append((int(row["step"]), float(value)))
    return {name: points[:: -(-len(points) // MOST_POINTS)] for name, points in curves.items()}
