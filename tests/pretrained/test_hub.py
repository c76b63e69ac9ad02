"""Models load from wherever users keep them, and what cannot be loaded is named."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from gatbert.errors import UserError
from gatbert.pretrained.encoders import load_encoder, load_tokenizer
from tests.command_line import ROOT


def hub_cache(folder: Path, name: str, encoder: str) -> None:
    """Lay out an encoder as the Hugging Face hub's client caches it."""
    repository = folder / f"models--{name.replace('/', '--')}"
    shutil.copytree(encoder, repository / "snapshots" / "c0ffee")
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text("c0ffee")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["bert-base-uncased", "lab/encoder"])
def test_a_cached_hub_id_needs_no_network(name: str, encoder: str, tmp_path: Path) -> None:
    hub_cache(tmp_path, name, encoder)
    code = f"""
import socket
def refuse(*_): raise AssertionError("network")
socket.socket.connect = refuse
from gatbert.pretrained.encoders import load_encoder, load_tokenizer
print(load_encoder({name!r}).config.hidden_size, load_tokenizer({name!r}).vocab_size)
"""
    environment = {k: v for k, v in os.environ.items() if k not in ("HF_HUB_OFFLINE", "HF_HOME")}
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env={**environment, "HF_HUB_CACHE": str(tmp_path), "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split()[0] == "16"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("./nowhere", "no folder"),
        ("pkg:no_such_package/model", "not installed"),
        ("pkg:gatbert/no_model", "no folder"),
        ("no-such-lab/no-such-model", "hub id"),
        ("nowhere.ckpt", "does not exist"),
    ],
)
def test_what_cannot_be_loaded_is_named(source: str, words: str) -> None:
    for load in (load_encoder, load_tokenizer):
        with pytest.raises(UserError, match=words) as refused:
            load(source)
        assert source in str(refused.value)
        assert "\n" not in str(refused.value)
