"""Work through a grid of stand-ins in a process of its own: ``worker.py OUTPUT JOURNAL EPOCH_S SEEDS CLASSIFIERS``."""

import sys
from pathlib import Path

from gatbert.grid.plan import GridRun, plan_runs
from gatbert.grid.processes import Signals
from gatbert.grid.work import Outcome, Work

TRAINING = str(Path(__file__).with_name("training.py"))


class Silent:
    """Watch nothing; an ``Observer``."""

    def began(self, run: GridRun, checkpoint: Path | None) -> None: ...

    def ticked(self, printed: bytes) -> None: ...

    def ended(self, run: GridRun, outcome: Outcome, elapsed_s: float) -> None: ...


def command(journal: Path, epoch_s: float = 0.0) -> list[str]:
    """Return the command of the stand-in for training."""
    return [sys.executable, TRAINING, str(journal), str(epoch_s)]


if __name__ == "__main__":
    output, journal, epoch_s, seeds, classifiers = sys.argv[1:]
    work = Work(Path(output), [], Silent(), command(Path(journal), float(epoch_s)))
    with Signals() as signals:
        outcomes = work.do(plan_runs(seeds, classifiers, []), signals)
    for run, outcome in outcomes.items():
        sys.stdout.write(f"{run.name} {outcome.status}\n")
