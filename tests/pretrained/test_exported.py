"""An export is read as from a stranger: whole and as it was written, or refused in one sentence."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

import gatbert
from gatbert.errors import UserError
from gatbert.exports import Choices, Extras, export_model
from gatbert.files.manifest import MANIFEST, ListedFile
from gatbert.pretrained.checkpoints import Recipe, read_checkpoint
from gatbert.pretrained.encoders import is_checkpoint, load_encoder, load_tokenizer
from gatbert.pretrained.exported import MODEL, OTHER_WEIGHTS, read_export
from tests.exports.made import write_checkpoint


@pytest.fixture(scope="module")
def exported(encoder: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export that no test changes."""
    folder = tmp_path_factory.mktemp("exported")
    checkpoint = write_checkpoint(folder / "a.ckpt", encoder)
    export_model(checkpoint, folder / "out", "out", Choices(), Extras())
    return folder / "out"


@pytest.fixture
def copied(exported: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    folder = tmp_path / "copied"
    folder.mkdir()
    for path in exported.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


def change(folder: Path, function: Callable[[dict[str, Any]], Any]) -> None:
    """Change what the manifest says."""
    path = folder / MANIFEST
    values = json.loads(path.read_text())
    function(values)
    path.write_text(json.dumps(values))


def test_an_export_is_a_checkpoint(exported: Path) -> None:
    before, after = read_checkpoint(exported.parent / "a.ckpt"), read_checkpoint(exported)
    assert after["gatbert"] == before["gatbert"]
    assert Recipe.read(exported) == Recipe.read(exported.parent / "a.ckpt")
    assert after["state_dict"].keys() == before["state_dict"].keys()
    for name, weight in before["state_dict"].items():
        torch.testing.assert_close(after["state_dict"][name], weight, rtol=0, atol=0)


def test_an_export_is_a_pretrained_model(exported: Path, encoder: str) -> None:
    assert is_checkpoint(str(exported))
    assert not is_checkpoint(encoder)
    assert load_tokenizer(str(exported))("good zoo") == load_tokenizer(encoder)("good zoo")
    assert load_encoder(str(exported)).state_dict().keys() == load_encoder(encoder).state_dict().keys()


@pytest.mark.parametrize("name", [MODEL, OTHER_WEIGHTS, "tokenizer.json", "config.json"])
@pytest.mark.parametrize("damage", ["flipped", "cut", "missing"])
def test_a_damaged_file_is_named(copied: Path, name: str, damage: str) -> None:
    content = (copied / name).read_bytes()
    if damage == "missing":
        (copied / name).unlink()
    else:
        middle = len(content) // 2
        changed = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
        (copied / name).write_bytes(changed if damage == "flipped" else content[:middle])
    words = {"flipped": "is not as it was written", "cut": "bytes instead of", "missing": "is missing"}[damage]
    with pytest.raises(UserError, match=f"{name} .*{words}|{name} {words}") as refused:
        gatbert.load(copied)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "cannot be read"),
        ("[]", "holds no JSON object"),
        ("{}", "export format None; this gatbert reads 1"),
        ('{"format_version": 99}', "export format 99"),
        ('{"format_version": 1}', "is damaged: 'gatbert' is missing"),
        ("[" * 100_000, "nested too deeply"),
        ('{"a": ' * 100_000, "nested too deeply"),
        ('{"format_version": 1, "gatbert": "0", "recipe": {}, "encoder_prefix": "", "copies": {}, "files": {}, '
         '"for_transformers": []}', "it names no model.safetensors"),
    ],
)  # fmt: skip
def test_foreign_json_is_refused(copied: Path, text: str, words: str) -> None:
    (copied / MANIFEST).write_text(text)
    with pytest.raises(UserError, match=words):
        gatbert.load(copied)


CHANGES: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "recipe": (lambda values: values["recipe"].pop("stances"), "the recipe in .* is damaged: 'stances' is missing"),
    "format": (lambda values: values["recipe"].update(format_version=5), "checkpoint format 5"),
    "classifier": (lambda values: values["recipe"].update(classifier="os.system"), "not of gatbert"),
    "depth": (lambda values: values["recipe"]["encoder_config"].update(num_hidden_layers=10**9), "10{9} layers"),
    "prefix": (lambda values: values.update(encoder_prefix="x."), "is damaged: its weight"),
    "copies": (lambda values: values["copies"].update(a="nothing"), "there is no weight 'nothing'"),
    "outside": (lambda values: values["files"].update({"../a": values["files"][MODEL]}), "is no file in its folder"),
    "unlisted": (lambda values: values["files"].pop(OTHER_WEIGHTS), "is damaged: its weight head"),
    "types": (lambda values: values.update(files=[]), "files .* is not accepted"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_a_manifest_says_decides_nothing(copied: Path, name: str) -> None:
    function, words = CHANGES[name]
    change(copied, function)
    with pytest.raises(UserError, match=words):
        gatbert.load(copied)


def test_weights_that_are_none_are_refused_even_if_listed(copied: Path) -> None:
    (copied / MODEL).write_bytes(b"\xff" * 64)
    from gatbert.files.checksums import sha256_of_files

    listed = ListedFile(64, sha256_of_files([copied / MODEL]))
    change(copied, lambda values: values["files"].update({MODEL: vars(listed)}))
    with pytest.raises(UserError, match="is no safetensors file"):
        read_export(copied)


def test_the_card_may_be_changed(copied: Path) -> None:
    (copied / "README.md").write_text("mine")
    assert read_export(copied)
