"""``run.json`` comes back as it was written, and what other versions of gatbert wrote is read, too."""

import json
from pathlib import Path

import pytest

from gatbert.errors import UserError
from gatbert.evaluation.run_record import (
    BestCheckpoint,
    DataRecord,
    RunRecord,
    read_record,
    read_status,
    split_manifest,
    write_record,
)
from gatbert.samples import Sample

SAMPLES = [Sample(f"p{number}", "x", "zoos") for number in range(6)]


def test_a_record_comes_back(tmp_path: Path) -> None:
    data = DataRecord({"a.csv": "123"}, {"test": split_manifest(SAMPLES)}, {"num_shared": 0})
    best = BestCheckpoint("checkpoints/a.ckpt", "val_macro_f1", 0.5)
    record = RunRecord("interrupted", ("gatbert", "fit"), slurm={"SLURM_JOB_ID": "3"}, data=data, best_checkpoint=best)
    write_record(tmp_path, record)
    assert read_record(tmp_path) == record


def test_a_record_of_another_version_is_read(tmp_path: Path) -> None:
    splits = {"train": {"num_samples": 3, "later": 1}, "test": {}}
    values = {"status": "failed", "later": [1], "data": {"files": {}, "splits": splits}, "elapsed_s": None}
    (tmp_path / "run.json").write_text(json.dumps(values))
    record = read_record(tmp_path)
    assert record.status == "failed"
    manifests = [record.manifest(split) for split in ("train", "test", "val")]
    assert [manifest and manifest.num_samples for manifest in manifests] == [3, None, None]


def test_a_status_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text('{"status": "asleep"}')
    with pytest.raises(UserError, match=r"run\.json is damaged: status 'asleep' is not accepted; accepted is running,"):
        read_record(tmp_path)


@pytest.mark.parametrize("content", [None, "{", "[]", "{}", '{"status": ["failed"]}'])
def test_the_status_of_a_damaged_record_is_unknown(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "run.json").write_text(content)
    assert read_status(tmp_path) == "unknown"


def test_a_manifest_knows_sets_not_orders() -> None:
    assert split_manifest(SAMPLES[:5]) == split_manifest(SAMPLES[4::-1])
    assert split_manifest(SAMPLES[:5]) != split_manifest(SAMPLES[1:6])
