"""The checkpoint from which a run goes on: what is saved at a stop, and what is not."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import lightning.pytorch as pl
import pytest

from gatbert.callbacks import LastCheckpoint
from tests.callbacks.modules import train_one_weight


def saved_at_a_stop(last: LastCheckpoint, step: int, **other: Any) -> list[str]:
    """Return what is saved when a trainer stops at a step."""
    saved: list[str] = []
    trainer = {"world_size": 1, "fast_dev_run": False, "global_step": step, "save_checkpoint": saved.append, **other}
    last.save_now(cast(pl.Trainer, SimpleNamespace(**trainer)))
    return saved


@pytest.fixture
def trained(tmp_path: Path) -> LastCheckpoint:
    """A callback that has seen an epoch of three steps."""
    last = LastCheckpoint()
    last.dirpath = str(tmp_path)
    trainer = train_one_weight(tmp_path, last)
    assert trainer.global_step == 3
    assert Path(last.best_model_path).exists()
    return last


def test_a_stop_within_an_epoch_is_saved(trained: LastCheckpoint) -> None:
    assert saved_at_a_stop(trained, 5) == [trained.best_model_path]


def test_what_is_saved_already_is_not_saved_again(trained: LastCheckpoint) -> None:
    assert saved_at_a_stop(trained, 3) == []


def test_where_nothing_was_trained_nothing_is_saved(tmp_path: Path) -> None:
    last = LastCheckpoint()
    last.dirpath = str(tmp_path)
    assert saved_at_a_stop(last, 0) == []
    assert last.best_model_path == ""


@pytest.mark.parametrize("other", [{"world_size": 2}, {"fast_dev_run": True}])
def test_several_processes_and_trials_save_nothing(trained: LastCheckpoint, other: dict[str, Any]) -> None:
    assert saved_at_a_stop(trained, 5, **other) == []
