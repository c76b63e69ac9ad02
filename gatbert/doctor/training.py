"""Whether model, data and trainer can be built, and how long the training takes by a few measured steps of it."""

import math
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

import lightning.pytorch as pl
import torch
from lightning.fabric.plugins.environments.lightning import LightningEnvironment

from gatbert.cli.parsed_cli import ParsedCLI
from gatbert.data_modules import StanceDataModule
from gatbert.doctor.asked_run import AskedRun
from gatbert.doctor.findings import Finding
from gatbert.doctor.slurm import seconds_left

WARM_UP = 2
"""Steps before the measured ones, in which libraries are loaded and memory is taken."""

SHARE_OF_VALIDATION = 1 / 3
"""Time of a batch that is only read, as a share of one that is trained on: backward takes twice as long as forward."""

LIKE_THE_RUN = ("accelerator", "precision", "accumulate_grad_batches", "gradient_clip_val", "deterministic")
"""What the measured training has from that of the run."""


def look_at_training(run: AskedRun) -> Iterator[Finding]:
    """Build the run, train some steps of it, and compare the time that all would take with what Slurm leaves."""
    with tempfile.TemporaryDirectory(prefix="gatbert-doctor-") as folder:
        run.config.data.init_args.cache_dir = folder  # nothing of this stays
        run.cli.build()
        if run.steps == 0:
            yield Finding("ok", "model, data and trainer can be built; no step was measured")
            return
        seconds = _seconds_per_batch(run.cli, run.steps)
        yield from _told(run, seconds, _Length.of(run.cli))


def _told(run: AskedRun, seconds: float, length: "_Length") -> Iterator[Finding]:
    """Say how long the run takes, and whether that is as long as its job may take."""
    if length.epochs == math.inf:
        yield Finding("warning", "the training has no end", "give --trainer.max_epochs or --trainer.max_steps")
        return
    whole, least = (epochs * length.batches * seconds for epochs in (length.epochs, length.least_epochs))
    told = (
        f"{_duration(whole)} for {length.epochs:.3g} epochs of {length.train_batches:,} batches, by {run.steps} steps "
        f"of {seconds:.2g} s here"
    )
    left = seconds_left()
    if left is None or whole <= left:
        yield Finding("ok", told)
        return
    what = f"{told}; the job has {_duration(max(0.0, left))} left"
    if least > left:
        yield Finding("fault", what, "ask Slurm for more (--time), or give fewer --trainer.max_epochs")
    else:
        yield Finding("warning", what, "if early stopping does not end it, last.ckpt goes on; or ask for more (--time)")


def _seconds_per_batch(cli: ParsedCLI, steps: int) -> float:
    """Return the seconds of a batch of training on one device: forward, backward, and its share of a step."""
    clock = _Clock(WARM_UP + steps)
    settings: dict[str, Any] = {name: cli.config.trainer[name] for name in LIKE_THE_RUN}
    trainer = pl.Trainer(
        **settings,
        devices=1,
        max_steps=WARM_UP + steps,
        max_epochs=-1,
        limit_val_batches=0,
        callbacks=[clock],
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        use_distributed_sampler=False,
        plugins=[LightningEnvironment()],  # one process, whatever Slurm has started
    )
    trainer.fit(cli.model, datamodule=cli.datamodule)
    return clock.seconds_after(WARM_UP)


class _Clock(pl.Callback):
    """Note when each batch has ended, and end the training after some."""

    def __init__(self, num_batches: int) -> None:
        self.num_batches = num_batches
        self.ends: list[float] = []

    def on_train_batch_end(self, trainer: pl.Trainer, *_: object) -> None:
        """Note the time, once a GPU has done what it was given."""
        if torch.cuda.is_available():
            torch.cuda.synchronize()
        self.ends.append(time.perf_counter())
        trainer.should_stop = len(self.ends) >= self.num_batches

    def seconds_after(self, first: int) -> float:
        """Return the mean seconds of a batch after the first ones."""
        return (self.ends[-1] - self.ends[first - 1]) / (len(self.ends) - first)


@dataclass(frozen=True)
class _Length:
    """Say how much a run computes.

    Attributes:
        train_batches: Batches of an epoch that one process trains on.
        val_batches: Batches of one validation.
        epochs: Epochs, at most; a training by steps may have a part of one.
        least_epochs: Epochs before early stopping can end it.
    """

    train_batches: int
    val_batches: int
    epochs: float
    least_epochs: float

    @property
    def batches(self) -> float:
        """Batches of an epoch, those of validation by their share."""
        return self.train_batches + SHARE_OF_VALIDATION * self.val_batches

    @classmethod
    def of(cls, cli: ParsedCLI) -> "_Length":
        """Return what a run that was built, and whose data are encoded, computes."""
        trainer, data = cli.trainer, cast(StanceDataModule, cli.datamodule)
        train = _limited(len(data.train_dataloader()) / trainer.world_size, trainer.limit_train_batches)
        val = _limited(len(data.val_dataloader()) / trainer.world_size, trainer.limit_val_batches)
        epochs = math.inf if trainer.max_epochs in (None, -1) else float(trainer.max_epochs)
        if trainer.max_steps != -1:
            epochs = min(epochs, trainer.max_steps * trainer.accumulate_grad_batches / train)
        return cls(train, val, epochs, min(epochs, cli.config.early_stopping.patience + 1))


def _limited(batches: float, limit: float | None) -> int:
    """Return how many batches are left by a limit, which is a number of them or a share."""
    whole = math.ceil(batches)
    return whole if limit is None else min(whole, limit) if isinstance(limit, int) else max(1, int(whole * limit))


def _duration(seconds: float) -> str:
    """Return a time in the unit that fits."""
    for unit, size in (("h", 3600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.0f} s"
