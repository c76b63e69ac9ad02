"""Families of encoders beyond one forward pass: trained, tested, loaded and explained by whole commands."""

import json
import shutil
from pathlib import Path

import pytest
import torch

import gatbert
from gatbert.errors import UserError
from gatbert.predictor import StancePredictor
from gatbert.pretrained.encoders import load_encoder
from tests.command_line import CommandLine, rows_of, training_arguments
from tests.controlled import write_chains
from tests.tiny import CONFIGS, DECODERS, save_encoder


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


def test_layers_that_are_frozen_or_slow_and_averaged_weights(
    command_line: CommandLine, encoder: str, data: Path, tmp_path: Path
) -> None:
    options = ["--model.freeze", "1", "--model.layer_decay", "0.8", "--model.ema", "0.5"]
    trained_tested_loaded_and_explained(command_line, encoder, data, tmp_path, *options)
    last = tmp_path / "results" / "gatbert" / "v1" / "checkpoints" / "last.ckpt"
    logger = ["--trainer.accelerator", "cpu", "--trainer.logger.init_args.save_dir", tmp_path / "later"]
    command_line("test", "--ckpt_path", last, "--data", data, *logger)
    more = [*training_arguments(encoder, tmp_path / "more"), "--data", data, "--ckpt_path", last]
    command_line("fit", *more, *options, "--trainer.max_epochs", "2")
    refused = command_line.refused("fit", *more, *options[:4], "--trainer.logger.init_args.version", "v2")
    assert "give the same --model.ema" in refused


@pytest.fixture
def base(encoder: str, tmp_path: Path) -> Path:
    """An encoder that can be moved and changed."""
    return Path(shutil.copytree(encoder, tmp_path / "base"))


def test_an_adapter_needs_its_base(command_line: CommandLine, base: Path, data: Path, tmp_path: Path) -> None:
    lora = ["--model.lora.rank", "1", "--model.lora.alpha", "4"]
    best = trained_tested_loaded_and_explained(command_line, str(base), data, tmp_path, *lora)
    last, texts = best.with_name("last.ckpt"), ["good help", "bad harm"]
    checkpoint = torch.load(last, weights_only=True)
    assert {name for name in checkpoint["state_dict"] if "lora" not in name} == {
        "class_weights",
        "classifier.head.weight",
        "classifier.head.bias",
    }
    probabilities = gatbert.load(last).predict(texts, "zoo")
    more = [*training_arguments(str(base), tmp_path / "more"), "--data", data, "--ckpt_path", last]
    command_line("fit", *more, *lora)
    assert "--model.lora.rank 2 contradicts" in command_line.refused("fit", *more, "--model.lora.rank", "2")
    moved = base.rename(base.with_name("moved"))
    logger = ["--trainer.accelerator", "cpu", "--trainer.logger.init_args.save_dir", tmp_path / "later"]
    test = ["--ckpt_path", last, "--data", data, *logger]
    for command in ("test", "predict"):
        assert "holds an adapter alone, and needs its encoder" in command_line.refused(command, *test)
    with pytest.raises(UserError, match=r"needs its encoder.*--pretrained_model"):
        gatbert.load(last)
    command_line("test", *test, "--pretrained_model", moved)
    assert gatbert.load(last, pretrained_model=str(moved)).predict(texts, "zoo") == probabilities
    command_line(
        "explain",
        last,
        "--data",
        data,
        *logger[:2],
        "--pretrained_model",
        moved,
        "--max_samples",
        "2",
        "--output",
        tmp_path / "moved_explained",
    )
    other = save_encoder(tmp_path / "other", seed=1)
    with pytest.raises(UserError, match=r"has the checksum .* was trained on"):
        gatbert.load(last, pretrained_model=other)
    assert "has the checksum" in command_line.refused("test", *test, "--pretrained_model", other)


def test_a_training_starts_from_an_encoder_and_its_adapter(
    command_line: CommandLine, base: Path, data: Path, tmp_path: Path
) -> None:
    arguments = [*training_arguments(str(base), tmp_path / "results"), "--data", data, "--trainer.max_epochs", "1"]
    command_line("fit", *arguments, "--model.lora.rank", "2", "--model.ema", "0.5")
    last = tmp_path / "results" / "gatbert" / "v1" / "checkpoints" / "last.ckpt"
    command_line("fit", *arguments, "--pretrained_model", last, "--trainer.logger.init_args.version", "v2")
    merged, adapted = load_encoder(str(last)).eval(), gatbert.load(last).classifier.encoder
    tokens = torch.tensor([[2, 7, 9, 3]])
    torch.testing.assert_close(merged(tokens).last_hidden_state, adapted(tokens).last_hidden_state)


