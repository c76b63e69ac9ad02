"""``gatbert export``: a folder that every command takes in the place of a checkpoint, or a sentence."""

from pathlib import Path

import numpy as np
import pytest

import gatbert
from tests.command_line import CommandLine, rows_of

CPU = ("--trainer.accelerator", "cpu", "--trainer.enable_progress_bar", "false")


def probabilities(path: Path) -> list[list[float]]:
    return [[float(value) for name, value in row.items() if name.startswith("prob_")] for row in rows_of(path)]


def test_an_export_is_tested_like_its_run(command_line: CommandLine, run_folder: Path, tmp_path: Path) -> None:
    said = command_line("export", run_folder, tmp_path / "out")
    assert f"The model was written to {tmp_path / 'out'}" in said
    assert "trust_remote_code=True" in said  # mean pooling is none of BERT's own
    data = run_folder.parents[2] / "tiny_data.yaml"
    results = ["--trainer.logger.init_args.save_dir", tmp_path / "results"]
    command_line("test", "--ckpt_path", tmp_path / "out", "--data", data, *CPU, *results)
    found = tmp_path / "results" / "gatbert" / "version_0"
    wanted = probabilities(run_folder / "predictions.test.csv")
    np.testing.assert_allclose(probabilities(found / "predictions.test.csv"), wanted, rtol=0, atol=1e-6)
    assert len(gatbert.load(tmp_path / "out").predict(["good zoo"], "zoo")) == 1
    output = tmp_path / "explained"
    command_line("explain", tmp_path / "out", "--data", data, *CPU, "--max_samples", 1, "--output", output)
    assert (output / "explanations.json").is_file()


def test_an_export_starts_a_training(
    command_line: CommandLine, run_folder: Path, common: list[str], tmp_path: Path
) -> None:
    command_line("export", run_folder, tmp_path / "out")
    one = ["--trainer.max_epochs", "1", "--trainer.limit_train_batches", "1"]
    command_line("fit", *common, "--pretrained_model", tmp_path / "out", *one)
    refused = command_line.refused("fit", *common, "--ckpt_path", tmp_path / "out", *one)
    assert "keeps weights for tests and predictions" in refused


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ([], "OUTPUT must be given"),
        (["--public", "true"], "give --push_to_hub"),
        (["--graph", "somewhere"], "give --with_graph true"),
        (["--with_graph", "true"], "no corpus that gatbert tag tagged"),
        (["--license", "my own"], "--license 'my own' is no name of the hub"),
        (["--language", "[e n]"], "--language 'e n' is no name of the hub"),
        (["--push_to_hub", "me/model"], "HF_TOKEN, which is not set"),
        (["--push_to_hub", "a/b/c"], "is no name of a repository"),
        (["--ablation", "nowhere"], "nowhere/ablation.json cannot be read"),
        (["--classifier", "Hybrid"], "was trained with the classifier"),
        (["--colour", "red"], "no argument --colour"),
    ],
)
def test_a_mistake_is_one_sentence_and_leaves_nothing(
    command_line: CommandLine,
    run_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    args: list[str],
    words: str,
) -> None:
    monkeypatch.delenv("HF_TOKEN", raising=False)
    output = [tmp_path / "out"] if args else []
    assert words in command_line.refused("export", run_folder, *output, *args)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_something_in_it_stays(command_line: CommandLine, run_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    assert "exists already; it stays as it is" in command_line.refused("export", run_folder, tmp_path)
    assert "nowhere" in command_line.refused("export", tmp_path / "nowhere.ckpt", tmp_path / "out")
    assert (tmp_path / "mine.txt").read_text() == "mine"
