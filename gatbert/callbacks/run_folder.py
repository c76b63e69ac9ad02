"""The record of a run in its folder: what ran, on what, and how it ended."""

import os
import platform
import resource
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace
from importlib import metadata
from pathlib import Path

import lightning.pytorch as pl
import torch
from lightning.pytorch.callbacks import ModelCheckpoint
from lightning.pytorch.cli import SaveConfigCallback

from gatbert.batches import Batch
from gatbert.errors import UserError
from gatbert.evaluation.run_record import BestCheckpoint, RunRecord, Status, read_status, write_record
from gatbert.files.records import timestamp
from gatbert.version import __version__

RECORDED_PACKAGES = ("torch", "lightning", "transformers", "torch-geometric", "torchmetrics", "jsonargparse", "numpy")
MIB = 2**20


class RunFolder(SaveConfigCallback):
    """Keep ``config.yaml``, which runs again as it is, and ``run.json``, a ``RunRecord``."""

    _train_samples = 0
    _train_s = 0.0

    def setup(self, trainer: pl.Trainer, pl_module: pl.LightningModule, stage: str) -> None:
        """Save config and record before the run begins.

        Raises:
            UserError: If another run has begun in the folder since it was chosen.
        """
        # Asking for log_dir is a broadcast: every process must ask, and save_config runs on the first alone.
        self._folder = Path(trainer.log_dir or trainer.default_root_dir)
        is_taken = not self.already_saved and (self._folder / self.config_filename).exists()
        if trainer.strategy.broadcast(is_taken):
            raise UserError(f"{self._folder} was taken by a run that began at the same moment; start this one again")
        super().setup(trainer, pl_module, stage)

    def save_config(self, trainer: pl.Trainer, pl_module: pl.LightningModule, stage: str) -> None:
        """Write ``run.json`` for the first time."""
        self._started = time.time()
        self._record = RunRecord(
            status="running",
            command=tuple(sys.argv),
            started=timestamp(),
            gatbert=__version__,
            git_commit=_git_commit(),
            python=platform.python_version(),
            versions={name: metadata.version(name) for name in RECORDED_PACKAGES},
            host=socket.gethostname(),
            device=_device(),
            num_processes=trainer.world_size,
            slurm={name: value for name, value in os.environ.items() if name.startswith(("SLURM_JOB", "SLURM_ARRAY"))},
            data=trainer.datamodule.provenance() if hasattr(trainer, "datamodule") else None,
        )
        self._write(trainer)

    def on_train_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Begin to count what training costs."""
        self._train_samples, self._train_started = 0, time.time()

    def on_train_batch_end(
        self, trainer: pl.Trainer, pl_module: pl.LightningModule, outputs: object, batch: Batch, batch_idx: int
    ) -> None:
        """Count a batch; the time is that of training and of the validation between."""
        self._train_samples += len(batch) * trainer.world_size
        self._train_s = round(time.time() - self._train_started, 3)

    def finish(self, trainer: pl.Trainer, status: Status, signal_name: str | None = None) -> None:
        """Record the end of the run, on the first process, and say where it lies.

        Args:
            trainer: The trainer of the run.
            status: How it ended.
            signal_name: What interrupted it.
        """
        if self.already_saved and trainer.is_global_zero:
            self._record = replace(self._record, status=status, interrupted_by=signal_name)
            self._write(trainer)
            if status == "finished":
                print(f"Everything was written to {self._folder}{_checkpoint_sizes(self._folder)}")  # noqa: T201

    def forget(self, trainer: pl.Trainer) -> None:
        """Remove what a run wrote that was refused before its first batch."""
        if self.already_saved and trainer.is_global_zero and not self._train_samples:
            used_folder(self._folder)
            with suppress(OSError):  # it holds something else
                self._folder.rmdir()

    def _write(self, trainer: pl.Trainer) -> None:
        """Bring the record up to date, and write it."""
        peak_memory, peak_gpu_memory = _peak_memory_mib()
        self._record = replace(
            self._record,
            best_checkpoint=_best_checkpoint(trainer, self._folder),
            decision=None if trainer.state.fn == "fit" else getattr(trainer.lightning_module, "decision", None),
            train_samples=self._train_samples or None,
            train_s=self._train_s if self._train_samples else None,
            ended=timestamp(),
            elapsed_s=round(time.time() - self._started, 3),
            peak_memory_mib=peak_memory,
            peak_gpu_memory_mib=peak_gpu_memory,
        )
        write_record(self._folder, self._record)


def used_folder(folder: Path) -> str | None:
    """Return what a run folder holds that must stay; ``None`` if a run may begin there.

    What a run left that was stopped before it had anything to keep is removed.
    """
    if not (folder / "config.yaml").exists():
        return None
    status = read_status(folder)
    kept = [*folder.glob("checkpoints/*"), *folder.glob("predictions.*")]
    if status in ("interrupted", "failed") and not kept:
        for pattern in LEFT_BY_A_RUN:
            for path in folder.glob(pattern):
                path.unlink()
        return None
    # Elsewhere: config, record and metrics here are those of the attempt that stopped.
    last = folder / "checkpoints" / "last.ckpt"
    go_on = f"; it goes on with --ckpt_path {last} in another folder" if status != "finished" and last.exists() else ""
    return f"a run ({status}), which stays as it is{go_on}"


LEFT_BY_A_RUN = ("config.yaml", "run.json", "metrics.csv", "hparams.yaml", "events.out.tfevents.*")


def _checkpoint_sizes(folder: Path) -> str:
    """Return the checkpoints with their sizes: a last one is several times the size of a best one."""
    sizes = {path.name: path.stat().st_size / 1e6 for path in sorted(folder.glob("checkpoints/*.ckpt"))}
    told = ", ".join(f"{name} {size:,.3g} MB" for name, size in sizes.items())
    return f" (checkpoints: {told})" if told else ""


def _device() -> str:
    return torch.cuda.get_device_name() if torch.cuda.is_available() else platform.processor() or platform.machine()


def _best_checkpoint(trainer: pl.Trainer, folder: Path) -> BestCheckpoint | None:
    """Return the best checkpoint so far, if there is one."""
    checkpoint = trainer.checkpoint_callback
    if not isinstance(checkpoint, ModelCheckpoint) or not checkpoint.best_model_path:
        return None
    score = checkpoint.best_model_score
    path = os.path.relpath(checkpoint.best_model_path, folder)
    return BestCheckpoint(path, checkpoint.monitor, None if score is None else float(score))


def _peak_memory_mib() -> tuple[float, float | None]:
    """Return the most memory of this process, and the most on its GPU, if it has one."""
    # ru_maxrss counts kilobytes on Linux and bytes on macOS.
    unit = MIB if sys.platform == "darwin" else 2**10
    own = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit, 1)
    return own, round(torch.cuda.max_memory_allocated() / MIB, 1) if torch.cuda.is_available() else None


def _git_commit() -> str | None:
    """Return the commit of the checkout that gatbert runs from, with ``-dirty`` where files differ from it."""
    command = ["git", "-C", str(Path(__file__).parent), "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=10).stdout.strip()  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return None
