"""``run.json``: what ran, on what, and how it ended; for who writes it, and for all who read it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

from gatbert.errors import UserError
from gatbert.files.documents import read_json
from gatbert.files.paths import write_atomically
from gatbert.files.records import Accepted, from_plain, to_plain
from gatbert.samples import Sample
from gatbert.samples.decision import Decision

LAST = Path("checkpoints", "last.ckpt")
"""The last checkpoint of a run folder."""

RECORD = "run.json"

Status = Literal["running", "finished", "interrupted", "failed", "unknown"]
"""How a run ended; unknown where its record does not say."""

LARGEST = 1e15
"""No time, memory or count is above this."""

AMOUNT = Accepted("a number of at least 0", lambda value: 0 <= value <= LARGEST)
Amount = Annotated[float, AMOUNT]
Count = Annotated[int, AMOUNT]
Text = Annotated[str, Accepted("text")]


@dataclass(frozen=True)
class SplitManifest:
    """Identify the samples of a split: equal manifests mean equal sets of samples.

    Attributes:
        num_samples: Number of samples.
        ids_sha256: SHA-256 of their ids in order.
    """

    num_samples: Count | None = None
    ids_sha256: Text | None = None


@dataclass(frozen=True)
class DataRecord:
    """Identify the data of a run.

    Attributes:
        files: SHA-256 of each corpus file, by its path as the user wrote it.
        splits: Manifest of each split.
        read: What was found as the corpora were read: the data module's own summary, as plain values.
    """

    files: Mapping[str, str] = field(default_factory=dict)
    splits: Mapping[str, SplitManifest] = field(default_factory=dict)
    read: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class BestCheckpoint:
    """Name the checkpoint that validation chose.

    Attributes:
        path: Where it is, from the run folder.
        monitor: Metric by which it was chosen.
        score: Value of that metric.
    """

    path: str
    monitor: str | None = None
    score: float | None = None


@dataclass(frozen=True)
class RunRecord:
    """Hold what ``run.json`` says; what it does not say is ``None`` or empty.

    Attributes:
        status: How the run ended, or that it has not.
        command: The words of the command line.
        started: When it began, in UTC.
        gatbert: Version of gatbert.
        git_commit: Commit of gatbert, with ``-dirty`` where files differ from it.
        python: Version of Python.
        versions: Version of each package that has a say in the results.
        host: Machine.
        device: GPU, or the processor.
        num_processes: Processes that shared the work.
        slurm: Slurm's variables that name the job.
        data: What it ran on.
        interrupted_by: Signal that ended it.
        best_checkpoint: What validation chose.
        decision: What became of the logits behind its predictions; ``None`` if it has none.
        train_samples: Samples that training has seen; ``None`` for a run that only tested.
        train_s: Seconds of training, validation included.
        ended: When the record was last written, in UTC.
        elapsed_s: Seconds from the beginning to then.
        peak_memory_mib: Most memory of the process.
        peak_gpu_memory_mib: Most memory on its GPU.
    """

    status: Status = "unknown"
    command: tuple[str, ...] = ()
    started: Text | None = None
    gatbert: Text | None = None
    git_commit: Text | None = None
    python: Text | None = None
    versions: Mapping[str, str] = field(default_factory=dict)
    host: Text | None = None
    device: Text | None = None
    num_processes: Count | None = None
    slurm: Mapping[str, str] = field(default_factory=dict)
    data: DataRecord | None = None
    interrupted_by: Text | None = None
    best_checkpoint: BestCheckpoint | None = None
    decision: Decision | None = None
    train_samples: Count | None = None
    train_s: Amount | None = None
    ended: Text | None = None
    elapsed_s: Amount | None = None
    peak_memory_mib: Amount | None = None
    peak_gpu_memory_mib: Amount | None = None

    def manifest(self, split: str) -> SplitManifest | None:
        """Return what identifies the samples of a split, if the record says so."""
        return None if self.data is None else self.data.splits.get(split)


def split_manifest(samples: Sequence[Sample]) -> SplitManifest:
    """Return what identifies some samples, whatever their order."""
    ids = "\n".join(sorted(sample.id for sample in samples))
    return SplitManifest(len(samples), hashlib.sha256(ids.encode()).hexdigest())


def write_record(folder: Path, record: RunRecord) -> None:
    """Write the ``run.json`` of a run folder."""
    write_atomically(folder / RECORD, json.dumps(to_plain(record), indent=2) + "\n")


def read_record(folder: Path) -> RunRecord:
    """Read the ``run.json`` of a run folder, of this version or another.

    Raises:
        UserError: If it is missing or damaged, or has a value of another type.
    """
    # Folders outlive versions: what an older gatbert left out, or a later one added, makes no run unreadable.
    path = folder / RECORD
    return from_plain(RunRecord, read_json(path), str(path), complete=False)


def read_status(folder: Path) -> Status:
    """Return how a run ended, unknown also where its record is missing or damaged."""
    try:
        return read_record(folder).status
    except UserError:
        return "unknown"


def best_checkpoint(folder: Path) -> Path:
    """Return the checkpoint of a run folder that ``test`` takes: the one that validation chose, or else the last.

    Raises:
        UserError: If the record is damaged, or there is neither.
    """
    record = read_record(folder)
    best = None if record.best_checkpoint is None else folder / record.best_checkpoint.path
    for path in (best, folder / LAST):
        if path is not None and path.is_file():
            return path
    raise UserError(
        f"the run {folder} ({record.status}) has no checkpoint {best or folder / LAST}; give a run that trained, or "
        "the checkpoint itself"
    )
