"""Families of encoders beyond one forward pass: trained, tested, loaded and explained by whole commands."""

import json
from pathlib import Path

import pytest

import gatbert
from tests.command_line import CommandLine, rows_of, training_arguments
from tests.tiny import DECODERS, save_encoder


def trained_tested_loaded_and_explained(
    command_line: CommandLine, encoder: str, data: Path, folder: Path, *options: str
) -> Path:
    """Train for an epoch; the test alone, and the model in Python, must say what the training's own test said."""
    run = folder / "results" / "gatbert" / "v1"
    arguments = [*training_arguments(encoder, folder / "results"), "--data", data, "--trainer.max_epochs", "1"]
    command_line("fit_and_test", *arguments, *options)
    best = next((run / "checkpoints").glob("epoch*.ckpt"))
    again = ["--trainer.accelerator", "cpu", "--trainer.logger.init_args.save_dir", folder / "again"]
    command_line("test", "--ckpt_path", best, "--data", data, *again)
    tested = folder / "again" / "gatbert" / "version_0" / "predictions.test.csv"
    assert tested.read_text() == (run / "predictions.test.csv").read_text()
    explained = folder / "explained"
    few = ["--max_samples", "3", "--output", explained]
    command_line("explain", best, "--data", data, "--trainer.accelerator", "cpu", *few)
    summary = json.loads((explained / "explanations.json").read_text())["summary"]
    assert summary["faithfulness"].keys() == {"leave_one_out", "integrated_gradients", "attention_mass"}
    return best


@pytest.mark.parametrize("family", [pytest.param(one, marks=pytest.mark.slow) for one in DECODERS])
def test_a_decoder(command_line: CommandLine, data: Path, tmp_path: Path, family: str) -> None:
    encoder = save_encoder(tmp_path / "encoder", family)
    options = ["--model.pooling", "last"]
    best = trained_tested_loaded_and_explained(command_line, encoder, data, tmp_path, *options)
    rows = {row["id"]: row for row in rows_of(tmp_path / "results" / "gatbert" / "v1" / "predictions.test.csv")}
    posts = {row["id"]: row for row in rows_of(tmp_path / "posts.csv") if row["id"] in rows}
    found = gatbert.load(best).predict(
        [row["text"] for row in posts.values()], [row["target"] for row in posts.values()]
    )
    for name, probabilities in zip(posts, found, strict=True):
        assert probabilities["favor"] == pytest.approx(float(rows[name]["prob_favor"]), abs=1e-5)
