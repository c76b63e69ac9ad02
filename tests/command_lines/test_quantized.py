"""Adapters in encoders of 8 or 4 bits, by whole commands: trained, tested, loaded, explained and gone on with."""

from pathlib import Path

import pytest
import torch

import gatbert
from gatbert.errors import UserError
from gatbert.pretrained.encoders import load_encoder
from tests.command_line import CommandLine, rows_of, training_arguments
from tests.command_lines.test_encoder_families import trained_tested_loaded_and_explained
from tests.controlled import write_chains
from tests.tiny import save_encoder, wide_config

pytest.importorskip("bitsandbytes")

LORA = ["--model.lora.rank", "2", "--model.lora.quantize"]


@pytest.mark.parametrize(
    ("family", "classifier", "bits", "options"),
    [
        ("llama", "Text", "4bit", ["--model.pooling", "last"]),
        pytest.param("bert", "Text", "8bit", ["--model.gradient_checkpointing", "true"], marks=pytest.mark.slow),
        ("modernbert", "Hybrid", "4bit", []),
        pytest.param("bert", "Hybrid", "8bit", ["--model.att_type", "hetero"], marks=pytest.mark.slow),
        pytest.param("bert", "Concat", "4bit", [], marks=pytest.mark.slow),
        pytest.param("bert", "External", "8bit", [], marks=pytest.mark.slow),
    ],
)
def test_every_classifier(
    command_line: CommandLine, tmp_path: Path, family: str, classifier: str, bits: str, options: list[str]
) -> None:
    data = write_chains(tmp_path, num_texts=60)
    encoder = save_encoder(tmp_path / "encoder", family, config=wide_config(family))
    options = ["--classifier", classifier, "--trainer.max_epochs", "2", *LORA, bits, *options]
    best = trained_tested_loaded_and_explained(command_line, encoder, data, tmp_path, *options)
    weights = torch.load(best, weights_only=True)["state_dict"]
    assert all(value.is_floating_point() for value in weights.values())
    assert not any("base_layer" in name for name in weights)


def test_it_goes_on_and_its_base_is_named(command_line: CommandLine, data: Path, tmp_path: Path) -> None:
    encoder = Path(save_encoder(tmp_path / "encoder", config=wide_config("bert")))
    arguments = [*training_arguments(str(encoder), tmp_path / "results"), "--data", data, "--trainer.max_epochs", "1"]
    options = [*LORA, "4bit", "--model.ema", "0.9"]
    command_line("fit_and_test", *arguments, *options)
    run = tmp_path / "results" / "gatbert" / "v1"
    last = run / "checkpoints" / "last.ckpt"
    more = [*training_arguments(str(encoder), tmp_path / "more"), "--data", data, "--ckpt_path", last]
    command_line("fit", *more, *options)
    assert "--model.lora.quantize 8bit contradicts" in command_line.refused(
        "fit", *more, "--model.lora.quantize", "8bit"
    )
    best = next((run / "checkpoints").glob("epoch*.ckpt"))
    rows = {row["id"]: row for row in rows_of(run / "predictions.test.csv")}
    posts = {row["id"]: row for row in rows_of(tmp_path / "posts.csv") if row["id"] in rows}
    found = gatbert.load(best).predict(
        [row["text"] for row in posts.values()], [row["target"] for row in posts.values()]
    )
    for name, probabilities in zip(posts, found, strict=True):
        assert probabilities["favor"] == pytest.approx(float(rows[name]["prob_favor"]), abs=2e-3)
    encoder.rename(tmp_path / "moved")
    with pytest.raises(UserError, match=r"needs its encoder.*--pretrained_model"):
        gatbert.load(best)
    assert gatbert.load(best, pretrained_model=str(tmp_path / "moved")).predict("good", "zoo")


def test_a_training_starts_from_the_whole_weights_and_the_adapter(
    command_line: CommandLine, data: Path, tmp_path: Path
) -> None:
    encoder = save_encoder(tmp_path / "encoder", config=wide_config("bert"))
    arguments = [*training_arguments(encoder, tmp_path / "results"), "--data", data, "--trainer.max_epochs", "1"]
    command_line("fit", *arguments, *LORA, "8bit", "--model.lora.target_modules", "[query]")
    last = tmp_path / "results" / "gatbert" / "v1" / "checkpoints" / "last.ckpt"
    state = torch.load(last, weights_only=True)["state_dict"]
    query = "encoder.layer.0.attention.self.query"
    a, b = (state[f"classifier.encoder.{query}.lora_{name}.default.weight"] for name in "AB")
    whole = load_encoder(encoder).get_submodule(query).get_parameter("weight")
    assert b.abs().max() > 0
    # alpha / rank is 16 / 2
    torch.testing.assert_close(load_encoder(str(last)).get_submodule(query).get_parameter("weight"), whole + 8 * b @ a)
    command_line(
        "fit", *arguments, "--pretrained_model", last, "--trainer.logger.init_args.version", "v2", *LORA, "4bit"
    )


@pytest.mark.slow
@pytest.mark.parametrize("bits", ["8bit", "4bit"])
def test_beside_weights_in_half_precision(command_line: CommandLine, data: Path, tmp_path: Path, bits: str) -> None:
    encoder = save_encoder(tmp_path / "encoder", config=wide_config("bert"))
    arguments = [*training_arguments(encoder, tmp_path / "results"), "--data", data, "--trainer.max_epochs", "1"]
    half = ["--trainer.precision", "bf16-true"]
    command_line("fit_and_test", *arguments, *half, *LORA, bits)
    run = tmp_path / "results" / "gatbert" / "v1"
    best = next((run / "checkpoints").glob("epoch*.ckpt"))
    again = ["--trainer.accelerator", "cpu", "--trainer.logger.init_args.save_dir", tmp_path / "again", *half]
    command_line("test", "--ckpt_path", best, "--data", data, *again)
    tested = tmp_path / "again" / "gatbert" / "version_0" / "predictions.test.csv"
    assert tested.read_text() == (run / "predictions.test.csv").read_text()
    weights = torch.load(best, weights_only=True)["state_dict"]
    assert {value.dtype for name, value in weights.items() if "lora" in name} == {torch.bfloat16}
