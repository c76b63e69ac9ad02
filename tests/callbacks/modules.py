"""The smallest module that trains."""

from pathlib import Path
from typing import Any, cast

import lightning.pytorch as pl
import torch
from torch.utils.data import DataLoader, Dataset


class OneWeight(pl.LightningModule):
    """A module of one weight."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(torch.zeros(1))

    def training_step(self, batch: torch.Tensor, batch_idx: int) -> torch.Tensor:
        return (self.weight - batch).square().sum()

    def configure_optimizers(self) -> torch.optim.Optimizer:
        return torch.optim.SGD(self.parameters(), lr=0.1)


def train_one_weight(folder: Path, callback: pl.Callback, batches: int = 3, **arguments: Any) -> pl.Trainer:
    """Train one weight for an epoch, or as arguments of the trainer say, and return the trainer."""
    quiet = {"logger": False, "enable_progress_bar": False, "enable_model_summary": False, "max_epochs": 1}
    given = {**quiet, **arguments, "callbacks": [callback], "default_root_dir": folder}
    trainer = pl.Trainer(accelerator="cpu", **given)
    trainer.fit(OneWeight(), DataLoader(cast(Dataset[torch.Tensor], torch.ones(batches, 1))))
    return trainer
