"""``gatbert multi_run``: seeds x folds x classifiers x settings; each run once, in its own process and folder."""

import os
import re
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
from gatbert.ranges import Folds, PositiveInt, check_ranges

FOLDS = {r"--data\.(init_args\.)?folds?": "--folds before the -- gives it"}
"""Flags that a grid of folds gives to each run."""


def multi_run(
    output: str,
    seeds: str | None = None,
    folds: Folds | None = None,
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
        output: Folder of the grid; a run is CLASSIFIER-SETTINGS/seedN-foldK below it. Started again, the grid goes on.
        seeds: Seeds, separated by commas; by default one run with the seed of the arguments.
        folds: Number of folds of a cross-validation, of which each run tests one; the data module draws them.
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
    check_ranges(multi_run, {"folds": folds, "task": task}, "--")
    folder = Path(os.path.realpath(output_folder(output)))
    if task is not None:
        _train_task(folder, task, stop_on_failure, verbose)
        return
    check_arguments(arguments, seeds is not None, classifier is not None, {} if folds is None else FOLDS)
    asked = Grid.asked(arguments, plan_runs(seeds, classifier, settings, folds))
    if slurm:
        _submit(folder, asked, sbatch, dry_run)
    elif dry_run:
        _print_commands(folder, asked)
    else:
        _write(folder, asked)
        _train(folder, asked.runs, arguments, stop_on_failure, verbose)


def _train(folder: Path, runs: Sequence[GridRun], arguments: Sequence[str], stop: bool, verbose: bool) -> None:
    with Signals() as signals, GridTerminal(runs, verbose) as terminal:
        work: Work[GridRun] = Work(folder, arguments, terminal)
        outcomes = work.do(runs, signals, stop)
    _conclude(outcomes, signals, folder)


def _train_task(folder: Path, task: int, stop: bool, verbose: bool) -> None:
    """Train one run of a recorded grid, if nothing that it reads has changed while it waited."""
    grid, run = Grid.with_task(folder, task)
    os.chdir(grid.folder)  # where the relative paths among its arguments begin
    _train(folder, [run], grid.arguments, stop, verbose)


def _grown(folder: Path, asked: Grid) -> Grid:
    """Return the grid of a folder with what is asked for; another kind of grid there is refused."""
    there = Grid.read(folder)
    return asked if there is None else there.grown(asked, folder)


def _check(folder: Path, asked: Grid) -> Grid:
    """Refuse configurations that are wrong, or that come to the same, unless the grid has them all already."""
    grid, there = _grown(folder, asked), Grid.read(folder)
    known = set() if there is None else {(run.configuration, run.folds) for run in there.runs}
    configurations = {run.configuration: run.configured(asked.arguments) for run in asked.runs}
    if known.issuperset((run.configuration, run.folds) for run in asked.runs):
        return grid
    with Console(stderr=True).status(f"checking the arguments of {len(configurations)} configurations"):
        found = dict(zip(configurations, resolved_configs(list(configurations.values())), strict=True))
    # Two names for one configuration would be trained twice, and compared as if they were two.
    seen: dict[str, str] = {}
    for name, config in found.items():
        if isinstance(config, UserError):
            lacks_folds = re.search(r"no argument --data\.folds?\b", str(config))
            why = (
                "its data module draws no folds; RandomSplitDataModule and MixedDataModule do"
                if lacks_folds
                else config
            )
            raise UserError(f"{name}: {why}") from config
        if config in seen:
            raise UserError(f"{seen[config]} and {name} are the same once all arguments are read; leave one out")
        seen[config] = name
    return grid


def _write(folder: Path, asked: Grid) -> Grid:
    """Record the grid with what is asked for, once it is checked."""
    _check(folder, asked)
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder / ".lock"):
        grid = _grown(folder, asked)  # another process may have recorded more in the meantime
        grid.write(folder)
    return grid


def _unfinished(folder: Path, runs: Sequence[GridRun]) -> list[GridRun]:
    return [run for run in runs if read_finished(folder / run.name) is None]


def _print_commands(folder: Path, asked: Grid) -> None:
    """Print the command of each run, those of finished ones as comments."""
    _grown(folder, asked)
    unfinished = _unfinished(folder, asked.runs)
    for run in asked.runs:
        command = shlex.join([*FIT_AND_TEST, *run.complete(asked.arguments, folder)])
        print(command if run in unfinished else f"# finished: {run.name}")  # noqa: T201


def _submit(folder: Path, asked: Grid, options: str, dry_run: bool) -> None:
    """Submit those of the runs that are not finished, by their numbers in the recorded grid."""
    grid = _check(folder, asked) if dry_run else _write(folder, asked)
    unfinished = _unfinished(folder, asked.runs)
    tasks = [number for number, run in enumerate(grid.runs, start=1) if run in unfinished]
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
        raise SystemExit(128 + signals.received)  # as a shell counts the end by a signal
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
    parser = CommandParser("multi_run", "Train and test a grid of runs: seeds x folds x classifiers x settings.")
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
    # A command line without -- is a slip that the parser would blame on the first flag of fit_and_test.
    if cut == len(args) and not {"-h", "--help", "--task"} & {word.partition("=")[0] for word in given}:
        check_arguments([], seeds=False, classifiers=False)
    config = parser.parse_args(given).as_dict()
    del config["config"]
    multi_run(settings=config.pop("set"), arguments=args[cut + 1 :], **config)
