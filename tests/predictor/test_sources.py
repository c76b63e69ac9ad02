"""What a model may be named by, and the sentence that each other name gets."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from gatbert.errors import UserError
from gatbert.evaluation.run_record import BestCheckpoint, RunRecord, read_record, write_record
from gatbert.predictor.sources import checkpoint_of


def test_a_run_folder_is_its_best_checkpoint_wherever_it_lies(run_folder: Path, tmp_path: Path) -> None:
    record = read_record(run_folder)
    assert record.best_checkpoint is not None
    assert checkpoint_of(run_folder) == run_folder / record.best_checkpoint.path
    assert checkpoint_of(str(run_folder)).name.startswith("epoch=")
    moved = shutil.copytree(run_folder, tmp_path / "moved")
    assert checkpoint_of(moved) == moved / record.best_checkpoint.path


def test_a_run_without_a_best_checkpoint_is_its_last(run_folder: Path, tmp_path: Path) -> None:
    moved = shutil.copytree(run_folder, tmp_path / "moved")
    write_record(moved, replace(read_record(moved), best_checkpoint=None))
    assert checkpoint_of(moved) == moved / "checkpoints" / "last.ckpt"
    write_record(moved, replace(read_record(moved), best_checkpoint=BestCheckpoint("checkpoints/gone.ckpt")))
    assert checkpoint_of(moved) == moved / "checkpoints" / "last.ckpt"


def test_a_run_that_keeps_no_checkpoint_is_refused(tmp_path: Path) -> None:
    write_record(tmp_path, RunRecord(status="failed"))
    with pytest.raises(UserError, match=r"\(failed\) has no checkpoint .*last\.ckpt; give a run that trained"):
        checkpoint_of(tmp_path)


def test_any_other_file_or_folder_stands_for_itself(run_folder: Path, tmp_path: Path) -> None:
    checkpoint = run_folder / "checkpoints" / "last.ckpt"
    assert checkpoint_of(checkpoint) == checkpoint
    assert checkpoint_of(tmp_path) == tmp_path


@pytest.mark.parametrize("name", ["nowhere", "results/gatbert/v1", "a b/c", "owner/nowhere.ckpt"])
def test_what_is_nowhere_is_told_and_not_looked_for_on_the_hub(name: str) -> None:
    with pytest.raises(UserError, match=r"there is no model .*; accepted are a run folder, a checkpoint"):
        checkpoint_of(name)


def test_an_id_that_cannot_be_fetched_is_one_sentence() -> None:
    with pytest.raises(UserError, match="the model nobody/nothing-at-all cannot be fetched from the hub") as told:
        checkpoint_of("nobody/nothing-at-all")
    assert "\n" not in str(told.value)


def test_a_slip_below_a_folder_that_is_there_is_no_id(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "results").mkdir()
    with pytest.raises(UserError, match="there is no model results/demo"):
        checkpoint_of("results/demo")


def test_an_export_in_the_cache_of_the_hub_is_taken_by_its_id(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def snapshot_download(name: str) -> str:
        asked.append(name)
        return str(tmp_path)

    monkeypatch.setattr("huggingface_hub.snapshot_download", snapshot_download)
    assert checkpoint_of("owner/export") == tmp_path
    assert asked == ["owner/export"]
