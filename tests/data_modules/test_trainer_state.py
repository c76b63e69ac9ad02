"""What a data module asks of a trainer, and what holds where there is none."""

from unittest.mock import Mock

import lightning.pytorch as pl
import pytest
from lightning.pytorch.trainer.states import TrainerFn

from gatbert.data_modules.trainer_state import SPLITS_OF_COMMAND, num_batches_trained, processes, running_command


def test_without_a_trainer_one_process_is_about_to_train() -> None:
    assert running_command(None) == "fit"
    assert processes(None) == (0, 1)
    assert num_batches_trained(None) == 0


@pytest.mark.parametrize(("state", "command"), [*zip(TrainerFn, SPLITS_OF_COMMAND, strict=True)])
def test_a_trainer_tells_its_command_process_and_progress(state: TrainerFn, command: str) -> None:
    trainer = pl.Trainer(accelerator="cpu", logger=False, enable_checkpointing=False)
    assert (running_command(trainer), processes(trainer), num_batches_trained(trainer)) == ("fit", (0, 1), 0)
    trainer.state.fn = state
    assert running_command(trainer) == command


def test_the_rank_comes_before_the_number_of_processes() -> None:
    assert processes(Mock(global_rank=2, world_size=4)) == (2, 4)
