"""The scores of an evaluation, on the terminal."""

from collections.abc import Sequence

import lightning.pytorch as pl
from rich.console import Console
from rich.table import Table

from gatbert.callbacks.predictions import stances_of
from gatbert.evaluation.scores import metric_names


class ScoreTable(pl.Callback):
    """Print the scores of an evaluation as a table."""

    def on_validation_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Print the validation scores, unless this is an epoch of a training run."""
        if trainer.state.fn == "validate":
            _print_scores(trainer, stances_of(pl_module), "val")

    def on_test_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Print the test scores."""
        _print_scores(trainer, stances_of(pl_module), "test")


def _print_scores(trainer: pl.Trainer, stances: Sequence[str], stage: str) -> None:
    """Print a row for each stance, then the scores that sum up all stances; on the first process."""
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
