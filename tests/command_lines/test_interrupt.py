"""Signals: one line, a record, an exit status that no one takes for success, and a checkpoint from which it goes on."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import torch

from tests.command_line import CommandLine, package_environment, training_arguments, write_data
from tests.command_lines.slow_batches import GO_ON, HERE
from tests.command_lines.slurm import SLURM
from tests.tiny import corpus_rows, write_corpus

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGUSR1, signal.SIGHUP)


@pytest.fixture
def common(encoder: str, tmp_path: Path) -> list[str]:
    """Arguments of a training of 15 batches an epoch."""
    data = write_data(tmp_path / "data.yaml", write_corpus(tmp_path / "posts.csv", corpus_rows(200)))
    return [*training_arguments(encoder, tmp_path / "results"), "--data", str(data)]


def hear() -> None:
    """Take back that SIGHUP is ignored, which a process under nohup hands on, and gatbert leaves as it is."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


@contextmanager
def process(*command: str | Path, **variables: str) -> Iterator[subprocess.Popen[str]]:
    """Run a command of gatbert in a process of its own."""
    started = subprocess.Popen(
        [sys.executable, "-m", "gatbert", *map(str, command)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**environment(), **variables},
        cwd=variables.get("PWD"),
        preexec_fn=hear,
    )
    try:
        yield started
    finally:
        started.kill()
        started.wait()


@pytest.mark.slow
@pytest.mark.parametrize("number", SIGNALS)
def test_an_interrupted_run_says_how_to_go_on(
    number: signal.Signals, command_line: CommandLine, common: list[str], tmp_path: Path
) -> None:
    folder = tmp_path / "results" / "gatbert" / "v1"
    last = folder / "checkpoints" / "last.ckpt"
    with process("fit", *common, "--trainer.max_epochs", "10000", "--early_stopping.patience", "10000") as run:
        wait_for(last)
        run.send_signal(number)
        _, error = run.communicate(timeout=60)
    assert run.returncode == 128 + number
    cause = "Ctrl-C" if number == signal.SIGINT else number.name
    assert f"gatbert: interrupted by {cause}; go on in a new folder with --ckpt_path {last}" in error
    assert "Traceback" not in error
    record = json.loads((folder / "run.json").read_text())
    assert (record["status"], record["interrupted_by"]) == ("interrupted", number.name)
    assert not list(folder.rglob("*.partial"))
    epoch = torch.load(last, weights_only=True)["epoch"]
    again = [*common, "--trainer.logger.init_args.version", "v2", "--trainer.max_epochs", str(epoch + 2)]
    command_line("fit", *again, "--ckpt_path", last)
    epochs = {int(row["epoch"]) for row in metrics(folder.with_name("v2")) if row.get("val_loss")}
    assert max(epochs) == epoch + 1
    assert min(epochs) >= epoch


@pytest.mark.slow
def test_a_run_that_is_stopped_in_its_first_epoch_goes_on_with_the_next_batch(
    command_line: CommandLine, common: list[str], tmp_path: Path
) -> None:
    """Dropout is 0: the weights are those of a run that was never stopped."""
    config = json.loads((Path(common[common.index("--pretrained_model") + 1]) / "config.json").read_text())
    still = tmp_path / "still"
    copy_encoder(Path(common[common.index("--pretrained_model") + 1]), still, config)
    common = [*common, "--pretrained_model", str(still), "--model.head_dropout", "0"]
    command_line("fit", *common, "--trainer.logger.init_args.version", "whole", "--trainer.max_epochs", "1")
    folder = tmp_path / "results" / "gatbert" / "v1"
    last = folder / "checkpoints" / "last.ckpt"
    slow = [
        *common,
        "--trainer.max_epochs",
        "1",
        "--trainer.callbacks",
        "[{class_path: tests.command_lines.slow_batches.StopInFifthBatch}]",
    ]
    with process("fit", *slow) as run:
        wait_for(folder / HERE)
        run.send_signal(signal.SIGTERM)
        (folder / GO_ON).touch()
        _, error = run.communicate(timeout=60)
    assert run.returncode == 128 + signal.SIGTERM, error
    stopped = torch.load(last, weights_only=True)
    assert stopped["global_step"] == 4
    again = ["--trainer.logger.init_args.version", "v2", "--trainer.max_epochs", "1", "--ckpt_path", str(last)]
    command_line("fit", *common, *again)
    results = folder.parent
    whole, resumed = (
        torch.load(results / name / "checkpoints" / "last.ckpt", weights_only=True) for name in ("whole", "v2")
    )
    assert resumed["global_step"] == whole["global_step"]
    for name, weight in whole["state_dict"].items():
        torch.testing.assert_close(resumed["state_dict"][name], weight)


