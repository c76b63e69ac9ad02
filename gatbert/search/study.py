"""The trials of a search as Optuna keeps them, in a journal that processes on several machines share."""

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import optuna
from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.pruners import BasePruner, MedianPruner, NopPruner, SuccessiveHalvingPruner
from optuna.samplers import BaseSampler, RandomSampler, TPESampler
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
from optuna.study import StudyDirection
from optuna.trial import FrozenTrial, TrialState

from gatbert.errors import UserError
from gatbert.search.record import PrunerName, SamplerName, SearchRecord
from gatbert.search.space import Dimension

JOURNAL = "journal.log"
FAILURE = "failure"
"""Attribute of a trial that says why it failed."""

SAMPLERS: dict[SamplerName, type[TPESampler | RandomSampler]] = {"tpe": TPESampler, "random": RandomSampler}

PRUNERS: dict[PrunerName, BasePruner] = {
    # Worse at its best than half of the others were at the same epoch, once five others are finished.
    "median": MedianPruner(n_startup_trials=5, n_warmup_steps=1),
    # Of the trials that came to epoch 1, 4, 16, the best quarter goes on.
    "halving": SuccessiveHalvingPruner(),
    "none": NopPruner(),
}


@dataclass(frozen=True)
class TrialResult:
    """Hold what is known of a trial.

    Attributes:
        number: Its number.
        state: How it ended, or that it has not.
        values: Value of each option.
        score: Best score of a finished trial, last one of a pruned trial, if there is one.
        num_epochs: Epochs that were validated.
        failure: Why it failed.
    """

    number: int
    state: str
    values: Mapping[str, Any]
    score: float | None
    num_epochs: int
    failure: str = ""


class Study:
    """Ask for trials and tell what came of them.

    A trial depends on the seed and on the trials before it alone: a search that was killed goes on with the trials
    that it would have come to anyway.

    Args:
        folder: Folder of the search.
        record: What it was started with.

    Raises:
        UserError: If its journal is damaged.
    """

    def __init__(self, folder: Path, record: SearchRecord) -> None:
        optuna.logging.set_verbosity(optuna.logging.WARNING)
        self._record = record
        self._pruner = PRUNERS[record.pruner]
        self._distributions = {name: _distribution(dimension) for name, dimension in record.space.items()}
        direction = StudyDirection.MINIMIZE if record.minimizes else StudyDirection.MAXIMIZE
        try:
            self._storage = JournalStorage(JournalFileBackend(str(folder / JOURNAL)))
            self._study = optuna.create_study(
                storage=self._storage, study_name="search", direction=direction, load_if_exists=True
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise UserError(
                f"{folder / JOURNAL} is damaged ({error}); put it back, or give another --output"
            ) from error
        self._id = self._storage.get_study_id_from_name("search")

    def ask(self) -> int:
        """Return the number of a new trial, whose values are chosen by those before it."""
        asked = len(self._study.get_trials(deepcopy=False))
        (seed,) = np.random.SeedSequence([self._record.seed, asked]).generate_state(1).tolist()
        self._study.sampler = _sampler(self._record.sampler, seed)
        return self._study.ask(self._distributions).number

    def report(self, number: int, scores: Mapping[int, float]) -> bool:
        """Tell the score of each epoch of a trial so far, and return whether its last one says to prune it."""
        if self.state(number) != "running":
            return False  # another process has told its end
        known = self._trial(number).intermediate_values
        for epoch, score in scores.items():
            if known.get(epoch) != score:
                self._storage.set_trial_intermediate_value(self._trial_id(number), epoch, score)
        return bool(scores.keys() - known.keys()) and self._pruner.prune(self._study, self._trial(number))

    def tell(self, number: int, score: float | None = None, failure: str = "") -> None:
        """Tell how a trial ended: with a score, with a failure, or, with neither, before its end."""
        if self.state(number) != "running":
            return  # another process has told it
        if failure:
            self._storage.set_trial_user_attr(self._trial_id(number), FAILURE, failure)
        state = TrialState.FAIL if failure else TrialState.PRUNED if score is None else TrialState.COMPLETE
        self._study.tell(number, score, state, skip_if_finished=True)

    def state(self, number: int) -> str:
        """Return the state of a trial: running, finished, pruned or failed."""
        return _state(self._trial(number))

    def results(self) -> list[TrialResult]:
        """Return all trials; those that were killed before all their values were chosen are none."""
        return [
            self._result(trial)
            for trial in self._study.get_trials()
            if self._distributions.keys() <= trial.params.keys()
        ]

    def importances(self) -> dict[str, float]:
        """Return how much of what is best each option explains, 0 to 1; empty for fewer than two finished trials.

        PED-ANOVA (Watanabe et al. 2023, https://arxiv.org/abs/2304.10255): how far the values of the best trials are
        spread other than those of all.
        """
        scores = [result.score for result in self.results() if result.state == "finished"]
        if len(scores) < 2 or len({*scores}) == 1:
            return {}
        return optuna.importance.get_param_importances(self._study)

    def _trial(self, number: int) -> FrozenTrial:
        return self._study.get_trials(deepcopy=False)[number]

    def _trial_id(self, number: int) -> int:
        return self._storage.get_trial_id_from_study_id_trial_number(self._id, number)

    def _result(self, trial: FrozenTrial) -> TrialResult:
        values = {name: _value(dimension, trial.params[name]) for name, dimension in self._record.space.items()}
        epochs = trial.intermediate_values
        score = trial.value if trial.value is not None else epochs[max(epochs)] if epochs else None
        failure = str(trial.user_attrs.get(FAILURE, ""))
        return TrialResult(trial.number, _state(trial), values, score, len(epochs), failure)


def best_first(results: Sequence[TrialResult], minimizes: bool) -> list[TrialResult]:
    """Return the finished trials, the best first; of equals the earlier one."""
    finished = [(result.score, result) for result in results if result.state == "finished" and result.score is not None]
    return [result for _, result in sorted(finished, key=lambda pair: pair[0] if minimizes else -pair[0])]


def epoch_scores(metrics: Path, score: str) -> dict[int, float]:
    """Return the score of each validated epoch, by ``metrics.csv``, which may be being written; of several the last."""
    try:
        lines = metrics.read_text(encoding="utf-8").splitlines(keepends=True)
    except FileNotFoundError:
        return {}
    whole = [line for line in lines if line.endswith("\n")]
    rows = [row for row in csv.DictReader(whole) if row.get(score) and row.get("epoch")]
    found = {int(row["epoch"]): float(row[score]) for row in rows}
    return {epoch: value for epoch, value in found.items() if math.isfinite(value)}


def _sampler(name: SamplerName, seed: int) -> BaseSampler:
    return SAMPLERS[name](seed=seed)


def _state(trial: FrozenTrial) -> str:
    names = {TrialState.COMPLETE: "finished", TrialState.PRUNED: "pruned", TrialState.FAIL: "failed"}
    return names.get(trial.state, "running")


def _distribution(dimension: Dimension) -> BaseDistribution:
    """Return a dimension as Optuna has it; a choice may be anything, and is told by its place in the list."""
    if dimension.choices:
        return CategoricalDistribution(range(len(dimension.choices)))
    ends: Any = {"low": dimension.low, "high": dimension.high, "log": dimension.log}
    if dimension.is_whole:
        return IntDistribution(**ends, step=int(dimension.step or 1))
    return FloatDistribution(**ends, step=dimension.step)


def _value(dimension: Dimension, drawn: Any) -> Any:
    return dimension.choices[drawn] if dimension.choices else drawn
