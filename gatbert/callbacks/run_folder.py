"""The record of a run in its folder: what ran, on what, and how it ended."""

import json
import os
import platform
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timezone
from importlib import metadata
from pathlib import Path
from types import MappingProxyType
from typing import Any

import lightning.pytorch as pl
import torch
from lightning.pytorch.callbacks import ModelCheckpoint
from lightning.pytorch.cli import SaveConfigCallback

from gatbert.batches import Batch
from gatbert.files.paths import write_atomically
from gatbert.version import __version__

RECORDED_PACKAGES = ("torch", "lightning", "transformers", "torch-geometric", "torchmetrics", "jsonargparse", "numpy")


class RunFolder(SaveConfigCallback):
    """Keep ``config.yaml``, which runs again as it is, and ``run.json``: what ran, on what, and how it ended.

    ``run.json`` holds the status (running, finished, interrupted or failed), commit, versions, host, Slurm ids,
    checksums of the data, the manifest of the splits, the best checkpoint, time and peak memory.
    """

    _trained: Mapping[str, float] = MappingProxyType({})

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
            "gatbert": __version__,
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

    def on_train_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Begin to count what training costs."""
        self._train_samples, self._train_started = 0, time.time()

    def on_train_batch_end(
        self, trainer: pl.Trainer, pl_module: pl.LightningModule, outputs: Any, batch: Batch, batch_idx: int
    ) -> None:
        """Count a batch; the time is that of training and of the validation between."""
        self._train_samples += len(batch) * trainer.world_size
        self._trained = {
            "train_samples": self._train_samples,
            "train_s": round(time.time() - self._train_started, 3),
        }

    def finish(self, trainer: pl.Trainer, status: str, signal_name: str | None = None) -> None:
        """Record the end of the run, on the first process, and say where it lies.

        Args:
            trainer: The trainer of the run.
            status: finished, interrupted or failed.
            signal_name: What interrupted it.
        """
        if self.already_saved and trainer.is_global_zero:
            self._record["status"] = status
            if signal_name is not None:
                self._record["interrupted_by"] = signal_name
            self._write(trainer)
            if status == "finished":
                print(f"Everything was written to {self._folder}{_checkpoint_sizes(self._folder)}")  # noqa: T201

    def forget(self, trainer: pl.Trainer) -> None:
        """Remove what a run wrote that was refused before its first batch."""
        if self.already_saved and trainer.is_global_zero and not self._trained:
            used_folder(self._folder)
            with suppress(OSError):  # it holds something else
                self._folder.rmdir()

    def _write(self, trainer: pl.Trainer) -> None:
        checkpoint = trainer.checkpoint_callback
        if isinstance(checkpoint, ModelCheckpoint) and checkpoint.best_model_path:
            score = checkpoint.best_model_score
            self._record["best_checkpoint"] = {
                "path": os.path.relpath(checkpoint.best_model_path, self._folder),
                "monitor": checkpoint.monitor,
                "score": None if score is None else float(score),
            }
        self._record |= self._trained
        self._record |= {"ended": _now(), "elapsed_s": round(time.time() - self._started, 3), **_peak_memory()}
        write_atomically(self._folder / "run.json", json.dumps(self._record, indent=2, default=str) + "\n")


def used_folder(folder: Path) -> str | None:
    """Return what a run folder holds that must stay; ``None`` if a run may begin there.

    What a run left that was stopped before it had anything to keep is removed.
    """
    if not (folder / "config.yaml").exists():
        return None
    try:
        status = json.loads((folder / "run.json").read_text(encoding="utf-8"))["status"]
    except (OSError, ValueError, KeyError, TypeError):
        status = "unknown"
    kept = [*folder.glob("checkpoints/*"), *folder.glob("predictions.*")]
    if status in ("interrupted", "failed") and not kept:
        for pattern in LEFT_BY_A_RUN:
            for path in folder.glob(pattern):
                path.unlink()
        return None
    last = folder / "checkpoints" / "last.ckpt"
    go_on = f"; it goes on with --ckpt_path {last} in another folder" if status != "finished" and last.exists() else ""
    return f"a run ({status}), which stays as it is{go_on}"


LEFT_BY_A_RUN = ("config.yaml", "run.json", "metrics.csv", "hparams.yaml", "events.out.tfevents.*")


def _checkpoint_sizes(folder: Path) -> str:
    """Return the checkpoints with their sizes: a last one is several times the size of a best one."""
    sizes = {path.name: path.stat().st_size / 1e6 for path in sorted(folder.glob("checkpoints/*.ckpt"))}
    told = ", ".join(f"{name} {size:,.3g} MB" for name, size in sizes.items())
    return f" (checkpoints: {told})" if told else ""


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
