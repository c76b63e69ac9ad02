"""The trials of a search: each a training in a folder of its own that is validated, and never tested."""

import math
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from gatbert.errors import UserError
from gatbert.evaluation.run_record import read_record
from gatbert.files.paths import write_atomically
from gatbert.grid.claims import Claim
from gatbert.grid.folders import Finished
from gatbert.grid.processes import Signals
from gatbert.grid.work import Observer, Outcome, Work
from gatbert.search.record import SearchRecord
from gatbert.search.study import Study, best_first, epoch_scores

FIT = (sys.executable, "-m", "gatbert", "fit")
LOOK_S = 1.0
"""Seconds between two looks at the scores of a training."""

TURN_S = 60.0
"""Seconds after which no process can still be choosing values or writing results."""


@dataclass(frozen=True)
class Trial:
    """Describe one trial.

    Attributes:
        number: Its number.
        values: Value of each option.
    """

    number: int
    values: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def name(self) -> str:
        """Name of the trial, which is its folder below the output."""
        return f"trial-{self.number}"

    @property
    def title(self) -> str:
        """What the trial is called on the terminal."""
        return f"trial {self.number} ({told(self.values)})"

    def settings(self, output: Path) -> Path:
        """Return the YAML file with its values."""
        return output / "settings" / f"{self.name}.yaml"

    def complete(self, arguments: Sequence[str], output: Path, checkpoint: Path | None = None) -> list[str]:
        """Return all arguments of ``fit``, given those of all trials."""
        # save_dir/name/version is the folder; a logger without a name leaves that level out.
        logger = {"save_dir": str(output), "name": "", "version": self.name}
        return [
            *arguments,
            *("-c", str(self.settings(output))),
            *(word for name, value in logger.items() for word in (f"--trainer.logger.init_args.{name}", value)),
            *([] if checkpoint is None else ["--ckpt_path", str(checkpoint)]),
        ]


class Pruning:
    """Look at the scores of the training that runs, and end it if they are bad; an ``Observer`` before another.

    Args:
        output: Folder of the search.
        score: The score.
        study: Its trials.
        watched: Who else is told.
        signals: What ends a training.

    Attributes:
        pruned: Numbers of the trials that were ended.
    """

    def __init__(self, output: Path, score: str, study: Study, watched: Observer[Trial], signals: Signals) -> None:
        self._output = output
        self._score = score
        self._study = study
        self._watched = watched
        self._signals = signals
        self._number = 0
        self._looked = 0.0
        self.pruned: set[int] = set()

    def began(self, run: Trial, checkpoint: Path | None) -> None:
        """Hand on that a trial begins."""
        self._number = run.number
        self._watched.began(run, checkpoint)

    def ticked(self, printed: bytes) -> None:
        """Look, unless it was just looked."""
        self._watched.ticked(printed)
        if time.monotonic() - self._looked > LOOK_S and self._number not in self.pruned:
            if self.look(self._number):
                self.pruned.add(self._number)
                self._signals.stop()
            self._looked = time.monotonic()

    def ended(self, run: Trial, outcome: Outcome, elapsed_s: float) -> None:
        """Hand on that a trial has ended."""
        self._watched.ended(run, outcome, elapsed_s)

    def look(self, number: int) -> bool:
        """Tell the study the scores of a trial so far, and return whether it should end."""
        scores = epoch_scores(self._output / f"trial-{number}" / "metrics.csv", self._score)
        return self._study.report(number, scores)


