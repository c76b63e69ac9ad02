"""The terminal says how long the whole run still takes, and how large the classifier is."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import lightning.pytorch as pl
import pytest
import torch

from gatbert.callbacks import ModelSize, RunProgress
from tests.callbacks.modules import OneWeight, train_one_weight


class Watched(RunProgress):
    """A progress bar that keeps what it would show after each batch."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[Any] = []

    def on_train_batch_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule, *args: Any, **kwargs: Any) -> None:
        super().on_train_batch_end(trainer, pl_module, *args, **kwargs)
        self.seen.append(self.get_metrics(trainer, pl_module)["run_left"])


@pytest.mark.parametrize(
    ("arguments", "left"),
    [
        ({"max_epochs": 2}, [5, 2, 1, 0.5, 0.2, 0]),
        ({"max_epochs": 5, "max_steps": 2}, [1, 0]),
        ({"max_epochs": 2, "accumulate_grad_batches": 3, "max_steps": 1}, [2, 0.5, 0]),
    ],
)
def test_the_time_left_is_that_of_the_batches_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: dict[str, Any], left: list[float]
) -> None:
    clock = iter([0.0] + [600.0] * 100)  # ten minutes, however many batches they were for
    monkeypatch.setattr("gatbert.callbacks.progress.time.monotonic", lambda: next(clock))
    watched = Watched()
    train_one_weight(tmp_path, watched, enable_progress_bar=True, **arguments)
    assert watched.seen == [str(timedelta(minutes=10 * share)) for share in left]


def test_nobody_knows_how_long_a_run_without_an_end_takes(tmp_path: Path) -> None:
    watched = Watched()
    with pytest.raises(KeyError, match="run_left"):
        train_one_weight(tmp_path, watched, enable_progress_bar=True, max_epochs=-1)


def test_parameters_are_counted_and_those_that_are_trained(capsys: pytest.CaptureFixture[str]) -> None:
    module: Any = OneWeight()
    trainer: Any = None
    ModelSize().on_fit_start(trainer, module)
    module.frozen = torch.nn.Parameter(torch.zeros(1999), requires_grad=False)
    ModelSize().on_fit_start(trainer, module)
    assert capsys.readouterr().out.splitlines() == [
        "OneWeight: 1 parameters, all trained",
        "OneWeight: 2,000 parameters, 1 of them trained (0.05 %)",
    ]
