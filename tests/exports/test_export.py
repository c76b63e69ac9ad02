"""From a run to a folder: whole or not there."""

from pathlib import Path

import pytest
import torch

import gatbert
from gatbert.errors import UserError
from gatbert.exports import Choices, Extras, export_model
from tests.exports.made import predicted, write_checkpoint


def test_a_run_becomes_a_folder_that_predicts_alike(run_folder: Path, tmp_path: Path) -> None:
    best = next((run_folder / "checkpoints").glob("epoch*.ckpt"))
    export_model(run_folder, tmp_path / "out", "out", Choices(), Extras())
    wanted, found = (predicted(gatbert.load(path)) for path in (best, tmp_path / "out"))
    torch.testing.assert_close(found, wanted, rtol=0, atol=1e-6)


def test_an_export_can_be_exported_again(encoder: str, tmp_path: Path) -> None:
    checkpoint = write_checkpoint(tmp_path / "a.ckpt", encoder)
    export_model(checkpoint, tmp_path / "one", "one", Choices(), Extras())
    export_model(tmp_path / "one", tmp_path / "two", "two", Choices(), Extras())
    for name in ("model.safetensors", "gatbert.safetensors", "config.json", "tokenizer.json"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_half_of_an_export_is_none(encoder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> str:
        raise OSError("no space is left")

    checkpoint = write_checkpoint(tmp_path / "a.ckpt", encoder)
    monkeypatch.setattr("gatbert.exports.export.card_text", broken)
    with pytest.raises(OSError, match="no space"):
        export_model(checkpoint, tmp_path / "out", "out", Choices(), Extras())
    assert [path.name for path in tmp_path.iterdir()] == ["a.ckpt"]


def test_what_is_in_the_way_stays(encoder: str, tmp_path: Path) -> None:
    checkpoint = write_checkpoint(tmp_path / "a.ckpt", encoder)
    (tmp_path / "out").mkdir()
    export_model(checkpoint, tmp_path / "out", "out", Choices(), Extras())  # an empty folder is no obstacle
    with pytest.raises(OSError, match="not empty"):
        export_model(checkpoint, tmp_path / "out", "out", Choices(), Extras())


def test_a_foreign_classifier_is_imported_only_by_name(tmp_path: Path, encoder: str) -> None:
    from tests.classifiers import BagOfTokens

    checkpoint = write_checkpoint(tmp_path / "a.ckpt", encoder, BagOfTokens)
    with pytest.raises(UserError, match=r"asks for the classifier tests\.classifiers\.BagOfTokens"):
        export_model(checkpoint, tmp_path / "out", "out", Choices(), Extras())
    assert not (tmp_path / "out").exists()
