"""What a run leaves in its folder, and how its checkpoint is used afterwards."""

import json
from pathlib import Path

import pytest
import torch
import yaml
from sklearn.metrics import accuracy_score, f1_score

import gatbert
from tests.command_line import CommandLine, last_scores, rows_of, training_arguments
from tests.tiny import ENCODER_DECODERS, save_encoder


def test_run_folder_is_complete(run_folder: Path) -> None:
    names = {path.name for path in run_folder.iterdir()}
    assert {"config.yaml", "run.json", "metrics.csv", "checkpoints", "predictions.test.csv"} <= names
    assert any(name.startswith("events.out.tfevents") for name in names)
    assert not any(".partial" in name for name in names)
    record = json.loads((run_folder / "run.json").read_text())
    assert record["status"] == "finished"
    assert (run_folder / record["best_checkpoint"]["path"]).is_file()
    assert set(record["data"]["splits"]) == {"train", "val", "test", "predict"}
    assert record["data"]["splits"]["test"]["num_samples"] == len(rows_of(run_folder / "predictions.test.csv"))


def test_scores_equal_scikit_learn_on_the_written_predictions(run_folder: Path) -> None:
    predictions = rows_of(run_folder / "predictions.test.csv")
    gold, predicted = ([row[name] for row in predictions] for name in ("gold", "predicted"))
    scores = last_scores(run_folder, "test")
    labels = ["against", "favor", "neutral"]
    macro = f1_score(gold, predicted, labels=labels, average="macro", zero_division=0)
    official = f1_score(gold, predicted, labels=["favor", "against"], average="macro", zero_division=0)
    assert scores["test_macro_f1"] == pytest.approx(macro, abs=1e-6)
    assert scores["test_favor_against_f1"] == pytest.approx(official, abs=1e-6)
    assert scores["test_accuracy"] == pytest.approx(accuracy_score(gold, predicted), abs=1e-6)
    for row in predictions:
        probabilities = {stance: float(row[f"prob_{stance}"]) for stance in labels}
        assert sum(probabilities.values()) == pytest.approx(1, abs=1e-6)
        assert row["predicted"] == max(probabilities, key=lambda stance: probabilities[stance])
        assert row["style"] in ("plain", "irony")


def test_checkpoint_holds_plain_values_and_loads_anywhere(run_folder: Path, encoder: str) -> None:
    for path in (run_folder / "checkpoints").glob("*.ckpt"):
        checkpoint = torch.load(path, weights_only=True)
        assert checkpoint["gatbert"]["classifier"] == "gatbert.stance_classifier.TextClassifier"
        assert checkpoint["gatbert"]["max_length"] == 48
    moved = Path(encoder).rename(Path(encoder).with_name("moved"))
    try:
        predictor = gatbert.load(path)
        probabilities = predictor.predict(["good zoo", "bad zoo"], "zoo")
    finally:
        moved.rename(encoder)
    assert [set(row) for row in probabilities] == [{"against", "favor", "neutral"}] * 2


def test_validate_and_predict_write_their_predictions(
    run_folder: Path, command_line: CommandLine, data: Path, tmp_path: Path
) -> None:
    unlabelled = tmp_path / "new.csv"
    unlabelled.write_text("text,target\ngood help,zoo\nnever bad,homework\n")
    checkpoint = run_folder / "checkpoints" / "last.ckpt"
    logger = ["--trainer.accelerator", "cpu", "--trainer.logger.init_args.save_dir", str(tmp_path / "later")]
    command_line("validate", "--ckpt_path", checkpoint, "--data", data, *logger)
    folder = tmp_path / "later" / "gatbert"
    assert len(rows_of(folder / "version_0" / "predictions.val.csv")) > 0
    command_line(
        "predict", "--ckpt_path", checkpoint, "--data", "SplitDataModule", "--data.predict", unlabelled, *logger
    )
    predicted = rows_of(folder / "version_1" / "predictions.predict.csv")
    assert [row["target"] for row in predicted] == ["zoo", "homework"]
    assert [row["gold"] for row in predicted] == ["", ""]


