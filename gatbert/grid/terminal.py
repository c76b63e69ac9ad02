"""A grid on the terminal: one line as a run begins and ends, the time in between, and a table at the end."""

import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.status import Status
from rich.table import Table

from gatbert.grid.work import Outcome, PlannedRun, RunKind


class GridTerminal:
    """Tell on the terminal how a grid goes on; an ``Observer``.

    Args:
        runs: The runs of the grid.
        verbose: Whether to show what the runs print.
    """

    def __init__(self, runs: Sequence[PlannedRun], verbose: bool) -> None:
        self._places = {run: f"[{number}/{len(runs)}] " for number, run in enumerate(runs, 1)}
        self._verbose = verbose
        self._console = Console(highlight=False, soft_wrap=True)
        self._status: Status | None = None
        self._since = 0.0
        self._line = ""

    def __enter__(self) -> "GridTerminal":
        return self

    def __exit__(self, *_: object) -> None:
        self._hide()

    def began(self, run: PlannedRun, checkpoint: Path | None) -> None:
        """Say that a run begins."""
        self._since = time.monotonic()
        self._line = f"{self._place(run)}: running"
        goes_on = (
            "" if checkpoint is None else f", on from {checkpoint.parent.parent.name}/checkpoints/{checkpoint.name}"
        )
        self._say(self._line + goes_on)

    def ticked(self, printed: bytes) -> None:
        """Show the time, or what the run has printed."""
        if self._verbose:
            sys.stdout.write(printed.decode(errors="replace"))
            sys.stdout.flush()
        elif self._console.is_terminal:
            if self._status is None:
                # Started after the process: it has a thread, and a process with threads should not fork.
                self._status = self._console.status("")
                self._status.start()
            self._status.update(f"{self._line} {duration(time.monotonic() - self._since)}".replace("[", r"\["))

    def ended(self, run: PlannedRun, outcome: Outcome, elapsed_s: float) -> None:
        """Say how a run ended."""
        self._hide()
        detail = f", {outcome.detail}" if outcome.detail else ""
        said = {
            "finished": f"finished in {duration(elapsed_s)}{detail}",
            "pruned": f"pruned after {duration(elapsed_s)}{detail}",
            "finished before": "was finished before",
            "failed": f"failed after {duration(elapsed_s)}: {outcome.detail}",
            "interrupted": f"interrupted after {duration(elapsed_s)}",
            "left": f"left to {outcome.detail}, which works on it",
        }
        self._say(f"{self._place(run)}: {said[outcome.status]}")

    def _place(self, run: PlannedRun) -> str:
        return f"{self._places.get(run, '')}{run.title}"

    def _say(self, line: str) -> None:
        self._console.print(line, markup=False)

    def _hide(self) -> None:
        if self._status is not None:
            self._status.stop()
            self._status = None


def duration(seconds: float) -> str:
    """Write a time as hours, minutes and seconds."""
    return f"{int(seconds) // 3600}:{int(seconds) // 60 % 60:02}:{int(seconds) % 60:02}"


def outcome_table(outcomes: Mapping[RunKind, Outcome]) -> Table:
    """Return status, scores and time of each run."""
    finished = [outcome.finished for outcome in outcomes.values() if outcome.finished]
    # Runs of different label sets have different scores; each gets its column.
    scores = list(dict.fromkeys(name for done in finished for name in done.scores))
    table = Table()
    for name in ("run", "status", *scores, "time"):
        table.add_column(name, overflow="fold")
    for run, outcome in outcomes.items():
        done = outcome.finished
        cells = [f"{done.scores[name]:.4f}" if done and name in done.scores else "" for name in scores]
        table.add_row(
            run.title, outcome.status, *cells, duration(done.elapsed_s) if done and done.elapsed_s is not None else ""
        )
    return table
