"""An encoder is looked for where a compute node would, without loading it."""

import shutil
from pathlib import Path

import pytest
from huggingface_hub import HfApi

from gatbert.doctor.encoder import look_at_encoders
from gatbert.doctor.findings import Check
from tests.doctor.runs import asked


def test_a_folder_with_its_tokenizer_is_well(encoder: str) -> None:
    (finding,) = look_at_encoders(asked("--pretrained_model", encoder))
    assert (finding.state, f"{encoder} (bert) and its tokenizer" in finding.what) == ("ok", True)


@pytest.mark.parametrize(
    ("lost", "words"),
    [("tokenizer.json", "no tokenizer"), ("model.safetensors", "no weights"), ("config.json", "config")],
)
def test_a_folder_that_lacks_a_part_is_no_encoder(lost: str, words: str, encoder: str, tmp_path: Path) -> None:
    folder = shutil.copytree(encoder, tmp_path / "encoder")
    (folder / lost).unlink()
    (finding,) = Check("encoder", look_at_encoders).findings(asked("--pretrained_model", folder))
    assert finding.state == "fault"
    assert words in finding.what


def test_the_encoder_of_definitions_is_looked_for_too(encoder: str) -> None:
    options = ["--model.concept_embeddings", "definition", "--model.concept_vectors", "lab/reader"]
    run = asked("--pretrained_model", encoder, "--classifier", "Hybrid", *options)
    first, second = look_at_encoders(run)
    assert (first.state, second.state) == ("ok", "fault")
    assert "lab/reader" in second.what


def test_a_hub_within_reach_is_a_doubt_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(HfApi, "model_info", lambda *_, **__: None)
    (finding,) = look_at_encoders(asked("--pretrained_model", "lab/encoder"))
    assert (finding.state, "from the network" in finding.what) == ("warning", True)
    assert "gatbert prefetch --pretrained_model lab/encoder" in finding.remedy


def test_a_checkpoint_tells_from_what_it_was_trained(run_folder: Path, encoder: str) -> None:
    (finding,) = look_at_encoders(asked("--pretrained_model", run_folder / "checkpoints" / "last.ckpt"))
    assert (finding.state, f"from {encoder}" in finding.what) == ("ok", True)
