"""A checkpoint decides what its classifier is, and a flag that contradicts it is refused."""

import json
from pathlib import Path

import pytest

from tests.command_line import CommandLine, last_scores


def test_test_from_checkpoint_needs_only_the_data(
    run_folder: Path, command_line: CommandLine, data: Path, encoder: str, tmp_path: Path
) -> None:
    record = json.loads((run_folder / "run.json").read_text())
    checkpoint = run_folder / record["best_checkpoint"]["path"]
    moved = Path(encoder).rename(Path(encoder).with_name("moved"))
    logger = ["--trainer.logger.init_args.save_dir", str(tmp_path / "again")]
    try:
        command_line("test", "--ckpt_path", checkpoint, "--data", data, "--trainer.accelerator", "cpu", *logger)
    finally:
        moved.rename(encoder)
    again = tmp_path / "again" / "gatbert" / "version_0"
    assert last_scores(again, "test") == last_scores(run_folder, "test")
    assert (again / "predictions.test.csv").read_text() == (run_folder / "predictions.test.csv").read_text()


@pytest.mark.parametrize(
    ("flag", "value", "trained"),
    [
        ("--model.pooling", "first", "mean"),
        ("--pretrained_model", "other/encoder", "bert"),
        ("--data.max_length", "32", "48"),
        ("--data.stances", "[favor, against, neutral]", "against"),
        ("--classifier", "tests.classifiers.BagOfTokens", "TextClassifier"),
        ("--model.head_dropout", "0.3", "0.1"),
    ],
)
def test_flag_that_contradicts_the_checkpoint_is_refused(
    run_folder: Path, command_line: CommandLine, data: Path, flag: str, value: str, trained: str
) -> None:
    checkpoint = run_folder / "checkpoints" / "last.ckpt"
    error = command_line.refused("test", "--ckpt_path", checkpoint, "--data", data, flag, value)
    assert flag in error
    assert value.strip("[]").split(",")[0] in error
    assert trained in error
