"""Ctrl-C: one line, a record of it, and a checkpoint from which the run goes on."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import lightning.pytorch as pl
import pytest
import torch
from jsonargparse import Namespace
from lightning.pytorch.cli import LightningArgumentParser

from gatbert.callbacks import RunFolder
from tests.cli.conftest import package_environment, training_arguments, write_data
from tests.commands import CommandLine
from tests.tiny import corpus_rows, write_corpus


@pytest.mark.slow
def test_an_interrupted_run_says_how_to_go_on(encoder: str, command_line: CommandLine, tmp_path: Path) -> None:
    data = write_data(tmp_path / "data.yaml", write_corpus(tmp_path / "posts.csv", corpus_rows(200)))
    common = [*training_arguments(encoder, tmp_path / "results"), "--data", str(data)]
    command = [sys.executable, "-m", "gatbert", "fit", *common, "--trainer.max_epochs", "10000"]
    command += ["--early_stopping.patience", "10000"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment())
    folder = tmp_path / "results" / "gatbert" / "v1"
    last = folder / "checkpoints" / "last.ckpt"
    try:
        wait_for(last)
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode not in (0, -signal.SIGKILL)
    assert f"gatbert: interrupted; go on in a new folder with --ckpt_path {last}" in error
    assert "Traceback" not in error
    assert json.loads((folder / "run.json").read_text())["status"] == "interrupted"
    assert not list(folder.rglob("*.partial"))
    done = torch.load(last, weights_only=True)["epoch"] + 1
    again = [*common, "--trainer.logger.init_args.version", "v2", "--trainer.max_epochs", str(done + 1)]
    command_line("fit", *again, "--ckpt_path", last)
    with (folder.with_name("v2") / "metrics.csv").open(newline="") as file:
        assert {row["epoch"] for row in csv.DictReader(file) if row.get("val_loss")} == {str(done)}


def test_ctrl_c_waits_for_the_end_of_a_batch_and_a_second_one_does_not() -> None:
    record, trainer = RunFolder(LightningArgumentParser(), Namespace()), pl.Trainer(accelerator="cpu", logger=False)
    record.on_train_start(trainer, pl.LightningModule())
    signal.raise_signal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        record.on_validation_batch_end()
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def test_a_process_that_ignores_ctrl_c_goes_on_ignoring_it() -> None:
    record, trainer = RunFolder(LightningArgumentParser(), Namespace()), pl.Trainer(accelerator="cpu", logger=False)
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        record.on_train_start(trainer, pl.LightningModule())
        signal.raise_signal(signal.SIGINT)
        record.on_validation_batch_end()
        record.on_train_end(trainer, pl.LightningModule())
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def environment() -> dict[str, str]:
    """Return the environment for the process, on one thread."""
    return {**package_environment(), "OMP_NUM_THREADS": "1", "XDG_CACHE_HOME": os.environ["XDG_CACHE_HOME"]}


def wait_for(path: Path, seconds: float = 60) -> None:
    """Wait until a file exists."""
    end = time.monotonic() + seconds
    while not path.exists():
        if time.monotonic() > end:
            raise TimeoutError(f"{path} did not appear in {seconds} s")
        time.sleep(0.05)
