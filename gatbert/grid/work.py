"""Work through a grid: one run after the other, each at most once, however many processes share the grid."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Literal, Protocol, TypeVar

from gatbert.grid.claims import Claim
from gatbert.grid.folders import Finished, archive_attempt, prepare_resume, read_finished
from gatbert.grid.processes import FIT_AND_TEST, Signals, last_words, train

Status = Literal["finished", "finished before", "pruned", "failed", "interrupted", "left", "waiting"]


@dataclass(frozen=True)
class Outcome:
    """Say what became of a run.

    Attributes:
        status: ``left`` is one that another process works on, ``waiting`` one whose turn has not come.
        finished: Its scores, if it is finished.
        detail: Why it failed, who works on it, or what else there is to say.
    """

    status: Status
    finished: Finished | None = None
    detail: str = ""


class PlannedRun(Protocol):
    """Describe a run that is to take place once."""

    @property
    def name(self) -> str:
        """Its folder below the output."""

    @property
    def title(self) -> str:
        """What it is called on the terminal."""

    def complete(self, arguments: Sequence[str], output: Path, checkpoint: Path | None = None) -> list[str]:
        """Return all its arguments, given those of all runs."""


RunKind = TypeVar("RunKind", bound=PlannedRun)
Watched = TypeVar("Watched", bound=PlannedRun, contravariant=True)


class Observer(Protocol[Watched]):
    """Watch a grid being worked through."""

    def began(self, run: Watched, checkpoint: Path | None) -> None:
        """A run begins, from a checkpoint if it was interrupted before."""

    def ticked(self, printed: bytes) -> None:
        """Some time has passed, in which the run has printed something."""

    def ended(self, run: Watched, outcome: Outcome, elapsed_s: float) -> None:
        """A run has ended, after seconds in this process, or was none of this process's business."""


class Work(Generic[RunKind]):
    """Train the runs of a grid that are not finished.

    Args:
        output: Folder of the grid.
        arguments: Arguments of ``fit_and_test`` that all runs share.
        observer: What is told about it.
        command: What trains, before the arguments.

    Attributes:
        result: What a run must leave, in words.
    """

    result = "whole predictions.test.csv"

    def __init__(
        self, output: Path, arguments: Sequence[str], observer: Observer[RunKind], command: Sequence[str] = FIT_AND_TEST
    ) -> None:
        self._output = output
        self._arguments = arguments
        self._observer = observer
        self._command = command

    def do(self, runs: Sequence[RunKind], signals: Signals, stop_on_failure: bool = False) -> dict[RunKind, Outcome]:
        """Train some runs, one after the other; what others work on is looked at again at the end.

        Args:
            runs: The runs.
            signals: What hands signals on; no run begins after one.
            stop_on_failure: Whether no run begins after one that has failed.

        Returns:
            What became of each.
        """
        outcomes = {run: Outcome("waiting") for run in runs}
        pending = list(runs)
        while pending:
            for run in pending:
                outcomes[run] = self._settle(run, signals)
                failed = stop_on_failure and outcomes[run].status == "failed"
                if failed or signals.received is not None:
                    return outcomes
            # What others work on may be free by now, if they died; a round that settles nothing is the last.
            left = [run for run in pending if outcomes[run].status == "left"]
            pending = left if len(left) < len(pending) else []
        return outcomes

    def log(self, run: RunKind) -> Path:
        """Return the file with the output of a run."""
        return self._output / "logs" / f"{run.name.replace('/', '-')}.log"

    def finished(self, run: RunKind) -> Finished | None:
        """Return the outcome of a run; ``None`` unless it is finished."""
        return read_finished(self._output / run.name)

    def settled(self, run: RunKind, outcome: Outcome) -> Outcome:
        """Return what is told of a run that has just ended, while it is still claimed."""
        return outcome

    def _settle(self, run: RunKind, signals: Signals) -> Outcome:
        """Train a run, unless it is finished or another process works on it, and tell the observer."""
        folder, began = self._output / run.name, time.monotonic()
        claim = Claim(folder, self._output / ".lock")
        finished = self.finished(run)
        if finished is None and (owner := claim.take()) is not None:
            outcome = Outcome("left", None, str(owner))
        else:
            try:
                finished = finished or self.finished(run)  # another may have finished it before the claim
                outcome = Outcome("finished before", finished) if finished else self._train(run, claim, signals)
                outcome = self.settled(run, outcome)
            finally:
                claim.release()
        self._observer.ended(run, outcome, time.monotonic() - began)
        return outcome

    def _train(self, run: RunKind, claim: Claim, signals: Signals) -> Outcome:
        """Train a run that is claimed, from where an earlier attempt was."""
        folder, log = self._output / run.name, self.log(run)
        # A folder that holds a run is never written to again: what is there goes aside, and the run on in a new one.
        archive_attempt(folder)
        checkpoint = prepare_resume(folder)
        self._observer.began(run, checkpoint)
        command = [*self._command, *run.complete(self._arguments, self._output, checkpoint)]
        status = train(command, log, signals, claim.trained_by, self._observer.ticked)
        # What the folder holds decides, not the exit status: a run may fail after all was written.
        if finished := self.finished(run):
            return Outcome("finished", finished)
        if signals.received is not None:
            return Outcome("interrupted")
        why = last_words(log) if status else f"no {self.result} in {folder}"
        return Outcome("failed", None, f"{why} (exit status {status}; see {log})")
