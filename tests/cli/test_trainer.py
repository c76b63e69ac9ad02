"""The trainer takes up nothing that it was not told to."""

import csv
from pathlib import Path

import pytest

from tests.command_line import CommandLine
from tests.command_lines.slurm import SLURM


def test_a_checkpoint_of_lightnings_that_nobody_named_is_not_taken_up(
    command_line: CommandLine, common: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command_line("fit", *common, "--trainer.max_epochs", "1")
    folder = tmp_path / "results" / "gatbert" / "v1"
    here = tmp_path / "here"
    here.mkdir()
    (here / "hpc_ckpt_1.ckpt").write_bytes((folder / "checkpoints" / "last.ckpt").read_bytes())
    monkeypatch.chdir(here)
    for name, value in SLURM.items():
        monkeypatch.setenv(name, value)
    command_line("fit", *common, "--trainer.max_epochs", "1", "--trainer.logger.init_args.version", "v2")
    scores = [
        [row["val_loss"] for row in metrics(folder.with_name(name)) if row.get("val_loss")] for name in ("v1", "v2")
    ]
    assert scores[0] == scores[1]
    refused = command_line.refused("fit", *common, "--trainer.max_epochs", "1", "--trainer.logger", "false")
    assert "hpc_ckpt_1.ckpt would be taken up" in refused


def test_fewer_tasks_than_devices_are_refused(
    command_line: CommandLine, common: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in SLURM.items():
        monkeypatch.setenv(name, value)
    assert "ask for 2 processes, 1 are started" in command_line.refused("fit", *common, "--trainer.devices", "2")


def metrics(folder: Path) -> list[dict[str, str]]:
    """Return the rows of ``metrics.csv``."""
    with (folder / "metrics.csv").open(newline="") as file:
        return list(csv.DictReader(file))
