"""A grid as a Slurm array: one task per run, numbered by ``grid.json``."""

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path

from gatbert.errors import UserError

SCRIPT = Path("slurm", "array.sh")


def sbatch_command(output: Path, tasks: Sequence[int], options: str) -> list[str]:
    """Return the command that submits some tasks.

    Args:
        output: Folder of the grid.
        tasks: Numbers of the tasks, ascending.
        options: Options of sbatch.

    Raises:
        UserError: If the script is not here, or the options cannot be read.
    """
    if not SCRIPT.is_file():
        raise UserError(f"there is no {SCRIPT} in {Path.cwd()}; call multi_run --slurm in the checkout of gatbert")
    try:
        given = shlex.split(options)
    except ValueError as error:
        raise UserError(f"--sbatch {options!r} cannot be read: {error}; put each option between its quotes") from error
    return ["sbatch", f"--array={ranges(tasks)}", *given, str(SCRIPT), str(output)]


def submit(command: Sequence[str]) -> str:
    """Submit an array and return the number of the job.

    Raises:
        UserError: If there is no sbatch, or it refuses.
    """
    if shutil.which(command[0]) is None:
        raise UserError(f"there is no {command[0]} on this machine; type on the cluster: {shlex.join(command)}")
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    # Submitted batch job 4711
    number = re.search(r"\d+", done.stdout)
    if done.returncode != 0 or number is None:
        raise UserError(f"sbatch has refused the array: {' '.join((done.stderr or done.stdout).split())}")
    return number[0]


def ranges(numbers: Iterable[int]) -> str:
    """Write ascending numbers as sbatch takes them: 1-3,7."""
    # Within a range, a number and its place grow alike: their difference is the same.
    runs = [[n for _, n in group] for _, group in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0])]
    return ",".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)
