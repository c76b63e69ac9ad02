"""What Slurm says of the job in which a run is to start, or of none."""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator

from gatbert.doctor.asked_run import AskedRun
from gatbert.doctor.device import num_devices, num_gpus, uses_gpu
from gatbert.doctor.findings import Finding

INTERACTIVE = ("bash", "interactive")
"""Names of jobs in which Lightning starts the processes itself, whatever Slurm would."""


def look_at_slurm(run: AskedRun) -> Iterator[Finding]:
    """Compare the tasks of the job with the devices and nodes that are asked for."""
    job, tasks = os.environ.get("SLURM_JOB_ID"), os.environ.get("SLURM_NTASKS")
    if job is None:
        yield Finding("ok", "this is no Slurm job")
        return
    trainer = run.config.trainer
    there = num_gpus() if uses_gpu(trainer.accelerator) else 1
    asked = num_devices(trainer.devices, there) * trainer.num_nodes
    if os.environ.get("SLURM_JOB_NAME") in INTERACTIVE:
        yield Finding("ok", f"job {job}, an interactive session, which ends the run when it ends")
    elif tasks is not None and int(tasks) != asked:
        what = f"job {job} has {tasks} tasks (--ntasks), and the run asks for {asked} processes (devices times nodes)"
        yield Finding("fault", what, f"give sbatch --ntasks={asked}, or --trainer.devices and --trainer.num_nodes")
    else:
        yield Finding("ok", f"job {job}, {asked} of {tasks or asked} tasks")


def seconds_left() -> float | None:
    """Return how long the Slurm job may still run; ``None`` outside of one, without a limit, or if nobody says."""
    if (end := os.environ.get("SLURM_JOB_END_TIME", "")).isdecimal():
        return int(end) - time.time()
    job, squeue = os.environ.get("SLURM_JOB_ID"), shutil.which("squeue")
    if job is None or squeue is None:
        return None
    done = subprocess.run([squeue, "-h", "-j", job, "-o", "%L"], capture_output=True, text=True, check=False)  # noqa: S603
    return seconds_of(done.stdout.strip())


def seconds_of(limit: str) -> float | None:
    """Return the seconds of a time as ``squeue`` writes it, ``[[DAYS-]HOURS:]MINUTES:SECONDS``; ``None`` of none."""
    found = re.fullmatch(r"(?:(?:(\d+)-)?(\d+):)?(\d+):(\d+)", limit)
    if found is None:
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return float(((days * 24 + hours) * 60 + minutes) * 60 + seconds)
