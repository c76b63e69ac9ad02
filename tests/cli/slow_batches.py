"""Callbacks that leave a test the time to send a signal at a certain place."""

import time
from pathlib import Path
from typing import Any

import lightning.pytorch as pl


class SlowBatches(pl.Callback):
    """Write the number of each batch, and wait."""

    def on_train_batch_start(
        self, trainer: pl.Trainer, pl_module: pl.LightningModule, batch: Any, batch_idx: int
    ) -> None:
        """Wait in a batch."""
        (Path(trainer.log_dir or "") / "slow_batches.txt").write_text(str(batch_idx))
        time.sleep(0.2)


class SlowStart(pl.Callback):
    """Wait before the first batch."""

    def on_fit_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Wait until a signal comes."""
        time.sleep(60)


class SlowTest(pl.Callback):
    """Say that the test has begun, and wait in each of its batches."""

    def on_test_batch_start(self, trainer: pl.Trainer, *_: Any) -> None:
        """Wait in a batch."""
        (Path(trainer.log_dir or "") / "slow_test.txt").write_text("")
        time.sleep(0.5)
