"""Callbacks that monitor what is never logged would fail, or do nothing, after hours."""

import pytest
from lightning.pytorch.callbacks import Callback, EarlyStopping, ModelCheckpoint

from gatbert.callbacks.monitors import check_monitors
from gatbert.errors import UserError

LOGGED = ["train_loss", "val_loss", "val_macro_f1", "epoch"]


def test_what_is_logged_may_be_monitored() -> None:
    check_monitors([Callback(), ModelCheckpoint(), EarlyStopping("val_loss")], LOGGED)
    check_monitors([EarlyStopping("val_macro_f1", mode="max"), ModelCheckpoint(monitor="epoch", mode="max")], LOGGED)


@pytest.mark.parametrize(
    ("monitor", "mode", "words"),
    [
        ("val_f1", "max", "EarlyStopping monitors 'val_f1', which is never logged; logged are train_loss, val_loss"),
        ("val_loss", "max", "EarlyStopping monitors 'val_loss' with mode 'max'; its mode is 'min'"),
        ("val_macro_f1", "min", "EarlyStopping monitors 'val_macro_f1' with mode 'min'; its mode is 'max'"),
    ],
)
def test_others_are_refused(monitor: str, mode: str, words: str) -> None:
    with pytest.raises(UserError, match=words):
        check_monitors([EarlyStopping(monitor, mode=mode)], LOGGED)
