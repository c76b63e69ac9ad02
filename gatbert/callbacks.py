"""What a run leaves in its folder and on the screen: config, record, predictions, scores."""

import csv
import json
import os
import platform
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import datetime, timezone
from importlib import metadata
from pathlib import Path
from typing import Any, cast

import lightning.pytorch as pl
import torch
from lightning.pytorch.callbacks import ModelCheckpoint
from lightning.pytorch.cli import SaveConfigCallback
from rich.console import Console
from rich.table import Table
from torch import Tensor

import gatbert
from gatbert.batches import REPEATED, Batch
from gatbert.metrics import metric_names
from gatbert.samples import Sample

RECORDED_PACKAGES = ("torch", "lightning", "transformers", "torch-geometric", "torchmetrics", "jsonargparse", "numpy")


class RunFolder(SaveConfigCallback):
    """Keep ``config.yaml``, which runs again as it is, and ``run.json``: what ran, on what, and how it ended.

    ``run.json`` holds the status (running, finished, interrupted or failed), commit, versions, host, Slurm ids,
    checksums of the data, the manifest of the splits, the best checkpoint, time and peak memory.
    """

    def setup(self, trainer: pl.Trainer, pl_module: pl.LightningModule, stage: str) -> None:
        """Save config and record before the run begins."""
        # Asking for log_dir is a broadcast: every process must ask, and save_config runs on the first alone.
        self._folder = Path(trainer.log_dir or trainer.default_root_dir)
        super().setup(trainer, pl_module, stage)

    def save_config(self, trainer: pl.Trainer, pl_module: pl.LightningModule, stage: str) -> None:
        """Write ``run.json`` for the first time."""
        self._started = time.time()
        self._record = {
            "status": "running",
            "command": sys.argv,
            "started": _now(),
            "gatbert": gatbert.__version__,
            "git_commit": _git_commit(),
            "python": platform.python_version(),
            "versions": {name: metadata.version(name) for name in RECORDED_PACKAGES},
            "host": socket.gethostname(),
            "device": _device(),
            "num_processes": trainer.world_size,
            "slurm": {k: v for k, v in os.environ.items() if k.startswith(("SLURM_JOB", "SLURM_ARRAY"))},
            "data": trainer.datamodule.provenance() if hasattr(trainer, "datamodule") else None,
        }
        self._write(trainer)

    def on_exception(self, trainer: pl.Trainer, pl_module: pl.LightningModule, exception: BaseException) -> None:
        """Record how the run ended, if it ended early."""
        interrupted = isinstance(exception, KeyboardInterrupt)
        self.finish(trainer, "interrupted" if interrupted else "failed")
        last = [c.best_model_path for c in trainer.checkpoint_callbacks if isinstance(c, LastCheckpoint)]
        if interrupted and trainer.is_global_zero and last:
            go_on = f"go on in a new folder with --ckpt_path {last[0]}" if last[0] else "no epoch was complete"
            Console(stderr=True, soft_wrap=True).print(f"gatbert: interrupted; {go_on}")

    def finish(self, trainer: pl.Trainer, status: str = "finished") -> None:
        """Record the end of the run, on the first process."""
        if self.already_saved and trainer.is_global_zero:
            self._record["status"] = status
            self._write(trainer)

    def _write(self, trainer: pl.Trainer) -> None:
        checkpoint = trainer.checkpoint_callback
        if isinstance(checkpoint, ModelCheckpoint) and checkpoint.best_model_path:
            score = checkpoint.best_model_score
            self._record["best_checkpoint"] = {
                "path": os.path.relpath(checkpoint.best_model_path, self._folder),
                "monitor": checkpoint.monitor,
                "score": None if score is None else float(score),
            }
        self._record |= {"ended": _now(), "elapsed_s": round(time.time() - self._started, 3), **_peak_memory()}
        write_whole(self._folder / "run.json", json.dumps(self._record, indent=2, default=str) + "\n")


class LastCheckpoint(ModelCheckpoint):
    """Keep ``last.ckpt``, from which an interrupted run goes on, up to date after every epoch, best or not."""

    def __init__(self) -> None:
        super().__init__(filename="last", save_on_train_epoch_end=True, enable_version_counter=False)


