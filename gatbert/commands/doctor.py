"""``gatbert doctor``: what would go wrong with a training, told before it waits in a queue."""

import os
from collections.abc import Iterable
from pathlib import Path

from rich.console import Console
from rich.text import Text

from gatbert.console.parser import CommandParser
from gatbert.console.run_arguments import parse_run_command
from gatbert.console.terminal import visible
from gatbert.doctor.findings import Check, Finding
from gatbert.doctor.versions import look_at_versions
from gatbert.errors import UserError
from gatbert.grid.record import Grid
from gatbert.ranges import Count, PositiveInt, check_ranges

STYLES = {"ok": "green", "warning": "yellow", "fault": "bold red"}


def doctor(
    command: str,
    arguments: list[str],
    steps: Count = 10,
    grid: str | None = None,
    task: PositiveInt | None = None,
) -> bool:
    """Look at a training before it is queued: each line says ok, warning or fault, and what to do.

    Args:
        command: fit or fit_and_test.
        arguments: Its arguments.
        steps: Training steps that are measured, for the time that the run takes; 0 measures none.
        grid: Folder of a grid of multi_run, of which one run is looked at, in place of arguments.
        task: Number of that run.

    Returns:
        Whether nothing is at fault.
    """
    check_ranges(doctor, {"steps": steps, "task": task}, "--")
    if grid is not None or task is not None:
        arguments = _of_grid(grid, task, arguments)
    versions: Check[str] = Check("versions", look_at_versions)
    is_well = _tell([(versions.name, finding) for finding in versions.findings("gatbert")])
    if not is_well:  # a library that is too old or too new may not even load
        return False
    from gatbert.doctor.asked_run import AskedRun
    from gatbert.doctor.checks import examine

    return _tell(examine(AskedRun(command, tuple(arguments), steps)))


def _of_grid(folder: str | None, task: int | None, given: list[str]) -> list[str]:
    """Return the arguments of one run of a grid, but for its own folder, in which it may already have begun."""
    if folder is None or task is None or given:
        raise UserError("--grid FOLDER and --task N belong together, and say all arguments of the run")
    output = Path(os.path.realpath(folder))
    record, run = Grid.with_task(output, task)
    os.chdir(record.folder)  # where the relative paths among its arguments begin
    return [*run.configured(record.arguments), "--trainer.logger.init_args.save_dir", str(output)]


def _tell(findings: Iterable[tuple[str, Finding]]) -> bool:
    """Print findings as they come, and return whether none is a fault."""
    console, is_well = Console(), True
    for name, finding in findings:
        is_well = is_well and finding.state != "fault"
        line = Text(f"{finding.state:<8}", style=STYLES[finding.state])
        line.append(f"{name:<10}", style="default").append_text(visible(finding))
        console.print(line, soft_wrap=True)
    return is_well


def main(args: list[str]) -> None:
    """Run the command; its exit status is 1 if something is at fault."""
    parser = CommandParser("doctor", "Look at a training before it is queued.", files=False)
    parser.add_function_arguments(doctor, skip={"command", "arguments"})
    own, command, arguments = parse_run_command(parser, args)
    if not doctor(command, arguments, **own):
        raise SystemExit(1)
