"""A search of real tiny trainings: killed and gone on, without test, and its best setting trained with seeds."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

from tests.command_line import CommandLine, package_environment, training_arguments
from tests.commands.test_multi_run import statuses
from tests.tiny import corpus_rows, write_corpus


@pytest.fixture
def arguments(encoder: str, tmp_path: Path) -> list[str]:
    """Arguments of all trials, on a corpus whose test file is a folder, which nothing can read."""
    rows = corpus_rows(60)
    for name, part in (("train", rows[:36]), ("val", rows[36:48]), ("later", rows[48:])):
        write_corpus(tmp_path / f"{name}.csv", part)
    (tmp_path / "test.csv").mkdir()
    files = {split: str(tmp_path / f"{split}.csv") for split in ("train", "val", "test")}
    init_args = {**files, "batch_size": 8, "max_length": 48}
    data = {"class_path": "gatbert.data_modules.SplitDataModule", "init_args": init_args}
    (tmp_path / "data.yaml").write_text(yaml.safe_dump(data))
    return [*training_arguments(encoder, tmp_path)[:-4], "--data", str(tmp_path / "data.yaml")]


@pytest.mark.slow
def test_killed_and_gone_on_without_test_and_then_tested_with_seeds(
    arguments: list[str], tmp_path: Path, command_line: CommandLine
) -> None:
    (tmp_path / "space.yaml").write_text(
        "model.learning_rate: [1e-3, 1e-2, 1e-1]\ndata.batch_size: {low: 4, high: 8}\n"
    )
    output = tmp_path / "out"
    words = ["--output", str(output), "--space", str(tmp_path / "space.yaml"), "--trials", "3"]
    process = subprocess.Popen(
        [sys.executable, "-m", "gatbert", "search", *words, "--", *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=package_environment(),
    )
    end = time.monotonic() + 180
    while not (output / "trial-1" / "run.json").exists():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert "is a folder" in command_line.refused("fit", *arguments), "a training looks at the file of test"
    printed = command_line("search", *words, "--", *arguments)
    assert "trial 0" not in printed.partition("┏")[0]
    found = {name: status for name, status in statuses(output).items() if not name.startswith(".")}
    assert found == {f"trial-{number}": "finished" for number in range(3)}
    for number in range(3):
        record = json.loads((output / f"trial-{number}" / "run.json").read_text())
        assert set(record["data"]["splits"]) == {"train", "val"}
        assert all("test.csv" not in path for path in record["data"]["files"])
        settings = yaml.safe_load((output / "settings" / f"trial-{number}.yaml").read_text())
        config = yaml.safe_load((output / f"trial-{number}" / "config.yaml").read_text())
        assert config["model"]["learning_rate"] == settings["model.learning_rate"]
        assert config["data"]["init_args"]["batch_size"] == settings["data.batch_size"]
    (tmp_path / "test.csv").rmdir()
    (tmp_path / "later.csv").rename(tmp_path / "test.csv")
    command_line("search", *words, "--seeds", "1,2", "--", *arguments)
    tested = [path.parent for path in sorted(output.rglob("predictions.test.csv"))]
    assert [path.relative_to(output).parts[0] for path in tested] == ["seeds"] * 2
    best = yaml.safe_load((output / "best.yaml").read_text())
    for folder in tested:
        config = yaml.safe_load((folder / "config.yaml").read_text())
        assert config["model"]["learning_rate"] == best["model.learning_rate"]
        assert config["data"]["init_args"]["test"] == str(tmp_path / "test.csv")
