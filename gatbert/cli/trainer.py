"""The trainer: Lightning's, that can also train and test in one go, and takes up nothing that it was not told to."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from typing import Any

import lightning.pytorch as pl
from lightning.fabric.utilities.exceptions import MisconfigurationException
from lightning.pytorch.callbacks import LearningRateMonitor, RichProgressBar
from lightning.pytorch.loggers import CSVLogger, TensorBoardLogger
from lightning.pytorch.plugins.io import TorchCheckpointIO
from lightning.pytorch.utilities import rank_zero_only

from gatbert.callbacks import LastCheckpoint, ModelSize, PredictionWriter, RunProgress, ScoreTable
from gatbert.callbacks.run_folder import used_folder
from gatbert.data_modules import StanceDataModule
from gatbert.errors import UserError
from gatbert.errors.libraries import CALLBACKS, FAST_DEV_RUN
from gatbert.files.manifest import has_manifest
from gatbert.pretrained.checkpoints import read_checkpoint
from gatbert.ranges import Share, check_ranges

TRAINER_DEFAULTS = {
    "max_epochs": 10,
    # The samplers of StanceDataModule share the batches among processes themselves.
    "use_distributed_sampler": False,
    "num_sanity_val_steps": 0,
    "log_every_n_steps": 10,
    "enable_model_summary": False,  # ModelSize says what is worth to know, in one line
    "logger": {"class_path": "TensorBoardLogger", "init_args": {"save_dir": "results", "name": "gatbert"}},
}

OWN_CALLBACKS = (LastCheckpoint, PredictionWriter, ScoreTable, ModelSize)

EVALUATIONS = ("validate", "test", "predict")
"""Commands that train nothing."""


def trainer_defaults() -> dict[str, Any]:
    """Return the arguments of a trainer where the user gives no others."""
    return {**TRAINER_DEFAULTS, "callbacks": [callback() for callback in OWN_CALLBACKS]}


class StanceTrainer(pl.Trainer):
    """A Lightning trainer that can also train and test in one go."""

    def fit_and_test(
        self, model: pl.LightningModule, datamodule: StanceDataModule, ckpt_path: str | None = None
    ) -> None:
        """Train, then test the best checkpoint.

        Args:
            model: Module to train.
            datamodule: Data with train, val and test.
            ckpt_path: Checkpoint from which training goes on.
        """
        datamodule.require("test")
        self.fit(model, datamodule=datamodule, ckpt_path=ckpt_path)
        best = getattr(self.checkpoint_callback, "best_model_path", "")
        if not best and not FAST_DEV_RUN.read_from(self) and self.is_global_zero:
            print("No validation chose a checkpoint; the weights after the last step are tested")  # noqa: T201
        # A fast_dev_run saves no checkpoint: it tests the weights in memory.
        self.test(model, datamodule=datamodule, ckpt_path="best" if best else None, verbose=False)

    def predict(self, *args: Any, abstain_below: Share | None = None, **kwargs: Any) -> Any:
        """Predict the stances of all samples of data.predict; gatbert predict MODEL FILE predicts any file.

        Args:
            args: Those of Lightning's trainer.
            abstain_below: Probability of the likeliest stance below which the predicted stance is left empty.
            kwargs: Those of Lightning's trainer.
        """
        check_ranges(StanceTrainer.predict, {"abstain_below": abstain_below}, "--")
        self.abstain_below = abstain_below
        return super().predict(*args, **kwargs)

    @property
    def default_root_dir(self) -> str:
        """The run folder, if there is one: under Slurm, Lightning goes on from any ``hpc_ckpt_*`` in it."""
        # While the trainer is being built it has no loggers yet.
        folders = [logger.log_dir for logger in getattr(self, "loggers", ()) if logger.log_dir]
        return folders[0] if folders else super().default_root_dir


def equip(trainer: pl.Trainer) -> None:
    """Let metrics.csv join the TensorBoard events in their folder, and the learning rate both; show the time left.

    A progress bar of the user's own, or none, stays. What it can test is exports, too.

    Raises:
        UserError: If the folder holds what a run has left.
    """
    if type(trainer.strategy.checkpoint_io) is TorchCheckpointIO:
        trainer.strategy.checkpoint_io = _CheckpointFiles()
    callbacks: list[pl.Callback] = CALLBACKS.read_from(trainer)
    callbacks[:] = [RunProgress() if type(one) is RichProgressBar else one for one in callbacks]
    for logger in trainer.loggers:
        if isinstance(logger, TensorBoardLogger):
            _refuse_used_folder(Path(logger.log_dir))
            trainer.loggers = [*trainer.loggers, CSVLogger(logger.root_dir, name="", version=logger.version)]
            callbacks.append(LearningRateMonitor("step"))
            break


@rank_zero_only
def _refuse_used_folder(folder: Path) -> None:
    if (holds := used_folder(folder)) is not None:
        raise UserError(
            f"{folder} already holds {holds}; give another --trainer.logger.init_args.version or "
            "--trainer.logger.init_args.name"
        )


def refuse_foreign_checkpoints(trainer: pl.Trainer) -> None:
    """Refuse to train where a checkpoint lies that nobody named, and from which Lightning would go on in silence.

    Raises:
        UserError: If there is an ``hpc_ckpt_*.ckpt``.
    """
    for path in sorted(Path(trainer.default_root_dir).glob("hpc_ckpt_*.ckpt")):
        raise UserError(f"{path} would be taken up without a word under Slurm; remove it, or move it elsewhere")


def refuse_fewer_processes(trainer: pl.Trainer) -> None:
    """Refuse to train on fewer devices than were asked for, as Lightning does where Slurm starts fewer tasks.

    Raises:
        UserError: If there are fewer.
    """
    asked = trainer.num_devices * trainer.num_nodes
    if trainer.world_size != asked:
        raise UserError(
            f"--trainer.devices and --trainer.num_nodes ask for {asked} processes, {trainer.world_size} are started; "
            f"under Slurm, start one task for each device (srun --ntasks={asked}), or ask for {trainer.world_size}"
        )


class _CheckpointFiles(TorchCheckpointIO):
    """Load checkpoints as Lightning does, and exports as ``read_checkpoint`` does."""

    def load_checkpoint(self, path: str | Path, *args: Any, **kwargs: Any) -> dict[str, Any]:
        if not has_manifest(Path(path)):
            return super().load_checkpoint(path, *args, **kwargs)
        return {**read_checkpoint(path), "pytorch-lightning_version": metadata.version("lightning")}


@contextmanager
def lightnings_refusals() -> Iterator[None]:
    """Report as the user's mistake what Lightning itself refuses among the arguments of its trainer.

    Raises:
        UserError: With the words of Lightning.
    """
    try:
        yield
    except (ValueError, TypeError, MisconfigurationException) as error:
        *_, last = traceback.walk_tb(error.__traceback__)
        raised_in = str(last[0].f_globals.get("__name__"))
        if isinstance(error, UserError) or not raised_in.startswith("lightning."):
            raise
        raise UserError(f"the trainer refuses its arguments: {' '.join(str(error).split())}") from error