@pytest.mark.slow
def test_a_run_that_is_stopped_before_its_first_batch_leaves_a_folder_that_can_be_used(
    command_line: CommandLine, common: list[str], tmp_path: Path
) -> None:
    folder = tmp_path / "results" / "gatbert" / "v1"
    slow = ["--trainer.callbacks", "[{class_path: tests.command_lines.slow_batches.StopBeforeTraining}]"]
    with process("fit", *common, *slow) as run:
        wait_for(folder / HERE)
        run.send_signal(signal.SIGINT)
        _, error = run.communicate(timeout=60)
    assert run.returncode == 130
    assert "no step was kept; the same command starts again" in error
    assert json.loads((folder / "run.json").read_text())["status"] == "interrupted"
    command_line("fit", *common, "--trainer.max_epochs", "1")
    assert json.loads((folder / "run.json").read_text())["status"] == "finished"


@pytest.mark.slow
def test_a_test_that_is_stopped_says_that_training_was_finished(common: list[str], tmp_path: Path) -> None:
    folder = tmp_path / "results" / "gatbert" / "v1"
    slow = [
        "--trainer.callbacks",
        "[{class_path: tests.command_lines.slow_batches.StopInTest}]",
        "--trainer.max_epochs",
        "1",
    ]
    with process("fit_and_test", *common, *slow) as run:
        wait_for(folder / HERE)
        run.send_signal(signal.SIGTERM)
        (folder / GO_ON).touch()
        _, error = run.communicate(timeout=60)
    assert run.returncode == 143
    best = next((folder / "checkpoints").glob("epoch*.ckpt"))
    assert f"training was finished; test it with gatbert test --ckpt_path {best}" in error
    assert json.loads((folder / "run.json").read_text())["status"] == "interrupted"
    assert not (folder / "predictions.test.csv").exists()


@pytest.mark.slow
@pytest.mark.parametrize("job", [True, False])
def test_slurms_signal_leaves_nothing_from_which_another_training_would_go_on(
    job: bool, command_line: CommandLine, common: list[str], tmp_path: Path
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    folder = tmp_path / "results" / "gatbert" / "v1"
    slurm = SLURM if job else {}
    with process("fit", *common, "--trainer.max_epochs", "10000", PWD=str(here), **slurm) as run:
        wait_for(folder / "checkpoints" / "last.ckpt")
        run.send_signal(signal.SIGUSR1)
        _, error = run.communicate(timeout=60)
    assert run.returncode == 128 + signal.SIGUSR1, error
    assert json.loads((folder / "run.json").read_text())["status"] == "interrupted"
    assert not list(tmp_path.rglob("hpc_ckpt*"))


def copy_encoder(source: Path, folder: Path, config: dict[str, object]) -> None:
    """Copy an encoder, without dropout."""
    folder.mkdir()
    for path in source.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    still = {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}
    (folder / "config.json").write_text(json.dumps({**config, **still}))


def metrics(folder: Path) -> list[dict[str, str]]:
    """Return the rows of ``metrics.csv``."""
    with (folder / "metrics.csv").open(newline="") as file:
        return list(csv.DictReader(file))


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
