"""A command of training is built, and run only where it shall be."""

from pathlib import Path

import pytest
import yaml

from gatbert.cli import CustomCLI
from gatbert.errors import UserError
from tests.tiny import corpus_rows, write_corpus


@pytest.fixture
def arguments(encoder: str, tmp_path: Path) -> list[str]:
    """Arguments of a training of one epoch."""
    corpus = write_corpus(tmp_path / "posts.csv", corpus_rows(30))
    data = tmp_path / "data.yaml"
    options = {"partitions": {str(corpus): [0.6, 0.2, 0.2]}, "max_length": 48}
    data.write_text(yaml.safe_dump({"class_path": "RandomSplitDataModule", "init_args": options}))
    flags = {"accelerator": "cpu", "max_epochs": 1, "log_every_n_steps": 1, "enable_progress_bar": "false"}
    trainer = [f"--trainer.{name}={value}" for name, value in flags.items()]
    folder = f"--trainer.logger.init_args.save_dir={tmp_path / 'results'}"
    return [f"--pretrained_model={encoder}", f"--data={data}", *trainer, folder]


def test_what_is_built_alone_leaves_nothing(arguments: list[str], tmp_path: Path) -> None:
    built = CustomCLI(["fit", *arguments], run=False)
    assert built.trainer.global_step == 0
    assert not (tmp_path / "results").exists()


def test_what_is_run_is_recorded(arguments: list[str], tmp_path: Path) -> None:
    run = CustomCLI(["fit_and_test", *arguments])
    assert run.trainer.global_step > 0
    (record,) = (tmp_path / "results").rglob("run.json")
    assert yaml.safe_load(record.read_text())["status"] == "finished"


@pytest.mark.parametrize("words", [[], ["trainn"], ["--help"]])
def test_the_first_word_is_a_command(words: list[str]) -> None:
    with pytest.raises(UserError, match="known are fit, validate, test, predict, fit_and_test"):
        CustomCLI(words)


def test_an_unknown_name_in_a_file_is_told_with_the_file(arguments: list[str], tmp_path: Path) -> None:
    more = tmp_path / "more.yaml"
    more.write_text("trainer: {max_epoch: 3}\n")
    with pytest.raises(UserError, match=r"no argument trainer.max_epoch in .*more.yaml; did you mean --trainer.max_ep"):
        CustomCLI(["fit", *arguments, "-c", str(more)])
