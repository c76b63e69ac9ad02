"""Signals that end a run where it does no harm, and the exit status that says so."""

import signal
from types import FrameType
from typing import Any

import lightning.pytorch as pl

from gatbert.callbacks.last_checkpoint import LastCheckpoint

SIGNALS = (
    signal.SIGINT,
    signal.SIGTERM,
    signal.SIGHUP,
    signal.SIGQUIT,
    signal.SIGUSR1,
    signal.SIGUSR2,
    signal.SIGXCPU,
)
"""What ends a process before its time, and can be caught: Ctrl-C, ``kill``, a closed terminal, and what Slurm sends
before a time limit or a preemption."""


class GracefulStop(pl.Callback):
    """End a run on a signal between two batches; a second signal does not wait.

    An exception in the middle of a logger's queue would leave it locked, and the run hanging. Training stops before a
    batch, after ``last.ckpt`` was brought up to date; a validation within training is brought to its end first.

    Handles signals as long as it is open as a context; one that the process ignores, it goes on ignoring.

    Attributes:
        received: The first signal, if there was one.
        training: Whether the model is being trained.
        trained: Whether training came to its end.
    """

    def __init__(self) -> None:
        self.received: signal.Signals | None = None
        self.training = False
        self.trained = False
        self._waits = False
        self._former: dict[signal.Signals, Any] = {}  # handlers

    def __enter__(self) -> "GracefulStop":
        handlers = {number: signal.getsignal(number) for number in SIGNALS}
        self._former = {number: handler for number, handler in handlers.items() if handler is not signal.SIG_IGN}
        self._listen()
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._former.items():
            signal.signal(number, handler)
        self._former = {}

    @property
    def exit_status(self) -> int:
        """Exit status of a process that a signal has ended, as a shell counts it."""
        return 128 + (self.received or signal.SIGINT)

    def on_train_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Let signals wait for the end of a batch."""
        self.training = True
        self._begin_to_wait()

    def on_train_batch_start(
        self, trainer: pl.Trainer, pl_module: pl.LightningModule, batch: Any, batch_idx: int
    ) -> None:
        """Stop here if a signal came and no gradients are half collected."""
        if self.received is not None and batch_idx % trainer.accumulate_grad_batches == 0:
            for callback in trainer.checkpoint_callbacks:
                if isinstance(callback, LastCheckpoint):
                    callback.save_now(trainer)
            self._stop_if_signalled()

    def on_train_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Let signals through again; all that training leaves is there."""
        self.training, self.trained, self._waits = False, True, False

    def on_validation_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Let signals wait for the end of a batch; within a training, for the end of the validation."""
        if not self.training:
            self._begin_to_wait()

    def on_validation_batch_end(self, *_: Any) -> None:
        """Stop here if a signal came, unless this belongs to a training."""
        if not self.training:
            self._stop_if_signalled()

    def on_validation_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Let signals through again, unless this belongs to a training."""
        self._waits = self.training

    def on_test_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Let signals wait for the end of a batch."""
        self._begin_to_wait()

    def on_test_batch_end(self, *_: Any) -> None:
        """Stop here if a signal came."""
        self._stop_if_signalled()

    def on_test_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Let signals through again."""
        self._waits = False

    def on_predict_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Let signals wait for the end of a batch."""
        self._begin_to_wait()

    def on_predict_batch_end(self, *_: Any) -> None:
        """Stop here if a signal came."""
        self._stop_if_signalled()

    def on_predict_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Let signals through again."""
        self._waits = False

    def _listen(self) -> None:
        for number in self._former:
            signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        # The first signal waits for the end of a batch where there is one; the second does not.
        again = self.received is not None
        self.received = self.received or signal.Signals(number)
        if again or not self._waits:
            raise KeyboardInterrupt

    def _begin_to_wait(self) -> None:
        """Let signals wait; handlers of the trainer, put before ours, would end training without a checkpoint."""
        self._listen()
        self._waits = True
        self._stop_if_signalled()

    def _stop_if_signalled(self) -> None:
        if self.received is not None:
            raise KeyboardInterrupt
