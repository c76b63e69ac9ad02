"""Whether the processes that collate batches have processors and shared memory."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from gatbert.data_modules.preparation import DEFAULT_MAX_LENGTH
from gatbert.doctor.asked_run import AskedRun
from gatbert.doctor.device import num_devices, num_gpus, uses_gpu
from gatbert.doctor.findings import Finding
from gatbert.files.sizes import size_in_words

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108  (through it, workers hand on their batches)

PREFETCHED = 2
"""Batches that each worker has ready, as PyTorch has it by default."""

BYTES_PER_TOKEN = 64
"""Bytes of a token in a batch: whole numbers of 8 bytes for ids, types, positions, mask, and edges beside them."""


def look_at_workers(run: AskedRun) -> Iterator[Finding]:
    """Compare ``data.num_workers`` with the processors of this process, and their batches with shared memory."""
    options, trainer = run.config.data.init_args, run.config.trainer
    there = num_gpus() if uses_gpu(trainer.accelerator) else 1
    workers = options.num_workers * num_devices(trainer.devices, there)
    cores = _num_cores()
    if not workers:
        yield Finding("ok", f"none: batches are collated in the main process ({cores} CPUs)")
        return
    needed = workers * PREFETCHED * options.batch_size * (options.max_length or DEFAULT_MAX_LENGTH) * BYTES_PER_TOKEN
    if SHARED_MEMORY.is_dir() and (free := shutil.disk_usage(SHARED_MEMORY).free) < needed:
        what = f"{SHARED_MEMORY} has {size_in_words(free)} free, and {workers} workers need {size_in_words(needed)}"
        yield Finding("fault", what, "give --data.num_workers 0, or a container more of it (--shm-size)")
    if workers > cores:
        what = f"{workers} workers (--data.num_workers) share {cores} CPUs"
        yield Finding("warning", what, f"give --data.num_workers {cores - 1}, or ask Slurm for more (--cpus-per-task)")
    else:
        yield Finding("ok", f"{workers} on {cores} CPUs")


def _num_cores() -> int:
    """Return how many processors this process may use: those of its job, where Slurm binds it."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