def test_config_of_a_run_runs_again_and_gives_the_same_numbers(
    run_folder: Path, command_line: CommandLine, tmp_path: Path
) -> None:
    config = run_folder / "config.yaml"
    before = (run_folder / "metrics.csv").read_text()
    refused = command_line.refused("fit_and_test", "-c", config)
    assert "already holds a run" in refused
    assert (run_folder / "metrics.csv").read_text() == before
    command_line("fit_and_test", "-c", config, "--trainer.logger.init_args.save_dir", tmp_path)
    again = tmp_path / "gatbert" / "v1"
    assert (again / "predictions.test.csv").read_text() == (run_folder / "predictions.test.csv").read_text()
    assert yaml.safe_load(config.read_text())["classifier"] == "gatbert.stance_classifier.TextClassifier"


def test_training_goes_on_from_a_checkpoint(
    run_folder: Path, command_line: CommandLine, common: list[str], tmp_path: Path
) -> None:
    checkpoint = run_folder / "checkpoints" / "last.ckpt"
    longer = [
        *common,
        "--model.pooling",
        "mean",
        "--trainer.max_epochs",
        "3",
    ]
    command_line("fit", *longer, "--ckpt_path", checkpoint)
    epochs = [
        row["epoch"] for row in rows_of(tmp_path / "results" / "gatbert" / "v1" / "metrics.csv") if row.get("val_loss")
    ]
    assert epochs == ["2"]


@pytest.mark.slow
def test_fine_tuned_encoder_is_a_pretrained_model(
    run_folder: Path, command_line: CommandLine, common: list[str], tmp_path: Path
) -> None:
    checkpoint = run_folder / "checkpoints" / "last.ckpt"
    command_line("fit", *common, "--pretrained_model", str(checkpoint), "--trainer.max_epochs", "1")
    assert (tmp_path / "results" / "gatbert" / "v1" / "run.json").is_file()


@pytest.mark.slow
@pytest.mark.parametrize("family", ENCODER_DECODERS)
def test_an_encoder_decoder_trains_and_is_tested_from_its_checkpoint(
    family: str, command_line: CommandLine, data: Path, tmp_path: Path
) -> None:
    encoder = save_encoder(tmp_path / family, family)
    arguments = [*training_arguments(encoder, tmp_path / "results"), "--data", data, "--model.pooling", "mean"]
    trained = command_line("fit_and_test", *arguments, "--trainer.max_epochs", "1").split("test scores")[1]
    checkpoint = tmp_path / "results" / "gatbert" / "v1" / "checkpoints" / "last.ckpt"
    logger = ["--trainer.accelerator", "cpu", "--trainer.logger.init_args.save_dir", tmp_path / "again"]
    tested = command_line("test", "--ckpt_path", checkpoint, "--data", data, *logger).split("test scores")[1]
    assert tested.split("└")[0] == trained.split("└")[0]


def test_a_best_checkpoint_keeps_weights_alone_and_training_goes_on_from_the_last(
    run_folder: Path, command_line: CommandLine, common: list[str]
) -> None:
    best = next((run_folder / "checkpoints").glob("epoch*.ckpt"))
    last = run_folder / "checkpoints" / "last.ckpt"
    assert best.stat().st_size < last.stat().st_size
    assert "optimizer_states" not in torch.load(best, weights_only=True)
    refused = command_line.refused("fit", *common, "--ckpt_path", best)
    assert "give last.ckpt" in refused


def test_a_checkpoint_that_was_changed_is_refused(
    run_folder: Path, command_line: CommandLine, data: Path, tmp_path: Path
) -> None:
    content = bytearray((run_folder / "checkpoints" / "last.ckpt").read_bytes())
    content[len(content) // 2] ^= 1
    damaged = tmp_path / "damaged.ckpt"
    damaged.write_bytes(content)
    assert "not as it was written" in command_line.refused("test", "--ckpt_path", damaged, "--data", data)
