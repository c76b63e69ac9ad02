"""A trained run, shared by the tests that read one."""

import os
from pathlib import Path

import pytest
import yaml

from tests.commands import CommandLine
from tests.tiny import corpus_rows, write_corpus

CONFIGS = Path(__file__).parents[2] / "configs"


@pytest.fixture
def command_line(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """The command line, in this process."""
    return CommandLine(capsys, monkeypatch)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A ``--data`` file over 60 tiny posts."""
    corpus = write_corpus(tmp_path / "posts.csv", corpus_rows(60))
    return write_data(tmp_path / "tiny_data.yaml", corpus)


@pytest.fixture
def common(encoder: str, data: Path, tmp_path: Path) -> list[str]:
    """Arguments of a training run that takes a second or two."""
    return [*training_arguments(encoder, tmp_path / "results"), "--data", str(data)]


def write_data(path: Path, corpus: Path, **options: object) -> Path:
    """Write a ``--data`` file that splits one corpus at random."""
    columns = {"style": "style"}
    init_args = {"partitions": {str(corpus): [0.6, 0.2, 0.2]}, "batch_size": 8, "max_length": 48, "columns": columns}
    class_path = "gatbert.data_modules.RandomSplitDataModule"
    path.write_text(yaml.safe_dump({"class_path": class_path, "init_args": {**init_args, **options}}))
    return path


def training_arguments(encoder: str, results: Path) -> list[str]:
    """Return arguments that train a tiny encoder for two epochs on the CPU."""
    return [
        *("-c", str(CONFIGS / "base.yaml"), "--pretrained_model", encoder),
        *("--trainer.accelerator", "cpu", "--trainer.max_epochs", "2", "--trainer.enable_progress_bar", "false"),
        *("--trainer.enable_model_summary", "false", "--model.learning_rate", "1e-2"),
        *("--trainer.logger.init_args.save_dir", str(results), "--trainer.logger.init_args.version", "v1"),
    ]


def package_environment() -> dict[str, str]:
    """Return the environment for a process of its own: this checkout, and no network."""
    return {**os.environ, "PYTHONPATH": str(CONFIGS.parent), "HF_HUB_OFFLINE": "1"}
