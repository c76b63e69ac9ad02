"""Callbacks that stop at a certain place until a test has sent its signal."""

import time
from pathlib import Path
from typing import Any

import lightning.pytorch as pl

HERE, GO_ON = "here.txt", "go_on.txt"
"""Files of the run folder: the callback is at its place; the test has done what it wanted."""


def wait_here(trainer: pl.Trainer) -> None:
    """Say that the place is reached, and wait for the test."""
    folder = Path(trainer.log_dir or "")
    (folder / HERE).touch()
    end = time.monotonic() + 60
    while not (folder / GO_ON).exists() and time.monotonic() < end:
        time.sleep(0.02)


class StopInFifthBatch(pl.Callback):
    """Wait in a batch of training."""

    def on_train_batch_start(
        self, trainer: pl.Trainer, pl_module: pl.LightningModule, batch: Any, batch_idx: int
    ) -> None:
        """Wait in the fifth batch."""
        if batch_idx == 4:
            wait_here(trainer)


class StopBeforeTraining(pl.Callback):
    """Wait before the first batch."""

    def on_fit_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Wait until a signal comes."""
        wait_here(trainer)


class StopInTest(pl.Callback):
    """Wait in the first batch of a test."""

    def on_test_batch_start(
        self, trainer: pl.Trainer, pl_module: pl.LightningModule, batch: Any, batch_idx: int, dataloader_idx: int = 0
    ) -> None:
        """Wait in the first batch."""
        if batch_idx == 0:
            wait_here(trainer)
