"""One command of training: it runs, and its record says how it ended, whatever ended it."""

import sys
from signal import SIGINT
from typing import Any

import lightning.pytorch as pl
from lightning.pytorch.callbacks import ModelCheckpoint

from gatbert.callbacks import GracefulStop, LastCheckpoint, RunFolder
from gatbert.cli.trainer import EVALUATIONS, lightnings_refusals
from gatbert.errors import UserError
from gatbert.errors.libraries import CALLBACKS
from gatbert.evaluation.run_record import Status


class RecordedRun:
    """Run one command of a trainer, and record how it ended.

    Args:
        command: Name of the command, which is that of the trainer's method.
        trainer: The trainer; it gets one more callback, after all others.
    """

    def __init__(self, command: str, trainer: pl.Trainer) -> None:
        self.command = command
        self.trainer = trainer
        self.stop = GracefulStop()
        callbacks: list[pl.Callback] = CALLBACKS.read_from(trainer)
        # A fast_dev_run has no folder.
        self.folders = [callback for callback in callbacks if isinstance(callback, RunFolder)]
        callbacks.append(self.stop)

    def run(self, **arguments: Any) -> None:
        """Run the command.

        Args:
            arguments: Those of the trainer's method.

        Raises:
            SystemExit: If a signal ended it, with 128 and the number of the signal.
        """
        with self.stop:
            try:
                with lightnings_refusals():
                    getattr(self.trainer, self.command)(**arguments)
            except BaseException as error:
                if self.stop.received is not None or isinstance(error, KeyboardInterrupt):
                    self._interrupt()
                    raise SystemExit(self.stop.exit_status) from error
                self._finish("failed")
                if isinstance(error, UserError):
                    for folder in self.folders:
                        folder.forget(self.trainer)
                raise
        self._finish("finished")
        # No process leaves on the heels of a broadcast: gloo frees its tensors on a thread, which aborts the process
        # once the interpreter ends (https://github.com/pytorch/pytorch/pull/179291). A barrier has no tensors.
        self.trainer.strategy.barrier()

    def _interrupt(self) -> None:
        """Record that the run was interrupted, and say on the first process how it goes on."""
        self._finish("interrupted")
        if self.trainer.is_global_zero:
            received = self.stop.received
            cause = "Ctrl-C" if received in (None, SIGINT) else received.name
            print(f"gatbert: interrupted by {cause}; {self._what_next()}", file=sys.stderr)  # noqa: T201

    def _finish(self, status: Status) -> None:
        received = self.stop.received
        for folder in self.folders:
            folder.finish(self.trainer, status, None if received is None else received.name)

    def _what_next(self) -> str:
        """Return what is left of an interrupted run, and how it goes on."""
        if self.command in EVALUATIONS:
            return "no predictions were written; the same command starts again"
        callbacks = [one for one in self.trainer.checkpoint_callbacks if isinstance(one, ModelCheckpoint)]
        kept = [callback for callback in callbacks if callback.best_model_path]
        if self.stop.trained and kept:
            return f"training was finished; test it with gatbert test --ckpt_path {kept[0].best_model_path} --data ..."
        last = [callback.best_model_path for callback in kept if isinstance(callback, LastCheckpoint)]
        if last:
            return f"go on in a new folder with --ckpt_path {last[0]}"
        return "no step was kept; the same command starts again"
