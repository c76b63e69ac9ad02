"""The predictions of a run, as a file and in TensorBoard."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import lightning.pytorch as pl
import torch
from lightning.pytorch.loggers import TensorBoardLogger
from torch import Tensor

from gatbert.batches import REPEATED, Batch
from gatbert.evaluation.predictions import write_predictions


class PredictionWriter(pl.Callback):
    """Write ``predictions.<stage>.csv``: id, target, gold, predicted, one probability per stance, and the meta flags.

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
        """Write the predictions of all processes, on the first one."""
        if not self._rows:
            return
        probabilities, self._rows = collected(self._rows, trainer.world_size), []
        folder = trainer.log_dir  # a broadcast: every process must ask
        if not trainer.is_global_zero or folder is None or not hasattr(trainer, "datamodule"):
            return
        samples, stances = trainer.datamodule.samples(split), stances_of(pl_module)
        rows = {index: row.numpy() for index, row in probabilities.items()}
        least = getattr(trainer, "abstain_below", None) if split == "predict" else None
        write_predictions(Path(folder) / f"predictions.{split}.csv", samples, rows, stances, least)
        if split == "test":
            gold = {index: sample.stance for index, sample in enumerate(samples) if sample.stance is not None}
            _draw_test(trainer, gold, probabilities, stances)


def collected(rows: Sequence[tuple[Tensor, Tensor]], num_processes: int) -> dict[int, Tensor]:
    """Return the values ``(values,)`` of each sample of all processes, by its index, in fp32.

    Args:
        rows: Index of samples ``(batch,)`` and their values ``(batch, values)``, by batch.
        num_processes: Processes that share the samples.
    """
    # (rows,) and (rows, values)
    index = torch.cat([part[0] for part in rows]).cpu()
    values = torch.cat([part[1] for part in rows]).float().cpu()
    parts = [(index, values)] * num_processes
    if num_processes > 1:
        torch.distributed.all_gather_object(parts, (index, values))
    by_sample = dict(row for part in parts for row in zip(part[0].tolist(), part[1], strict=True))
    by_sample.pop(REPEATED, None)  # rows that only fill up the last step of several processes
    return by_sample


def _draw_test(
    trainer: pl.Trainer, gold: Mapping[int, str], probabilities: Mapping[int, Tensor], stances: Sequence[str]
) -> None:
    """Put hyperparameters with test scores, confusion matrix and precision-recall curves into TensorBoard."""
    from gatbert.evaluation.plots import confusion_figure  # matplotlib takes long to import: not at every start

    boards = [logger for logger in trainer.loggers if isinstance(logger, TensorBoardLogger)]
    if not boards:
        return
    known = sorted(gold.keys() & probabilities.keys())
    # (known,) and (known, stances)
    labels = torch.tensor([stances.index(gold[index]) for index in known])
    values = torch.stack([probabilities[index] for index in known])
    # (known,)
    cells = labels * len(stances) + values.argmax(-1)
    confusion = torch.bincount(cells, minlength=len(stances) ** 2).view(len(stances), -1)
    scores = {name: float(value) for name, value in trainer.callback_metrics.items() if name.startswith("test_")}
    for board in boards:
        board.log_hyperparams(dict(trainer.lightning_module.hparams), scores, step=trainer.global_step)
        board.experiment.add_figure("test/confusion", confusion_figure(confusion.tolist(), stances))
        for index, stance in enumerate(stances):
            board.experiment.add_pr_curve(f"test/{stance}", labels == index, values[:, index])


def stances_of(module: pl.LightningModule) -> Sequence[str]:
    """Return the label set of a ``StanceModule``."""
    return cast(Sequence[str], module.stances)
