"""What the terminal shows of a training: how large the classifier is, and how long epoch and run still take."""

import time
from datetime import timedelta

import lightning.pytorch as pl
from lightning.pytorch.callbacks import RichProgressBar
from lightning.pytorch.utilities import rank_zero_only


class RunProgress(RichProgressBar):
    """A progress bar with the time that the whole run still takes beside that of the epoch."""

    def on_train_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Take the time; a run that goes on counts from where it went on."""
        super().on_train_start(trainer, pl_module)
        self._started, self._first_batch = time.monotonic(), _trained_batches(trainer)

    def get_metrics(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> dict[str, object]:  # type: ignore[override]
        """Return what stands beside the bar: the time left, once it is known, loss and scores."""
        metrics = super().get_metrics(trainer, pl_module)
        metrics.pop("v_num", None)
        left = self.time_left(trainer) if trainer.training else None
        return {**({} if left is None else {"run_left": str(timedelta(seconds=round(left)))}), **metrics}

    def time_left(self, trainer: pl.Trainer) -> float | None:
        """Return in how many seconds the run is through, validation counted; ``None`` where nobody can know.

        It is taken from the batches that were trained and the time that has passed since the first of them.
        """
        trained = _trained_batches(trainer)
        total = _all_batches(trainer)
        since = trained - self._first_batch
        if total is None or not since:
            return None
        return (time.monotonic() - self._started) / since * max(total - trained, 0)


class ModelSize(pl.Callback):
    """Say before training how many parameters the classifier has, and how many of them are trained."""

    @rank_zero_only
    def on_fit_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Print one line."""
        sizes = [(one.numel(), one.requires_grad) for one in pl_module.parameters()]
        total, trained = sum(size for size, _ in sizes), sum(size for size, trains in sizes if trains)
        name = type(getattr(pl_module, "classifier", pl_module)).__name__
        told = "all trained" if trained == total else f"{trained:,} of them trained ({100 * trained / total:.2g} %)"
        print(f"{name}: {total:,} parameters, {told}")  # noqa: T201


def _trained_batches(trainer: pl.Trainer) -> int:
    return trainer.fit_loop.epoch_loop.total_batch_idx + 1


def _all_batches(trainer: pl.Trainer) -> int | None:
    """Return how many batches the whole run has, or ``None`` if that is not known."""
    epochs, each = trainer.max_epochs, trainer.num_training_batches
    found = [epochs * int(each)] if epochs is not None and epochs > 0 and each != float("inf") else []
    if trainer.max_steps > 0:
        found.append(trainer.max_steps * trainer.accumulate_grad_batches)
    return min(found, default=None)
