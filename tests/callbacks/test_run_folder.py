"""A folder in which a run may begin: empty, or with nothing that anybody would miss."""

import json
from pathlib import Path

import lightning.pytorch as pl
import pytest
from jsonargparse import Namespace
from lightning.pytorch.cli import LightningArgumentParser
from lightning.pytorch.loggers import CSVLogger

from gatbert.callbacks.run_folder import RunFolder, used_folder
from gatbert.errors import UserError


def begun(folder: Path, status: str) -> Path:
    """Write what a run leaves that was stopped before its first checkpoint."""
    for name in ("config.yaml", "metrics.csv", "events.out.tfevents.1"):
        (folder / name).touch()
    (folder / "run.json").write_text(json.dumps({"status": status}))
    return folder


def test_a_folder_without_a_run_is_free(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    assert used_folder(tmp_path) is None
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize("status", ["interrupted", "failed"])
def test_what_a_run_left_that_kept_nothing_goes_and_the_users_own_files_stay(tmp_path: Path, status: str) -> None:
    begun(tmp_path, status)
    (tmp_path / "notes.txt").touch()
    assert used_folder(tmp_path) is None
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize("kept", ["checkpoints/last.ckpt", "predictions.test.csv"])
@pytest.mark.parametrize("status", ["interrupted", "finished", "running"])
def test_what_a_run_kept_stays(tmp_path: Path, status: str, kept: str) -> None:
    (begun(tmp_path, status) / kept).parent.mkdir(exist_ok=True)
    (tmp_path / kept).touch()
    before = sorted(tmp_path.rglob("*"))
    said = used_folder(tmp_path)
    assert said is not None
    assert said.startswith(f"a run ({status}), which stays as it is")
    assert ("--ckpt_path" in said) == (status != "finished" and kept.endswith("ckpt"))
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("record", ["", "{", "[]", "{}"])
def test_a_run_whose_record_says_nothing_stays(tmp_path: Path, record: str) -> None:
    (begun(tmp_path, "failed") / "run.json").write_text(record)
    assert used_folder(tmp_path) == "a run (unknown), which stays as it is"


def test_a_folder_that_another_run_takes_at_the_same_moment_is_left_to_it(tmp_path: Path) -> None:
    (tmp_path / "v1").mkdir()
    (tmp_path / "v1" / "config.yaml").write_text("of the other run")
    trainer = pl.Trainer(logger=CSVLogger(tmp_path, name="", version="v1"), accelerator="cpu")
    with pytest.raises(UserError, match="v1 was taken by a run that began at the same moment; start this one again"):
        RunFolder(LightningArgumentParser(), Namespace()).setup(trainer, pl.LightningModule(), "fit")
    assert [path.name for path in (tmp_path / "v1").iterdir()] == ["config.yaml"]
    assert (tmp_path / "v1" / "config.yaml").read_text() == "of the other run"
