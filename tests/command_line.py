"""Run the real command line inside the test's own process, which saves importing torch each time."""

import csv
import importlib
import logging
import os
import resource
import sys
from pathlib import Path

import pytest
import yaml

from gatbert.__main__ import run

# Python 3.10 has no tomllib, and pytest brings the same under another name.
tomllib = importlib.import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")

ROOT = Path(__file__).parents[1]
CONFIGS = ROOT / "configs"

FIRST_LINE = [
    *("-c", str(CONFIGS / "base.yaml"), "--classifier", "gatbert.stance_classifier.TextClassifier"),
    *("--data", str(CONFIGS / "raw_data.yaml"), "--trainer.logger.init_args.version", "v20260101120000"),
]
"""A command line as it is typed on a cluster."""


def seconds_of_children() -> float:
    """Return the seconds of computing of all processes that this one has started and that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class CommandLine:
    """Run commands of gatbert with tiny encoders, and keep what they print; words may be paths or numbers, too.

    Args:
        capsys: Captures standard output and error.
        monkeypatch: Restores ``sys.argv``.
    """

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.capsys = capsys
        self.monkeypatch = monkeypatch

    def __call__(self, command: object, *args: object) -> str:
        """Run a command that must succeed, and return its standard output."""
        status, output, error = self.status(command, *args)
        assert status == 0, error
        return output

    def refused(self, command: object, *args: object) -> str:
        """Run a command that must be refused in one sentence, and return the sentence."""
        status, _, error = self.status(command, *args)
        assert status == 2, error
        last = error.strip().splitlines()[-1]
        assert "error: " in last, error
        assert "Traceback" not in error
        return last

    def status(self, command: object, *args: object) -> tuple[int, str, str]:
        """Run a command and return its exit status, standard output and standard error."""
        # Lightning's log handler keeps the stream of the first test, which is closed by now.
        self.monkeypatch.setattr(logging, "raiseExceptions", False)
        name, *words = map(str, (command, *args))
        self.monkeypatch.setattr(sys, "argv", ["gatbert", name, *words])
        try:
            status = run(name, words)
        except SystemExit as exit_:
            status = int(exit_.code or 0)
        captured = self.capsys.readouterr()
        return status, captured.out, captured.err


def run_aside(*words: object) -> None:
    """Run a command outside of any test, for what several tests share."""
    name, *args = map(str, words)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(logging, "raiseExceptions", False)
        patch.setattr(sys, "argv", ["gatbert", name, *args])
        assert run(name, args) == 0


def train_aside(command: str, folder: Path, *args: str) -> Path:
    """Run a training command for tests that share what it leaves, with a cache in the folder, and return its run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        run_aside(command, *args)
    return folder / "results" / "gatbert" / "v1"


def rows_of(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file that a run wrote."""
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def last_scores(folder: Path, stage: str) -> dict[str, float]:
    """Return the last logged value of every score of a stage."""
    found: dict[str, float] = {}
    for row in rows_of(folder / "metrics.csv"):
        found |= {name: float(value) for name, value in row.items() if name.startswith(f"{stage}_") and value}
    return found


def write_data(path: Path, corpus: Path, **options: object) -> Path:
    """Write a ``--data`` file that splits one corpus at random."""
    columns = {"style": "style"}
    init_args = {"partitions": {str(corpus): [0.6, 0.2, 0.2]}, "batch_size": 8, "max_length": 48, "columns": columns}
    class_path = "gatbert.data_modules.RandomSplitDataModule"
    path.write_text(yaml.safe_dump({"class_path": class_path, "init_args": {**init_args, **options}}))
    return path


def training_arguments(encoder: str, results: Path) -> list[str]:
    """Return arguments that train a tiny encoder for two epochs on the CPU."""
    return [
        *("-c", str(CONFIGS / "base.yaml"), "--pretrained_model", encoder),
        *("--trainer.accelerator", "cpu", "--trainer.max_epochs", "2", "--trainer.enable_progress_bar", "false"),
        *("--trainer.enable_model_summary", "false", "--trainer.log_every_n_steps", "1"),
        *("--model.learning_rate", "1e-2"),
        *("--trainer.logger.init_args.save_dir", str(results), "--trainer.logger.init_args.version", "v1"),
    ]


def package_environment() -> dict[str, str]:
    """Return the environment for a process of its own: this checkout, no network, and warnings that are errors."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]
    warnings = ",".join(settings["filterwarnings"])
    return {**os.environ, "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1", "PYTHONWARNINGS": warnings}
