"""``gatbert search``: options tried on validation, trial after trial; the best of them tested with some seeds."""

import importlib.util
import os
import shlex
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from gatbert.commands.multi_run import multi_run
from gatbert.console.parser import CommandParser
from gatbert.errors import UserError
from gatbert.files.paths import output_folder
from gatbert.grid.claims import locked
from gatbert.grid.folders import Finished
from gatbert.grid.plan import check_arguments, plan_runs
from gatbert.grid.processes import Signals
from gatbert.grid.record import Grid
from gatbert.grid.terminal import GridTerminal, outcome_table
from gatbert.grid.work import Outcome
from gatbert.ranges import PositiveInt, Seed, check_ranges
from gatbert.search.checks import check_search, names_test_files
from gatbert.search.record import PrunerName, SamplerName, SearchRecord
from gatbert.search.space import read_space

if TYPE_CHECKING:  # Optuna is an extra
    from gatbert.search.study import Study, TrialResult

REFUSED = {
    r"--checkpoint\.(monitor|mode)": "--score gives it",
    r"--print_config": "the whole configuration of a trial is its config.yaml",
}
"""Arguments that cannot be given to all trials, each with the reason."""

SHOWN = 10
"""Trials in the table at the end."""


def search(
    output: str,
    space: str,
    trials: PositiveInt,
    score: str = "val_macro_f1",
    sampler: SamplerName = "tpe",
    pruner: PrunerName = "median",
    seed: Seed = 0,
    seeds: str | None = None,
    arguments: Sequence[str] = (),
    verbose: bool = False,
) -> None:
    """Search for the best options by their score on validation; test is never read.

    Args:
        output: Folder of the search; a trial is trial-N below it. Started again, the search goes on.
        space: YAML file: for each option a range {low, high, log, step}, or a list of choices.
        trials: Trials in all, pruned and failed ones and those of other processes among them.
        score: What is made best: val_loss, or a score such as val_macro_f1.
        sampler: How values are chosen: by the trials before (TPE), or at random.
        pruner: Which trials end early: those below the median of the others at the same epoch, all but the best quarter
            at epochs 1, 4 and 16 (halving), or none.
        seed: Seed of the sampler.
        seeds: Seeds, separated by commas, with which the best setting is trained again and tested at the end.
        arguments: Arguments of fit_and_test, for all trials.
        verbose: Whether the output of the trials is shown, too.
    """
    check_ranges(search, {"trials": trials, "seed": seed}, "--")
    if importlib.util.find_spec("optuna") is None:
        raise UserError('search needs Optuna, which is not installed; pip install "gatbert[search]"')
    folder = Path(os.path.realpath(output_folder(output)))
    check_arguments(arguments, seeds is not None, classifiers=False, others=REFUSED)
    plan_runs(seeds, None, ())  # a wrong seed is said now, and not after the last trial
    grid = Grid.asked(arguments, ())
    record = _recorded(folder, SearchRecord(read_space(space), score, sampler, pruner, seed, grid), space)
    best = _search(folder, record, trials, verbose)
    if seeds is not None:
        setting = f"trial-{best.number}={folder / 'settings' / f'trial-{best.number}.yaml'}"
        multi_run(str(folder / "seeds"), seeds, settings=[setting], arguments=arguments, verbose=verbose)


def _recorded(folder: Path, asked: SearchRecord, space: str) -> SearchRecord:
    """Return the record of a search, which is written once it is checked; another search in its folder is refused."""
    if (there := SearchRecord.read(folder)) is not None:
        there.check_same(asked, folder)
        return there
    with Console(stderr=True).status("checking the arguments and the ends of the space"):
        config = check_search(asked, space)
    asked = replace(asked, without_test=names_test_files(config))
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder / ".lock"):
        if (there := SearchRecord.read(folder)) is not None:  # another process was the first
            there.check_same(asked, folder)
        asked.write(folder)
    return asked


def _search(folder: Path, record: SearchRecord, num_trials: int, verbose: bool) -> "TrialResult":
    """Do what is left of a search, write what came of it, and return the best trial."""
    from gatbert.search.page import write_results
    from gatbert.search.study import Study
    from gatbert.search.trials import Trial, TrialWork

    study = Study(folder, record)
    planned = [Trial(number) for number in range(num_trials)]
    with Signals() as signals, GridTerminal(planned, verbose) as terminal:
        TrialWork(folder, record, study, terminal, signals).go_on(num_trials)
    best = write_results(folder, record, study)
    _conclude(folder, record, study, signals, best)
    if best is None:
        raise UserError(f"no trial has come to its end; see {folder / 'logs'}")
    return best


def _conclude(folder: Path, record: SearchRecord, study: "Study", signals: Signals, best: "TrialResult | None") -> None:
    """Print the best trials, and what is left; where something is, nothing comes after."""
    from gatbert.search.study import best_first
    from gatbert.search.trials import Trial

    results = study.results()
    shown = best_first(results, record.minimizes)[:SHOWN]
    rows = {
        Trial(trial.number, trial.values): Outcome("finished", Finished({record.score: trial.score or 0.0}, None))
        for trial in shown
    }
    if rows:
        Console().print(outcome_table(rows))
    if signals.received is not None:
        print("gatbert: interrupted; the same command goes on with what is left", file=sys.stderr)  # noqa: T201
        raise SystemExit(128 + signals.received)  # as a shell counts the end by a signal
    if best is not None:
        told = shlex.quote(str(folder / "best.yaml"))
        print(f"Best is trial {best.number}; train with its values by -c {told}, after all other arguments")  # noqa: T201
    print(f"Everything was written to {folder}; see {folder / 'search.html'}")  # noqa: T201
    if any(result.state == "running" for result in results):
        print("Other processes still work on trials; the last of them, or the same command, ends the search")  # noqa: T201
        raise SystemExit(0)


def main(args: list[str]) -> None:
    """Run the command; what stands after ``--`` is for the trials."""
    cut = args.index("--") if "--" in args else len(args)
    parser = CommandParser("search", "Search for the best options by their score on validation.")
    parser.add_function_arguments(search, skip={"arguments"})
    given = [*args[:cut]]
    if cut == len(args) and not {"-h", "--help"} & {*given}:
        check_arguments([], seeds=False, classifiers=False)
    config = parser.parse_args(given).as_dict()
    del config["config"]
    search(arguments=args[cut + 1 :], **config)
