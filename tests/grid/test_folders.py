"""When a run is finished, and how an unfinished one goes on."""

import json
import os
import zipfile
from pathlib import Path

import pytest
import yaml

from gatbert.grid.folders import archive_attempt, prepare_resume, read_finished
from tests.grid.training import record, write_checkpoint, write_predictions


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A finished run."""
    return made(tmp_path / "text" / "seed1")


def made(folder: Path, epoch: int = 0) -> Path:
    (folder / "checkpoints").mkdir(parents=True, exist_ok=True)
    logger = {"save_dir": str(folder.parents[1]), "name": folder.parent.name, "version": folder.name}
    (folder / "config.yaml").write_text(yaml.safe_dump({"trainer": {"logger": {"init_args": logger}}}))
    for age, name in enumerate(("last.ckpt", f"epoch={epoch}.ckpt")):
        write_checkpoint(folder / "checkpoints" / name, epoch)
        os.utime(folder / "checkpoints" / name, (1000 - age, 1000 - age))
    write_predictions(folder)
    record(folder, "finished")
    return folder


def test_finished_run_has_its_scores(run: Path) -> None:
    finished = read_finished(run)
    assert finished is not None
    assert finished.scores["accuracy"] == 0.5
    assert finished.elapsed_s == 1


def test_run_is_finished_only_when_all_is_there(run: Path) -> None:
    predictions = run / "predictions.test.csv"
    text = predictions.read_text()
    for part in (text[:-1], text[: text.rindex("b,")], text[: text.index("\n") + 1], ""):
        predictions.write_text(part)
        assert read_finished(run) is None, part
    predictions.write_text(text)
    assert read_finished(run) is not None
    for status in ("running", "interrupted", "failed"):
        record(run, status)
        assert read_finished(run) is None
    assert read_finished(run.with_name("seed2")) is None


@pytest.mark.parametrize(
    "damage", ["{", "[" * 200_000, "[]", '{"status": ["finished"]}', '{"status": "finished", "elapsed_s": "long"}']
)
def test_run_with_a_damaged_record_is_not_finished(run: Path, damage: str) -> None:
    (run / "run.json").write_text(damage)
    assert read_finished(run) is None


def test_run_that_does_not_say_how_long_it_took_is_finished(run: Path) -> None:
    values = json.loads((run / "run.json").read_text())
    del values["elapsed_s"]
    (run / "run.json").write_text(json.dumps(values))
    finished = read_finished(run)
    assert finished is not None
    assert finished.elapsed_s is None


@pytest.mark.parametrize("damage", ["", "[]", "trainer: 3", "a: &a [*a]", "[" * 100_000])
def test_run_with_a_damaged_config_begins_anew(run: Path, damage: str) -> None:
    (run / "config.yaml").write_text(damage)
    assert read_finished(run) is not None
    archive_attempt(run)
    assert prepare_resume(run) is None


def test_limited_test_is_finished_with_fewer_predictions(run: Path) -> None:
    values = json.loads((run / "run.json").read_text())
    values["data"]["splits"]["test"]["num_samples"] = 100
    (run / "run.json").write_text(json.dumps(values))
    assert read_finished(run) is None
    (run / "config.yaml").write_text("trainer: {limit_test_batches: 1}\n")
    assert read_finished(run) is not None


def test_unfinished_run_goes_on_beside_its_former_self(run: Path) -> None:
    archive_attempt(run)
    assert not run.exists()
    aside = run.with_name(".seed1.interrupted-1")
    assert prepare_resume(run) == aside / "checkpoints" / "last.ckpt"
    assert [path.name for path in (run / "checkpoints").iterdir()] == ["epoch=0.ckpt"]
    (run / "checkpoints" / "epoch=0.ckpt").unlink()  # as Lightning does with a best that is no longer
    assert (aside / "checkpoints" / "epoch=0.ckpt").exists()


def test_killed_between_the_steps_it_goes_on_all_the_same(run: Path) -> None:
    archive_attempt(run)
    (run.parent / ".seed1-abc" / "checkpoints").mkdir(parents=True)
    (run.parent / ".seed11-abc").mkdir()
    source = prepare_resume(run)
    archive_attempt(run)  # killed again, before the new run has written anything
    assert not run.exists()
    assert prepare_resume(run) == source
    names = {path.name for path in run.parent.iterdir()}
    assert names == {"seed1", ".seed1.interrupted-1", ".seed11-abc"}


def test_newest_attempt_with_a_whole_checkpoint_is_the_source(run: Path) -> None:
    archive_attempt(run)
    made(run, epoch=1)
    archive_attempt(run)
    second = run.with_name(".seed1.interrupted-2") / "checkpoints"
    assert prepare_resume(run) == second / "last.ckpt"
    archive_attempt(run)
    whole = (second / "last.ckpt").read_bytes()
    (second / "last.ckpt").write_bytes(whole[: len(whole) // 2])  # killed as it was written
    assert prepare_resume(run) == second / "epoch=1.ckpt"
    archive_attempt(run)
    (second / "epoch=1.ckpt").write_bytes(b"")
    assert prepare_resume(run) == run.with_name(".seed1.interrupted-1") / "checkpoints" / "last.ckpt"


def test_checkpoints_with_changed_bytes_are_passed_over(run: Path) -> None:
    """A zip file with damaged content still looks like one."""
    last = run / "checkpoints" / "last.ckpt"
    last.write_bytes(last.read_bytes().replace(b"optimizer", b"optimiser", 1))
    assert zipfile.is_zipfile(last)
    archive_attempt(run)
    source = prepare_resume(run)
    assert source is not None
    assert source.name == "epoch=0.ckpt"


def test_checkpoint_without_the_state_of_training_is_kept_but_is_no_source(run: Path) -> None:
    best = run / "checkpoints" / "epoch=0.ckpt"
    write_checkpoint(best, 0, state=b"state_dict")
    os.utime(best, (2000, 2000))
    archive_attempt(run)
    source = prepare_resume(run)
    assert source is not None
    assert source.name == "last.ckpt"
    assert [path.name for path in (run / "checkpoints").iterdir()] == ["epoch=0.ckpt"]
    archive_attempt(run)
    source.unlink()
    assert prepare_resume(run) is None


def test_newest_checkpoint_wins(run: Path) -> None:
    """Killed after the new best was written and the old one removed, last.ckpt still names the old one."""
    os.utime(run / "checkpoints" / "epoch=0.ckpt", (2000, 2000))
    archive_attempt(run)
    source = prepare_resume(run)
    assert source is not None
    assert source.name == "epoch=0.ckpt"


def test_tenth_attempt_is_newer_than_the_second(run: Path) -> None:
    for _ in range(10):
        archive_attempt(made(run))
    source = prepare_resume(run)
    assert source is not None
    assert source.parents[1].name == ".seed1.interrupted-10"


def test_run_without_checkpoint_begins_anew(run: Path) -> None:
    for path in (run / "checkpoints").iterdir():
        path.unlink()
    archive_attempt(run)
    assert prepare_resume(run) is None
    assert not run.exists()


def test_moved_run_begins_anew_as_its_checkpoints_name_another_place(run: Path) -> None:
    moved = run.parent.rename(run.parent.with_name("elsewhere"))
    archive_attempt(moved / "seed1")
    assert prepare_resume(moved / "seed1") is None


def test_without_links_checkpoints_are_copied(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no links here")

    monkeypatch.setattr(os, "link", refuse)
    archive_attempt(run)
    prepare_resume(run)
    copied = run / "checkpoints" / "epoch=0.ckpt"
    assert copied.read_bytes() == (run.with_name(".seed1.interrupted-1") / "checkpoints" / "epoch=0.ckpt").read_bytes()
