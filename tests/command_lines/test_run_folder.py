"""What a run leaves in its folder, and how its checkpoint is used afterwards."""

import csv
import json
from pathlib import Path

import pytest
import torch
import yaml
from sklearn.metrics import accuracy_score, f1_score

import gatbert
from tests.command_line import CommandLine, training_arguments
from tests.tiny import ENCODER_DECODERS, save_encoder


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def last_scores(folder: Path, stage: str) -> dict[str, float]:
    """Return the last logged value of every score of a stage."""
    found: dict[str, float] = {}
    for row in rows(folder / "metrics.csv"):
        found |= {name: float(value) for name, value in row.items() if name.startswith(f"{stage}_") and value}
    return found


@pytest.fixture
def run_folder(command_line: CommandLine, common: list[str], tmp_path: Path) -> Path:
    """A run of ``fit_and_test`` with mean pooling, which is not the default."""
    command_line("fit_and_test", *common, "--model.pooling", "mean")
    return tmp_path / "results" / "gatbert" / "v1"


def test_run_folder_is_complete(run_folder: Path) -> None:
    names = {path.name for path in run_folder.iterdir()}
    assert {"config.yaml", "run.json", "metrics.csv", "checkpoints", "predictions.test.csv"} <= names
    assert any(name.startswith("events.out.tfevents") for name in names)
    assert not any(".partial" in name for name in names)
    record = json.loads((run_folder / "run.json").read_text())
    assert record["status"] == "finished"
    assert (run_folder / record["best_checkpoint"]["path"]).is_file()
    assert set(record["data"]["splits"]) == {"train", "val", "test", "predict"}
    assert record["data"]["splits"]["test"]["num_samples"] == len(rows(run_folder / "predictions.test.csv"))


def test_scores_equal_scikit_learn_on_the_written_predictions(run_folder: Path) -> None:
    predictions = rows(run_folder / "predictions.test.csv")
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


def test_validate_and_predict_write_their_predictions(
    run_folder: Path, command_line: CommandLine, data: Path, tmp_path: Path
) -> None:
    unlabelled = tmp_path / "new.csv"
    unlabelled.write_text("text,target\ngood help,zoo\nnever bad,homework\n")
    checkpoint = run_folder / "checkpoints" / "last.ckpt"
    logger = ["--trainer.accelerator", "cpu", "--trainer.logger.init_args.save_dir", str(tmp_path / "later")]
    command_line("validate", "--ckpt_path", checkpoint, "--data", data, *logger)
    folder = tmp_path / "later" / "gatbert"
    assert len(rows(folder / "version_0" / "predictions.val.csv")) > 0
    command_line(
        "predict", "--ckpt_path", checkpoint, "--data", "SplitDataModule", "--data.predict", unlabelled, *logger
    )
    predicted = rows(folder / "version_1" / "predictions.predict.csv")
    assert [row["target"] for row in predicted] == ["zoo", "homework"]
    assert [row["gold"] for row in predicted] == ["", ""]


def test_config_of_a_run_runs_again_and_gives_the_same_numbers(
    run_folder: Path, command_line: CommandLine, common: list[str]
) -> None:
    config = run_folder / "config.yaml"
    before = (run_folder / "metrics.csv").read_text()
    refused = command_line.refused("fit_and_test", "-c", config)
    assert "already holds a run" in refused
    assert (run_folder / "metrics.csv").read_text() == before
    command_line("fit_and_test", "-c", config, "--trainer.logger.init_args.version", "v2")
    again = run_folder.with_name("v2")
    assert (again / "predictions.test.csv").read_text() == (run_folder / "predictions.test.csv").read_text()
    assert yaml.safe_load(config.read_text())["classifier"] == "gatbert.stance_classifier.TextClassifier"


def test_training_goes_on_from_a_checkpoint(run_folder: Path, command_line: CommandLine, common: list[str]) -> None:
    checkpoint = run_folder / "checkpoints" / "last.ckpt"
    longer = [
        *common,
        "--model.pooling",
        "mean",
        "--trainer.max_epochs",
        "3",
        "--trainer.logger.init_args.version",
        "v2",
    ]
    command_line("fit", *longer, "--ckpt_path", checkpoint)
    epochs = [row["epoch"] for row in rows(run_folder.with_name("v2") / "metrics.csv") if row.get("val_loss")]
    assert epochs == ["2"]


def test_fine_tuned_encoder_is_a_pretrained_model(
    run_folder: Path, command_line: CommandLine, common: list[str]
) -> None:
    checkpoint = run_folder / "checkpoints" / "last.ckpt"
    args = [*common, "--pretrained_model", str(checkpoint), "--trainer.logger.init_args.version", "v2"]
    command_line("fit", *args)
    assert (run_folder.with_name("v2") / "run.json").is_file()


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
    refused = command_line.refused("fit", *common, "--trainer.logger.init_args.version", "v2", "--ckpt_path", best)
    assert "give last.ckpt" in refused


def test_a_checkpoint_that_was_changed_is_refused(
    run_folder: Path, command_line: CommandLine, data: Path, tmp_path: Path
) -> None:
    content = bytearray((run_folder / "checkpoints" / "last.ckpt").read_bytes())
    content[len(content) // 2] ^= 1
    damaged = tmp_path / "damaged.ckpt"
    damaged.write_bytes(content)
    assert "not as it was written" in command_line.refused("test", "--ckpt_path", damaged, "--data", data)