class PredictionWriter(pl.Callback):
    """Write ``predictions.<stage>.csv``: id, target, gold, predicted, one probability a stance, and the meta flags.

    Each sample stands there once, in the order of the corpus, however many processes shared the work. The validation
    epochs of a training run write nothing.
    """

    def __init__(self) -> None:
        self._rows: list[tuple[Tensor, Tensor]] = []

    def on_validation_batch_end(
        self, trainer: pl.Trainer, pl_module: pl.LightningModule, outputs: Any, batch: Batch, *_: Any
    ) -> None:
        """Keep the predictions of one batch."""
        if trainer.state.fn == "validate":
            self._rows.append((batch.sample_index, outputs))

    def on_test_batch_end(
        self, trainer: pl.Trainer, pl_module: pl.LightningModule, outputs: Any, batch: Batch, *_: Any
    ) -> None:
        """Keep the predictions of one batch."""
        self._rows.append((batch.sample_index, outputs))

    def on_predict_batch_end(
        self, trainer: pl.Trainer, pl_module: pl.LightningModule, outputs: Any, batch: Batch, *_: Any
    ) -> None:
        """Keep the predictions of one batch."""
        self._rows.append((batch.sample_index, outputs))

    def on_validation_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Write ``predictions.val.csv``."""
        self._write(trainer, pl_module, "val")

    def on_test_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Write ``predictions.test.csv``."""
        self._write(trainer, pl_module, "test")

    def on_predict_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Write ``predictions.predict.csv``."""
        self._write(trainer, pl_module, "predict")

    def _write(self, trainer: pl.Trainer, pl_module: pl.LightningModule, split: str) -> None:
        if not self._rows:
            return
        index = torch.cat([rows[0] for rows in self._rows]).cpu()
        probabilities = torch.cat([rows[1] for rows in self._rows]).float().cpu()
        self._rows = []
        parts = [(index, probabilities)]
        if trainer.world_size > 1:
            parts = [parts[0]] * trainer.world_size
            torch.distributed.all_gather_object(parts, (index, probabilities))
        log_dir = trainer.log_dir
        if trainer.is_global_zero and log_dir is not None and hasattr(trainer, "datamodule"):
            by_sample = dict(row for part in parts for row in zip(part[0].tolist(), part[1], strict=True))
            by_sample.pop(REPEATED, None)
            path = Path(log_dir) / f"predictions.{split}.csv"
            write_predictions(path, trainer.datamodule.samples(split), by_sample, _stances(pl_module))


class ScoreTable(pl.Callback):
    """Print the scores of an evaluation as a table."""

    def on_validation_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Print the validation scores, unless this is an epoch of a training run."""
        if trainer.state.fn == "validate":
            _print_scores(trainer, _stances(pl_module), "val")

    def on_test_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Print the test scores."""
        _print_scores(trainer, _stances(pl_module), "test")


def write_predictions(
    path: Path, samples: Sequence[Sample], probabilities: dict[int, Tensor], stances: Sequence[str]
) -> None:
    """Write one row a sample.

    Args:
        path: CSV file to write.
        samples: All samples of the split.
        probabilities: Stance probabilities ``(stances,)`` by position in ``samples``.
        stances: Label set, in the order of the probabilities.
    """
    flags = list(dict.fromkeys(flag for sample in samples for flag in sample.meta))
    aside = path.with_name(f".{path.name}.partial")
    with aside.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["id", "target", "gold", "predicted", *(f"prob_{stance}" for stance in stances), *flags])
        for index in sorted(probabilities):
            sample, row = samples[index], probabilities[index]
            predicted = stances[int(row.argmax())]
            numbers = [f"{value:.9g}" for value in row.tolist()]
            meta = [sample.meta.get(flag, "") for flag in flags]
            writer.writerow([sample.id, sample.target, sample.stance or "", predicted, *numbers, *meta])
    aside.replace(path)


def write_whole(path: Path, text: str) -> None:
    """Write a file aside and rename it, so that a reader never sees half of it."""
    aside = path.with_name(f".{path.name}.partial")
    aside.write_text(text, encoding="utf-8")
    aside.replace(path)


def _print_scores(trainer: pl.Trainer, stances: Sequence[str], stage: str) -> None:
    if not trainer.is_global_zero:
        return
    scores = {name: float(value) for name, value in trainer.callback_metrics.items()}
    table = Table(title=f"{stage} scores", title_justify="left")
    table.add_column("stance")
    for column in ("precision", "recall", "F1"):
        table.add_column(column, justify="right")
    for stance in stances:
        table.add_row(
            stance, *(f"{scores[f'{stage}_{score}_{stance}']:.4f}" for score in ("precision", "recall", "f1"))
        )
    table.add_section()
    for name in ["loss", *metric_names(stances)]:
        if name.rpartition("_")[2] not in stances:
            table.add_row(f"{stage}_{name}", "", "", f"{scores[f'{stage}_{name}']:.4f}")
    Console().print(table)


def _stances(module: pl.LightningModule) -> Sequence[str]:
    return cast(Sequence[str], module.stances)


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="seconds")


def _device() -> str:
    return torch.cuda.get_device_name() if torch.cuda.is_available() else platform.processor() or platform.machine()


def _peak_memory() -> dict[str, float]:
    # ru_maxrss counts kilobytes on Linux and bytes on macOS.
    unit = 2**20 if sys.platform == "darwin" else 2**10
    record = {"peak_memory_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit, 1)}
    if torch.cuda.is_available():
        record["peak_gpu_memory_mib"] = round(torch.cuda.max_memory_allocated() / 2**20, 1)
    return record


def _git_commit() -> str | None:
    """Return the commit of the checkout that gatbert runs from, with ``-dirty`` where files differ from it."""
    command = ["git", "-C", str(Path(__file__).parent), "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=10).stdout.strip()  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return None
