"""Run folders: what was run, with what, and what came out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from glob import glob
from pathlib import Path
from typing import Any

from gatbert.errors import UserError
from gatbert.evaluation.curves import Curve, read_curves
from gatbert.evaluation.predictions import Predictions, read_predictions
from gatbert.evaluation.run_record import RECORD, RunRecord, read_record, read_status
from gatbert.files.documents import read_yaml
from gatbert.files.paths import resolve

DATA_OPTIONS = "data.init_args."
"""Beginning of the settings of the data."""

SEED, CHECKPOINT, TRAIN = "seed_everything", "ckpt_path", f"{DATA_OPTIONS}train"
CONFIG = "config.yaml"


@dataclass(frozen=True)
class Training:
    """Hold how a model was trained: the settings of that run by dotted name, and its record."""

    settings: Mapping[str, Any]
    record: RunRecord


@dataclass(frozen=True, eq=False)
class Run:
    """Hold one run folder.

    Attributes:
        path: The folder.
        settings: Value of each setting by its dotted name.
        record: What ``run.json`` says.
        predictions: Predictions for the split that is looked at.
        curves: Points (step, value) of each logged series.
        training: The training behind it, its own or another folder's; ``None`` where that is gone.
        folds: The runs of the folds that make this one, if it is a cross-validation; settings and folder are those of
            the first.
    """

    path: Path
    settings: Mapping[str, Any]
    record: RunRecord
    predictions: Predictions
    curves: Mapping[str, Curve]
    training: Training | None = None
    folds: Sequence["Run"] = ()

    @property
    def parts(self) -> Sequence["Run"]:
        """The runs that were trained: those of the folds, or this one."""
        return self.folds or (self,)

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
    notes = [f"{folder} has no {name} (status: {read_status(folder)}) and is left out." for folder in missing]
    runs = [folder for folder in found if folder not in missing]
    if not runs:
        raise UserError(f"{notes[0][: -len(' and is left out.')]}; fit_and_test and test write it")
    return runs, notes


def read_run(folder: Path, split: str) -> Run:
    """Read a run folder; one that only tested has the settings of the training behind its checkpoint.

    Raises:
        UserError: If a file of it is missing or damaged.
    """
    settings, record = _settings(folder), read_record(folder)
    predictions = read_predictions(folder / f"predictions.{split}.csv")
    training = _training(settings, record)
    # A run that only tested has the defaults of whatever its checkpoint decides, which say nothing.
    if record.train_samples is None:
        settings = _with_training(settings)
    return Run(folder, settings, record, predictions, read_curves(folder / "metrics.csv"), training)


def read_training_run(folder: Path) -> Training:
    """Read the settings and the record of a run that trained.

    Raises:
        UserError: If one of them is missing or damaged.
    """
    return Training(_settings(folder), read_record(folder))


def _runs_below(folder: Path) -> list[Path]:
    """Return a folder that is a run, or all runs below it."""
    if (folder / CONFIG).is_file() and (folder / RECORD).is_file():
        return [folder]
    # multi_run sets attempts aside under a name that begins with a dot.
    below = (path.parent for path in folder.rglob(RECORD) if (path.parent / CONFIG).is_file())
    return sorted(path for path in below if not any(part.startswith(".") for part in path.relative_to(folder).parts))


def _settings(folder: Path) -> dict[str, Any]:
    found = read_yaml(folder / CONFIG)
    if not isinstance(found, Mapping):
        raise UserError(f"{folder / CONFIG} holds no settings; it is empty or no config of gatbert")
    return dict(_flat(found))


def _training(settings: Mapping[str, Any], record: RunRecord) -> Training | None:
    """Return the training behind a run, if it is still there."""
    if record.train_samples is not None:
        return Training(settings, record)
    checkpoint = settings.get(CHECKPOINT)
    if not isinstance(checkpoint, str):
        return None
    try:
        return read_training_run(resolve(checkpoint).parent.parent)
    except UserError:
        return None


def _with_training(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was tested, and how it was trained; where that run is gone, the checkpoint alone tells it apart."""
    checkpoint = settings.get(CHECKPOINT)
    if not isinstance(checkpoint, str):
        return dict(settings)
    trained_in = resolve(checkpoint).parent.parent
    if not (trained_in / CONFIG).is_file():
        # The seed of the test is not that of the training: without a seed, runs are no group by accident.
        return {**settings, SEED: None, "tested": checkpoint}
    trained = _settings(trained_in)
    data = {name: value for name, value in settings.items() if name.startswith("data.")}
    # Tests name no training files; without them, models trained on different corpora would make a group.
    if data.get(TRAIN) is None:
        data[TRAIN] = trained.get(TRAIN)
    return {**{name: value for name, value in trained.items() if not name.startswith("data.")}, **data}


def _flat(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        # An empty mapping is a value: it tells a run without options from one that was not asked for any.
        if isinstance(value, Mapping) and value:
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
