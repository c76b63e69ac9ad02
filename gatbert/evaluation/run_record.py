"""What ``run.json`` says of a run, checked as it is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gatbert.errors import UserError
from gatbert.files.documents import read_json

LARGEST = 1e15
"""No time, memory or count is above this."""


@dataclass(frozen=True)
class RunRecord:
    """Hold what readers need of a ``run.json``; what it does not say is ``None``.

    Attributes:
        status: running, finished, interrupted or failed.
        elapsed_s: Seconds that the run took.
        train_s: Seconds of training, validation included.
        train_samples: Samples that training has seen; ``None`` for a run that only tested.
        peak_memory_mib: Most memory of the process.
        peak_gpu_memory_mib: Most memory on its GPU.
        git_commit: Commit of gatbert.
        num_test_samples: Samples of the test split.
        train_manifest: Number and checksum of the training samples, as ``split_manifest`` tells them.
    """

    status: str
    elapsed_s: float | None = None
    train_s: float | None = None
    train_samples: float | None = None
    peak_memory_mib: float | None = None
    peak_gpu_memory_mib: float | None = None
    git_commit: str | None = None
    num_test_samples: float | None = None
    train_manifest: Mapping[str, Any] | None = None


def read_record(folder: Path) -> RunRecord:
    """Read the ``run.json`` of a run folder.

    Raises:
        UserError: If it is missing or damaged, or has a value of another type.
    """
    path = folder / "run.json"
    values = read_json(path)
    return RunRecord(
        status=_text(path, values, "status") or "unknown",
        elapsed_s=_number(path, values, "elapsed_s"),
        train_s=_number(path, values, "train_s"),
        train_samples=_number(path, values, "train_samples"),
        peak_memory_mib=_number(path, values, "peak_memory_mib"),
        peak_gpu_memory_mib=_number(path, values, "peak_gpu_memory_mib"),
        git_commit=_text(path, values, "git_commit"),
        num_test_samples=_number(path, _below(values, "data", "splits", "test"), "num_samples"),
        train_manifest=_below(values, "data", "splits", "train") or None,
    )


def _below(values: Mapping[str, Any], *names: str) -> Mapping[str, Any]:
    """Return the section of that name, empty where there is none."""
    for name in names:
        found = values.get(name)
        values = found if isinstance(found, Mapping) else {}
    return values


def _text(path: Path, values: Mapping[str, Any], name: str) -> str | None:
    value = values.get(name)
    if value is not None and not isinstance(value, str):
        raise UserError(f"{path} is damaged: {name} is {str(value)[:40]!r}; accepted is text")
    return value


def _number(path: Path, values: Mapping[str, Any], name: str) -> float | None:
    value = values.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= LARGEST:
        raise UserError(f"{path} is damaged: {name} is {str(value)[:40]!r}; accepted is a number of at least 0")
    return value
