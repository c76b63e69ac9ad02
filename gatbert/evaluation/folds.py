"""Cross-validation: the runs of all folds as one run that was tested on the whole corpus, and its mean over folds."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np

from gatbert.evaluation.grouping import meaning
from gatbert.evaluation.predictions import Predictions
from gatbert.evaluation.report_record import FoldScores
from gatbert.evaluation.run_record import RunRecord
from gatbert.evaluation.runs import DATA_OPTIONS, Run
from gatbert.evaluation.scores import stance_scores

FOLDS, FOLD = f"{DATA_OPTIONS}folds", f"{DATA_OPTIONS}fold"

Number = TypeVar("Number", int, float)

POOLED = (
    "The predictions of all folds of a cross-validation are pooled, each sample once, into one run, of which scores, "
    "intervals and tests are. These know nothing of what the folds' models share: most of their training samples."
)


def fold_of(run: Run) -> int | None:
    """Return which fold of a cross-validation a run tests, if it tests one."""
    folds, fold = (run.settings.get(name) for name in (FOLDS, FOLD))
    return fold if isinstance(folds, int) and isinstance(fold, int) else None


def pool_folds(runs: Sequence[Run]) -> tuple[list[Run], list[str]]:
    """Put runs together that differ by their fold alone; the others stay as they are.

    What makes no whole cross-validation is left out where another one is whole; where none is, each fold stays a run by
    itself. Source: pooled counts estimate F1 with less bias than the mean over folds, of which some may lack a stance
    (Forman and Scholz 2010, Apples-to-apples in cross-validation studies, SIGKDD Explorations 12(1)).

    Returns:
        The runs, in the order in which they were given, and sentences for the reader.
    """
    members = _together(runs)
    problems = [_problem(own) for own in members]
    any_whole = any(fold_of(own[0]) is not None and not why for own, why in zip(members, problems, strict=True))
    rest = "; they are left out." if any_whole else ", so that each stays a run by itself."
    notes = [POOLED] * any_whole + [why + rest for why in problems if why]
    found: list[Run] = []
    for own, why in zip(members, problems, strict=True):
        if fold_of(own[0]) is not None and not why:
            found.append(_pooled(own))
        elif not (why and any_whole):
            found += own
    return found, notes


def joined(parts: Sequence[Predictions]) -> Predictions:
    """Return predictions one after the other; a flag that some lack is empty there."""
    flags = dict.fromkeys(flag for part in parts for flag in part.flags)
    known = [part.probabilities for part in parts if part.probabilities is not None]
    return Predictions(
        parts[0].stances,
        np.concatenate([part.ids for part in parts]),
        np.concatenate([part.targets for part in parts]),
        np.concatenate([part.gold for part in parts]),
        np.concatenate([part.predicted for part in parts]),
        np.concatenate(known) if len(known) == len(parts) else None,
        {flag: np.concatenate([part.flags.get(flag, np.full(len(part), "")) for part in parts]) for flag in flags},
    )


def over_folds(runs: Sequence[Sequence[Predictions]]) -> dict[str, FoldScores]:
    """Return mean and standard deviation over folds of each score, by its name; of several seeds, of their mean.

    Args:
        runs: Predictions of each fold of each seed; nothing, where there are no folds.
    """
    if not runs:
        return {}
    # (runs, folds, stances, stances)
    confusion = np.array([[fold.confusion for fold in run] for run in runs])
    # (folds,) each
    scores = {name: values.mean(0) for name, values in stance_scores(confusion, runs[0][0].stances).items()}
    return {
        name: FoldScores(float(values.mean()), float(values.std(ddof=1)), tuple(values.tolist()))
        for name, values in scores.items()
    }


def _together(runs: Sequence[Run]) -> list[list[Run]]:
    """Put the folds of each cross-validation together, and every other run by itself."""
    members: dict[tuple[object, ...], list[Run]] = {}
    for run in runs:
        key: tuple[object, ...] = (run.path,)
        if (fold := fold_of(run)) is not None:
            key = (repr(sorted(meaning(run, FOLD).items())), run.seed, run.predictions.stances)
            # A fold that was run again belongs to another cross-validation.
            key = next((*key, n) for n in range(len(runs)) if fold not in map(fold_of, members.get((*key, n), ())))
        members.setdefault(key, []).append(run)
    return list(members.values())


def _problem(runs: Sequence[Run]) -> str | None:
    """Say why runs make no whole cross-validation; nothing where they do, or are none."""
    there = [fold_of(run) for run in runs]
    if there[0] is None:
        return None
    total = int(runs[0].settings[FOLDS])
    about = f"Folds of the cross-validation of {runs[0].path}"
    if missing := [str(fold) for fold in range(total) if fold not in there]:
        return f"{about}: of {total}, {_and(missing)} {'is' if len(missing) == 1 else 'are'} missing"
    for run in runs:
        if run.training is not None and run.training.settings.get(FOLD) != fold_of(run):
            return f"{about}: the model that {run.path} tests was not trained for this fold, but maybe on its samples"
    ids = np.concatenate([run.predictions.ids for run in runs])
    if twice := len(ids) - len(np.unique(ids)):
        return f"{about} have {twice:,} samples in common, which cannot count twice"
    return None


def _pooled(runs: Sequence[Run]) -> Run:
    """Return the run that all folds make."""
    parts = sorted(runs, key=lambda run: fold_of(run) or 0)
    records = [run.record for run in parts]
    first = records[0]
    record = RunRecord(
        status=first.status,
        git_commit=first.git_commit,
        train_samples=_total(one.train_samples for one in records),
        train_s=_total(one.train_s for one in records),
        elapsed_s=_total(one.elapsed_s for one in records),
        peak_memory_mib=max((one.peak_memory_mib or 0 for one in records), default=0) or None,
        peak_gpu_memory_mib=max((one.peak_gpu_memory_mib or 0 for one in records), default=0) or None,
    )
    predictions = joined([run.predictions for run in parts])
    return replace(parts[0], record=record, predictions=predictions, curves={}, folds=tuple(parts))


def _total(values: Iterable[Number | None]) -> Number | None:
    """Return a sum, unless a part of it is unknown."""
    total: Number | None = None
    for value in values:
        if value is None:
            return None
        total = value if total is None else total + value
    return total


def _and(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
