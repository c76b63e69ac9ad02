"""Faults and doubts, planted in a run or in this process: how, and the words of the line that each gets."""

import os
import shutil
import time
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from gatbert.corpora.controlled import RELATIONS, SyntheticSettings, generate
from gatbert.corpora.graph_corpus import GraphCorpusInfo, Tagged, write_graph_corpus
from gatbert.doctor.workers import SHARED_MEMORY
from gatbert.samples.stances import STANCES
from tests.command_line import write_data
from tests.command_lines.slurm import SLURM
from tests.knowledge.dump import graph_of
from tests.tiny import corpus_rows, write_corpus


class Usage(NamedTuple):
    """What ``shutil.disk_usage`` returns."""

    total: int
    used: int
    free: int


class Planting:
    """What a fault is planted in: the folder with ``posts.csv`` and ``tiny_data.yaml``, and this process."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.patch = monkeypatch

    def data(self, **options: Any) -> list[str]:
        """Write other data, and return the flag that names them."""
        return ["--data", str(write_data(self.folder / "other_data.yaml", self.folder / "posts.csv", **options))]

    def splits(self, **files: Path) -> list[str]:
        """Return the flags of data that come with splits."""
        return [
            "--data",
            "SplitDataModule",
            *(word for name, path in files.items() for word in (f"--data.{name}", str(path))),
        ]

    def posts(self, name: str, count: int = 30, **changes: str) -> Path:
        """Write posts with some values changed in the first of them."""
        rows = corpus_rows(count)
        rows[0] |= changes
        return write_corpus(self.folder / name, rows)

    def free(self, size: int) -> None:
        """Leave so many bytes free, as far as can be seen."""
        self.patch.setattr(shutil, "disk_usage", lambda _: Usage(10**12, 10**12 - size, size))

    def job(self, **variables: object) -> None:
        """Pretend to be in a Slurm job."""
        for name, value in {**SLURM, **{f"SLURM_{name}": value for name, value in variables.items()}}.items():
            self.patch.setenv(name, str(value))


def old_library(planting: Planting) -> list[str]:
    version = metadata.version
    planting.patch.setattr(metadata, "version", lambda name: "1.0" if name == "torch" else version(name))
    return []


def old_python(planting: Planting) -> list[str]:
    planting.patch.setattr("platform.python_version", lambda: "3.9.1")
    return []


def broken_yaml(planting: Planting) -> list[str]:
    (planting.folder / "broken.yaml").write_text("class_path: SplitDataModule\ninit_args:\n  a: 1\n b: 2\n")
    return ["--data", str(planting.folder / "broken.yaml")]


def tagged_corpora(folder: Path, checksums: dict[str, str], graph: Path) -> list[str]:
    """Write a graph corpus for each split, and return the flags that train a graph classifier on them."""
    samples = list(generate(SyntheticSettings(num_texts=24, hops=1)))
    thirds = {name: samples[start::3] for start, name in enumerate(("train", "val", "test"))}
    for name, some in thirds.items():
        tagged = (Tagged(sample, True, False, True, True, num_cut=0, unlinked=()) for sample in some)
        write_graph_corpus(folder / f"{name}.parquet", tagged, GraphCorpusInfo(RELATIONS, checksums[name], str(graph)))
    flags = [word for name in thirds for word in (f"--data.{name}", str(folder / f"{name}.parquet"))]
    return ["--classifier", "Hybrid", "--data", "SplitDataModule", "--data.corpus_type", "graph", *flags]


def another_graph(planting: Planting) -> list[str]:
    graph = graph_of(planting.folder, [("wind", "IsA", "power", 1.0)])
    return tagged_corpora(planting.folder, dict.fromkeys(("train", "val", "test"), "0" * 64), graph.folder)


def graphs_that_differ(planting: Planting) -> list[str]:
    checksums = {"train": "0" * 64, "val": "0" * 64, "test": "1" * 64}
    return tagged_corpora(planting.folder, checksums, planting.folder / "graph")


def nearly_full(planting: Planting) -> list[str]:
    planting.free(1000)
    return []


def little_shared_memory(planting: Planting) -> list[str]:
    usage = shutil.disk_usage
    small = Usage(1000, 0, 1000)
    planting.patch.setattr(shutil, "disk_usage", lambda path: small if path == SHARED_MEMORY else usage(path))
    return ["--data.num_workers", "1"]


def too_few_tasks(planting: Planting) -> list[str]:
    planting.job(NTASKS=2)
    return []


def too_little_time(planting: Planting) -> list[str]:
    planting.job(JOB_END_TIME=int(time.time()) - 1)
    return ["--steps", "2"]


def a_leak(planting: Planting) -> list[str]:
    train, val = planting.posts("train.csv"), planting.posts("val.csv")
    return planting.splits(train=train, val=val, test=val)


FAULTS: dict[str, tuple[Callable[[Planting], list[str]], tuple[str, ...]]] = {
    "library": (old_library, ("versions", "torch is 1.0, and gatbert needs >=2.6", "pip install")),
    "python": (old_python, ("versions", "this is Python 3.9.1", ">=3.10")),
    "flag": (
        lambda _: ["--model.learning_rat", "1"],
        ("arguments", "no argument --model.learning_rat", "learning_rate"),
    ),
    "value": (lambda _: ["--model.learning_rate", "-1"], ("arguments", "-1.0 is not accepted")),
    "yaml": (broken_yaml, ("files", "broken.yaml:4 is no YAML", "indentation")),
    "config": (lambda _: ["-c", "nowhere.yaml"], ("files", "nowhere.yaml does not exist")),
    "file": (lambda p: p.splits(train=p.folder / "lost.csv"), ("files", "data.train", "lost.csv does not exist")),
    "gpu": (lambda _: ["--trainer.accelerator", "gpu"], ("device", "asks for a GPU", "--gres=gpu:1")),
    "precision": (lambda _: ["--trainer.precision", "16-mixed"], ("precision", "16-mixed is for GPUs", "bf16-mixed")),
    "column": (lambda p: p.data(columns={"text": "tweet"}), ("data", "no column 'tweet' for text", "columns")),
    "label": (lambda p: p.splits(train=p.posts("odd.csv", stance="yes")), ("data", "odd.csv:2: unknown label 'yes'")),
    "empty split": (lambda p: p.splits(train=p.posts("a.csv")), ("data", "the test split has no samples")),
    "stances": (lambda p: p.data(stances=["against", "favor"]), ("data", "unknown label 'neutral'")),
    "leak": (a_leak, ("data", "val.csv:2", "test")),
    "encoder": (lambda _: ["--pretrained_model", "lab/encoder"], ("encoder", "lab/encoder", "gatbert prefetch")),
    "folder": (lambda _: ["--pretrained_model", "./no_encoder"], ("encoder", "there is no folder no_encoder")),
    "graph": (another_graph, ("graph", "tagged with another graph", "000000000000", "tag it again")),
    "graphs": (graphs_that_differ, ("graph", "was tagged otherwise", "tag both alike")),
    "no graph": (
        lambda _: ["--classifier", "Hybrid"],
        ("graph", "HybridClassifier reads a graph", "--classifier Text"),
    ),
    "save_dir": (
        lambda _: ["--trainer.logger.init_args.save_dir", "/proc/runs"],
        ("save_dir", "/proc/runs cannot be written"),
    ),
    "disk": (nearly_full, ("save_dir", "1 KB are free", "free some space")),
    "cache": (
        lambda _: ["--data.cache_dir", "/proc/cache"],
        ("cache", "/proc/cache cannot be written", "XDG_CACHE_HOME"),
    ),
    "tasks": (too_few_tasks, ("slurm", "2 tasks", "asks for 1 processes", "--ntasks=1")),
    "time": (too_little_time, ("training", "the job has 0 s left", "--time")),
    "shared memory": (little_shared_memory, ("workers", "/shm has 1 KB free", "--data.num_workers 0")),
    "refused": (lambda _: ["--model.freeze", "3"], ("training", "freeze 3 is not accepted", "2 layers")),
}
"""How each fault is planted, by further arguments, and words of the line that it gets."""


def many_workers(planting: Planting) -> list[str]:
    return ["--data.num_workers", str(len(os.sched_getaffinity(0)) + 1)]


def emulated(planting: Planting) -> list[str]:
    planting.patch.setattr("gatbert.doctor.device._cpu_has_bf16", lambda: False)
    return ["--trainer.precision", "bf16-mixed"]


def hardly_room(planting: Planting) -> list[str]:
    planting.free(150_000)
    return []


def early_stopping_may_help(planting: Planting) -> list[str]:
    planting.job(JOB_END_TIME=int(time.time()) + 1000)
    return ["--steps", "1", "--trainer.max_epochs", "100000000", "--early_stopping.patience", "0"]


WARNINGS: dict[str, tuple[Callable[[Planting], list[str]], tuple[str, ...]]] = {
    "workers": (many_workers, ("workers", "share", "--cpus-per-task")),
    "bf16": (emulated, ("precision", "bf16-mixed is emulated by this CPU", "32-true")),
    "room": (hardly_room, ("save_dir", "150 KB are free")),
    "time": (early_stopping_may_help, ("training", "early stopping", "last.ckpt goes on")),
    "labels": (
        lambda p: p.data(labels={**{stance: stance for stance in STANCES}, "pro": "favor"}),
        ("data", "'pro', which no sample has"),
    ),
}
"""What the run may do otherwise than is thought, and words of the line that it gets."""
