"""The ranges of Lightning's arguments: each is an argument that there is, and none is passed over."""

import inspect
from typing import Any

import lightning.pytorch as pl
import pytest
from jsonargparse import Namespace
from lightning.pytorch.callbacks import EarlyStopping, ModelCheckpoint

from gatbert.cli.limits import LIMITS, check_limits
from gatbert.errors import UserError

OWNERS: dict[str, Any] = {"trainer": pl.Trainer, "early_stopping": EarlyStopping, "checkpoint": ModelCheckpoint}


@pytest.mark.parametrize("name", LIMITS)
def test_every_limit_is_that_of_an_argument(name: str) -> None:
    group, _, argument = name.rpartition(".")
    assert not group or argument in inspect.signature(OWNERS[group].__init__).parameters


@pytest.mark.parametrize("name", LIMITS)
def test_a_number_beyond_its_limit_is_refused_by_the_name_of_its_flag(name: str) -> None:
    config = Namespace()
    config[name] = -7
    with pytest.raises(UserError, match=rf"--{name} -7 is not accepted; accepted is "):
        check_limits(config)


def test_what_is_not_given_and_what_means_without_end_pass() -> None:
    config = Namespace()
    config["trainer.max_epochs"], config["trainer.limit_train_batches"] = -1, None
    check_limits(config)
