"""How sure a classifier may be, and where its stances begin: fitted at each validation, and saved with its weights."""

from typing import Any, cast

import lightning.pytorch as pl
import numpy as np
import torch
from torch import Tensor

from gatbert.batches import Batch
from gatbert.callbacks.predictions import collected, stances_of
from gatbert.evaluation.decision import fit_temperature, fit_thresholds
from gatbert.evaluation.scores import SummaryScore, check_score
from gatbert.samples.decision import Decision


class Decisions(pl.Callback):
    """Fit temperature and thresholds at the end of each validation of a training, on these very weights.

    Checkpoints are saved after a validation, and hold what it has found: the best one needs no second look, and none
    that is on the disk is ever changed. Until the training ends, scores and losses know nothing of it.

    Args:
        temperature: Divide logits by the temperature that makes the validation samples likeliest: probabilities then
            say how often they are right. It changes no predicted stance.
        thresholds: Score that a threshold for each stance maximises on validation, macro_f1 for example; by default the
            likeliest stance is predicted.
    """

    def __init__(self, temperature: bool = True, thresholds: SummaryScore | None = None) -> None:
        self.temperature = temperature
        self.thresholds = thresholds
        self._rows: list[tuple[Tensor, Tensor]] = []

    def on_fit_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Refuse a score that the label set does not have."""
        if self.thresholds is not None:
            check_score(self.thresholds, stances_of(pl_module))

    def on_validation_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Forget what was found for earlier weights."""
        if trainer.state.fn == "fit":
            cast(Any, pl_module).decision = Decision()

    def on_validation_batch_end(
        self, trainer: pl.Trainer, pl_module: pl.LightningModule, outputs: Any, batch: Batch, *_: Any
    ) -> None:
        """Keep the probabilities of one batch, with its gold stances."""
        if trainer.state.fn == "fit":
            gold = batch.stance_index.to(outputs).unsqueeze(-1)
            self._rows.append((batch.sample_index, torch.cat([outputs, gold], -1)))

    def on_validation_epoch_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Fit, on every process the same."""
        if not self._rows:
            return
        rows, self._rows = collected(self._rows, trainer.world_size), []
        # (samples, stances + 1)
        found = torch.stack([rows[index] for index in sorted(rows)]).double().numpy()
        found = found[found[:, -1] >= 0]  # NO_GOLD is below
        # Of a probability that is 0 in fp32, nothing is known but that it is smaller than any.
        logs, gold = np.log(found[:, :-1].clip(np.finfo(np.float32).tiny)), found[:, -1].astype(np.int64)
        temperature = fit_temperature(logs, gold) if self.temperature else 1.0
        thresholds: dict[str, float] = {}
        if self.thresholds is not None:
            stances = stances_of(pl_module)
            found_best = fit_thresholds(logs / temperature, gold, stances, self.thresholds)
            thresholds = dict(zip(stances, found_best, strict=True))
        cast(Any, pl_module).decision = Decision(temperature, thresholds)
