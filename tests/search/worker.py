"""Search with the stand-in in a process of its own: ``worker.py OUTPUT JOURNAL EPOCH_S TRIALS PRUNER``."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from gatbert.grid.processes import Signals
from gatbert.grid.record import Grid
from gatbert.grid.work import Outcome
from gatbert.search.record import PrunerName, SearchRecord
from gatbert.search.study import Study
from gatbert.search.trials import Trial, TrialWork
from tests.search.training import SPACE


class Told:
    """Keep what an observer is told; an ``Observer``."""

    def __init__(self) -> None:
        self.outcomes: dict[int, Outcome] = {}

    def began(self, run: Trial, checkpoint: Path | None) -> None: ...

    def ticked(self, printed: bytes) -> None: ...

    def ended(self, run: Trial, outcome: Outcome, elapsed_s: float) -> None:
        self.outcomes[run.number] = outcome


def command(journal: Path, epoch_s: float = 0.0) -> list[str]:
    """Return the command of the stand-in for training."""
    return [sys.executable, "-m", "tests.search.training", str(journal), str(epoch_s)]


def made_record(*arguments: str, pruner: PrunerName = "none", seed: int = 0) -> SearchRecord:
    """Return the record of a search with the stand-in."""
    return SearchRecord(SPACE, "val_macro_f1", "tpe", pruner, seed, Grid.asked(arguments, ()))


def search(
    output: Path, journal: Path, epoch_s: float, num_trials: int, record: SearchRecord
) -> tuple[dict[int, Outcome], Study]:
    """Search, and return what was told of each trial, and the study."""
    output.mkdir(exist_ok=True)
    study, told = Study(output, record), Told()
    with Signals() as signals:
        TrialWork(output, record, study, told, signals, command(journal, epoch_s)).go_on(num_trials)
    return told.outcomes, study


def main(args: Sequence[str]) -> None:
    """Search, and print how each trial ended."""
    output, journal, epoch_s, num_trials, pruner = args
    record = made_record(pruner=cast(PrunerName, pruner))
    outcomes, _ = search(Path(output), Path(journal), float(epoch_s), int(num_trials), record)
    for number, outcome in outcomes.items():
        sys.stdout.write(f"{number} {outcome.status}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
