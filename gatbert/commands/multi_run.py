"""``gatbert multi_run``: seeds x classifiers x settings, each run once, in a process and a folder of its own."""

import os
import shlex
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console

from gatbert.console.parser import CommandParser
from gatbert.errors import UserError
from gatbert.files.paths import output_folder
from gatbert.grid.array import sbatch_command, submit
from gatbert.grid.claims import locked
from gatbert.grid.configs import resolved_configs
from gatbert.grid.folders import read_finished
from gatbert.grid.plan import GridRun, check_arguments, plan_runs
from gatbert.grid.processes import FIT_AND_TEST, Signals
from gatbert.grid.record import Grid
from gatbert.grid.terminal import GridTerminal, outcome_table
from gatbert.grid.work import Outcome, Work
from gatbert.ranges import PositiveInt, check_ranges


def multi_run(
    output: str,
    seeds: str | None = None,
    classifier: str | None = None,
    settings: Sequence[str] = (),
    arguments: Sequence[str] = (),
    stop_on_failure: bool = False,
    verbose: bool = False,
    dry_run: bool = False,
    slurm: bool = False,
    sbatch: str = "",
    task: PositiveInt | None = None,
) -> None:
    """Train and test a grid of runs.

    Args:
        output: Folder of the grid; a run is CLASSIFIER-SETTINGS/seedN below it. Started again, the grid goes on.
        seeds: Seeds, separated by commas; by default one run with the seed of the arguments.
        classifier: Classifiers, separated by commas: Text, External, Concat, Hybrid, or class paths.
        settings: Named YAML files of each dimension.
        arguments: Arguments of fit_and_test, for all runs.
        stop_on_failure: Whether a failed run ends the grid.
        verbose: Whether the output of the runs is shown, too.
        dry_run: Show the commands and run nothing.
        slurm: Submit the unfinished runs as a Slurm array.
        sbatch: Options of sbatch, such as "--account=GROUP --time=4:00:00".
        task: Train one run of a grid that stands in the output folder, by its number: what slurm/array.sh calls.
    """
    check_ranges(multi_run, {"task": task}, "--")
    folder = Path(os.path.realpath(output_folder(output)))
    if task is not None:
        grid = _recorded(folder)
        runs = _task(grid, folder, task)
        os.chdir(grid.folder)
        _train(folder, runs, grid.arguments, stop_on_failure, verbose)
        return
    check_arguments(arguments, seeds is not None, classifier is not None)
    asked = Grid.asked(arguments, plan_runs(seeds, classifier, settings))
    there = Grid.read(folder)
    grid = asked if there is None else there.grown(asked, folder)
    if dry_run and not slurm:
        _print_commands(folder, asked)
        return
    _check(asked, there)
    if not dry_run:
        grid = _written(folder, asked)
    if slurm:
        _submit(folder, [n for n, run in enumerate(grid.runs, 1) if run in _unfinished(folder, asked)], sbatch, dry_run)
    else:
        _train(folder, asked.runs, arguments, stop_on_failure, verbose)


def _train(folder: Path, runs: Sequence[GridRun], arguments: Sequence[str], stop: bool, verbose: bool) -> None:
    with Signals() as signals, GridTerminal(runs, verbose) as terminal:
        outcomes = Work(folder, arguments, terminal).do(runs, signals, stop)
    _conclude(outcomes, signals, folder)


def _unfinished(folder: Path, grid: Grid) -> list[GridRun]:
    return [run for run in grid.runs if read_finished(folder / run.name) is None]


def _recorded(folder: Path) -> Grid:
    grid = Grid.read(folder)
    if grid is None:
        raise UserError(f"{folder} holds no grid; start one with multi_run --output {folder} --slurm true")
    return grid


def _task(grid: Grid, folder: Path, task: int) -> list[GridRun]:
    """Return the run of a task, if nothing that it reads has changed while it waited."""
    if not 1 <= task <= len(grid.runs):
        raise UserError(f"{folder} has runs 1 to {len(grid.runs)}, and no run {task}")
    if (path := grid.changed_file()) is not None:
        raise UserError(f"{path} has been changed or removed since {folder} was begun; put it back")
    return [grid.runs[task - 1]]


def _written(folder: Path, asked: Grid) -> Grid:
    """Record the grid; another process may have done so in the meantime."""
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder / ".lock"):
        there = Grid.read(folder)
        grid = asked if there is None else there.grown(asked, folder)
        grid.write(folder)
    return grid


def _check(asked: Grid, there: Grid | None) -> None:
    """Refuse configurations that are wrong, or that come to the same, unless the grid has them all already."""
    known = set() if there is None else {run.configuration for run in there.runs}
    configurations = {run.configuration: run.configured(asked.arguments) for run in asked.runs}
    if known.issuperset(configurations):
        return
    with Console(stderr=True).status(f"checking the arguments of {len(configurations)} configurations"):
        found = dict(zip(configurations, resolved_configs(list(configurations.values())), strict=True))
    seen: dict[str, str] = {}
    for name, config in found.items():
        if isinstance(config, UserError):
            raise UserError(f"{name}: {config}") from config
        if config in seen:
            raise UserError(f"{seen[config]} and {name} are the same once all arguments are read; leave one out")
        seen[config] = name


def _print_commands(folder: Path, asked: Grid) -> None:
    unfinished = _unfinished(folder, asked)
    for run in asked.runs:
        command = shlex.join([*FIT_AND_TEST, *run.complete(asked.arguments, folder)])
        print(command if run in unfinished else f"# finished: {run.name}")  # noqa: T201


def _submit(folder: Path, tasks: Sequence[int], options: str, dry_run: bool) -> None:
    if not tasks:
        print(f"All runs in {folder} are finished; nothing was submitted")  # noqa: T201
        return
    command = sbatch_command(folder, tasks, options)
    if dry_run:
        print(shlex.join(command))  # noqa: T201
        return
    job = submit(command)
    print(f"Submitted {len(tasks)} runs as job {job}; call the same command again for those that do not finish")  # noqa: T201


def _conclude(outcomes: Mapping[GridRun, Outcome], signals: Signals, folder: Path) -> None:
    """Print what became of all runs, and fail if one has failed."""
    Console().print(outcome_table(outcomes))
    if signals.received is not None:
        print("gatbert: interrupted; the same command goes on with what is left", file=sys.stderr)  # noqa: T201
        raise SystemExit(128 + signals.received)
    failed = [run.name for run, outcome in outcomes.items() if outcome.status == "failed"]
    if failed:
        raise UserError(
            f"{len(failed)} of {len(outcomes)} runs failed: {', '.join(failed)}; see {folder / 'logs'}; the same "
            "command tries them again"
        )
    print(f"Everything was written to {folder}; compare the runs with gatbert report {shlex.quote(str(folder))}")  # noqa: T201


def main(args: list[str]) -> None:
    """Run the command; what stands after ``--`` is for the runs."""
    cut = args.index("--") if "--" in args else len(args)
    parser = CommandParser("multi_run", "Train and test a grid of runs: seeds x classifiers x settings.")
    parser.add_function_arguments(multi_run, skip={"settings", "arguments"})
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=FILE.yaml,...",
        help="Named YAML files, of which each run reads one, after all other arguments; NAME= for no file. Several "
        "--set make a product.",
    )
    given = [*args[:cut]]
    if cut == len(args) and not {"-h", "--help", "--task"} & {word.partition("=")[0] for word in given}:
        check_arguments([], seeds=False, classifiers=False)
    config = parser.parse_args(given).as_dict()
    del config["config"]
    multi_run(settings=config.pop("set"), arguments=args[cut + 1 :], **config)
