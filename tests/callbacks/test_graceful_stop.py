"""A signal waits for the end of a batch, a second one does not, and what was ignored stays so."""

import signal

import lightning.pytorch as pl
import pytest

from gatbert.callbacks import GracefulStop


def test_a_signal_waits_for_the_end_of_a_batch_and_a_second_one_does_not() -> None:
    trainer, module = pl.Trainer(accelerator="cpu", logger=False), pl.LightningModule()
    with GracefulStop() as stop:
        stop.on_test_start(trainer, module)
        signal.raise_signal(signal.SIGTERM)
        with pytest.raises(KeyboardInterrupt):
            stop.on_test_batch_end()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert stop.exit_status == 143


def test_a_process_that_ignores_ctrl_c_goes_on_ignoring_it() -> None:
    trainer, module = pl.Trainer(accelerator="cpu", logger=False), pl.LightningModule()
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with GracefulStop() as stop:
            stop.on_train_start(trainer, module)
            signal.raise_signal(signal.SIGINT)
            stop.on_train_batch_start(trainer, module, None, 0)
            assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