@pytest.mark.parametrize(
    ("family", "classifier", "options"),
    [
        ("modernbert", "Hybrid", []),
        pytest.param("xlm-roberta", "Hybrid", [], marks=pytest.mark.slow),
        pytest.param("modernbert", "Hybrid", ["--model.graph_gate", "zero"], marks=pytest.mark.slow),
        pytest.param("xlm-roberta", "Hybrid", ["--model.att_type", "hetero"], marks=pytest.mark.slow),
        pytest.param("modernbert", "Concat", [], marks=pytest.mark.slow),
        pytest.param("xlm-roberta", "External", [], marks=pytest.mark.slow),
        ("bert", "Concat", ["--model.lora.rank", "2"]),
        pytest.param("bert", "External", ["--model.lora.rank", "2"], marks=pytest.mark.slow),
        pytest.param("modernbert", "Hybrid", ["--model.lora.rank", "2"], marks=pytest.mark.slow),
        pytest.param("bert", "Hybrid", ["--model.freeze", "1", "--model.layer_decay", "0.9"], marks=pytest.mark.slow),
    ],
)
def test_a_reader_of_graphs(
    command_line: CommandLine, tmp_path: Path, family: str, classifier: str, options: list[str]
) -> None:
    data = write_chains(tmp_path, num_texts=60)
    config = {**CONFIGS["roberta"], "max_position_embeddings": 80} if family == "xlm-roberta" else None
    encoder = save_encoder(tmp_path / "encoder", family, config=config)
    options = ["--classifier", classifier, "--trainer.max_epochs", "2", *options]
    trained_tested_loaded_and_explained(command_line, encoder, data, tmp_path, *options)


def test_more_tokens_than_positions_are_refused_where_they_count_from_the_padding_index(
    command_line: CommandLine, tmp_path: Path
) -> None:
    encoder = save_encoder(tmp_path / "encoder", "xlm-roberta", config=CONFIGS["roberta"])
    data = write_chains(tmp_path, num_texts=60)
    arguments = [*training_arguments(encoder, tmp_path / "results"), "--data", data, "--classifier", "Hybrid"]
    refused = command_line.refused("fit", *arguments, "--data.max_length", "63")
    assert "max_length 63 is more than the 62 positions" in refused


@pytest.mark.parametrize(
    ("classifier", "options"),
    [
        ("Text", ["--model.lora.rank", "2", "--model.ema", "0.5"]),
        pytest.param("Text", ["--model.class_weights", "balanced"], marks=pytest.mark.slow),
        ("Hybrid", ["--model.graph_gate", "zero"]),
        pytest.param("Hybrid", ["--model.att_type", "hetero"], marks=pytest.mark.slow),
        pytest.param("Concat", [], marks=pytest.mark.slow),
        pytest.param("External", [], marks=pytest.mark.slow),
    ],
)
def test_all_weights_in_half_precision(
    command_line: CommandLine, encoder: str, tmp_path: Path, classifier: str, options: list[str]
) -> None:
    data = write_chains(tmp_path, num_texts=60)
    arguments = [*training_arguments(encoder, tmp_path / "results"), "--data", data, "--trainer.max_epochs", "1"]
    half = ["--trainer.precision", "bf16-true"]
    command_line("fit_and_test", *arguments, "--classifier", classifier, *half, *options)
    run = tmp_path / "results" / "gatbert" / "v1"
    best = next((run / "checkpoints").glob("epoch*.ckpt"))
    again = ["--trainer.accelerator", "cpu", "--trainer.logger.init_args.save_dir", tmp_path / "again", *half]
    command_line("test", "--ckpt_path", best, "--data", data, *again)
    tested = tmp_path / "again" / "gatbert" / "version_0" / "predictions.test.csv"
    assert tested.read_text() == (run / "predictions.test.csv").read_text()
    state = torch.load(best, weights_only=True)["state_dict"]
    # An average is one of many small steps: it is kept in fp32.
    kept = torch.float32 if "--model.ema" in options else torch.bfloat16
    assert {value.dtype for name, value in state.items() if name.startswith("classifier.")} == {kept}
    predictor = StancePredictor.from_checkpoint(best)
    assert {value.dtype for value in predictor.classifier.parameters()} == {torch.float32}