class TrialWork(Work[Trial]):
    """Train trials, end those that are bad, and tell the study.

    Args:
        output: Folder of the search.
        record: What it was started with.
        study: Its trials.
        observer: What is told about it.
        signals: What hands signals on.
        command: What trains, before the arguments.
    """

    def __init__(
        self,
        output: Path,
        record: SearchRecord,
        study: Study,
        observer: Observer[Trial],
        signals: Signals,
        command: Sequence[str] = FIT,
    ) -> None:
        self._pruning = Pruning(output, record.score, study, observer, signals)
        super().__init__(output, record.trial_arguments, self._pruning, command)
        self.result = f"best checkpoint by {record.score}"
        self._record = record
        self._study = study
        self._signals = signals

    def go_on(self, num_trials: int) -> None:
        """Work until there are so many trials, those of other processes among them."""
        self.do(self._running(), self._signals)  # what was killed, or is another's
        while self._signals.received is None and (trial := self._new(num_trials)) is not None:
            self.do([trial], self._signals)
        if self._signals.received is None:
            self.do(self._running(), self._signals)  # of others that have died in the meantime

    def finished(self, run: Trial) -> Finished | None:
        """Return the best score of a trial; ``None`` unless it is finished, and was selected by that score."""
        if self._study.state(run.number) in ("pruned", "failed"):
            return Finished({}, None)  # another process has told it
        try:
            record = read_record(self._output / run.name)
        except UserError:  # none yet, or damaged
            return None
        best = record.best_checkpoint
        if record.status != "finished" or best is None or best.monitor != self._record.score or best.score is None:
            return None
        return Finished({best.monitor: best.score}, record.elapsed_s) if math.isfinite(best.score) else None

    def settled(self, run: Trial, outcome: Outcome) -> Outcome:
        """Tell the study what came of a trial."""
        if outcome.status == "failed" and run.number in self._pruning.pruned:
            outcome = replace(outcome, status="pruned", detail="")
        if outcome.status in ("finished", "finished before", "pruned"):
            self._pruning.look(run.number)
            # Nothing goes on from it any more, and it is three times as large as the best one.
            (self._output / run.name / "checkpoints" / "last.ckpt").unlink(missing_ok=True)
        if outcome.finished is not None:
            for name, score in outcome.finished.scores.items():
                self._study.tell(run.number, score)
                outcome = replace(outcome, detail=f"{name} {score:.4f}{self._place_of(run)}")
        elif outcome.status == "pruned":
            self._study.tell(run.number)
        elif outcome.status == "failed":
            self._study.tell(run.number, failure=outcome.detail)
        return outcome

    def _place_of(self, run: Trial) -> str:
        best, *_ = best_first(self._study.results(), self._record.minimizes)
        return ", the best so far" if best.number == run.number else ""

    def _running(self) -> list[Trial]:
        """Return the trials that have begun and not ended, whoever works on them."""
        with taking_turns(self._output):
            return [
                self._planned(result.number, result.values)
                for result in self._study.results()
                if result.state == "running"
            ]

    def _new(self, num_trials: int) -> Trial | None:
        """Return a new trial; ``None`` if there are enough."""
        with taking_turns(self._output):
            if len(self._study.results()) >= num_trials:
                return None
            number = self._study.ask()
            return next(
                self._planned(number, result.values) for result in self._study.results() if result.number == number
            )

    def _planned(self, number: int, values: Mapping[str, Any]) -> Trial:
        """Return a trial whose values stand in its file."""
        trial = Trial(number, values)
        path = trial.settings(self._output)
        path.parent.mkdir(exist_ok=True)
        write_atomically(path, yaml.safe_dump({**values, **self._record.selection}, sort_keys=False))
        return trial


@contextmanager
def taking_turns(output: Path) -> Iterator[None]:
    """Let one process after the other choose values or write results, on all machines that share the search.

    Raises:
        UserError: If another does not come to its end.
    """
    claim = Claim(output / "turn", output / ".lock")
    end = time.monotonic() + TURN_S
    while (owner := claim.take()) is not None:
        if time.monotonic() > end:
            raise UserError(f"{claim.path} is held by {owner}; remove it if nothing works there any more")
        time.sleep(0.05)
    try:
        yield
    finally:
        claim.release()


def told(values: Mapping[str, Any]) -> str:
    """Write some values for the terminal."""
    return ", ".join(f"{name} {shown(value)}" for name, value in values.items())


def shown(value: Any) -> str:
    """Write a value: of a number with a fraction, the first four digits."""
    return f"{value:.4g}" if isinstance(value, float) else str(value)
