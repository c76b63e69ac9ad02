"""The report over several runs: everything that its page and its tables show, computed from predictions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from gatbert.errors import UserError
from gatbert.evaluation.calibration import abstention, calibration, ece_before, risk_coverage
from gatbert.evaluation.comparison_plan import ALL, planned_pairs
from gatbert.evaluation.comparisons import BASELINES, GROUPS, Pair, caution, compare_pairs, comparison_rows, family_of
from gatbert.evaluation.folds import over_folds
from gatbert.evaluation.grouping import differing_settings
from gatbert.evaluation.predictions import Predictions
from gatbert.evaluation.report_record import (
    BreakdownRow,
    ComparisonRow,
    GroupRow,
    Report,
    Score,
)
from gatbert.evaluation.run_rows import run_curves, run_row
from gatbert.evaluation.runs import Run
from gatbert.evaluation.scores import check_score, metric_names, summary_names
from gatbert.evaluation.shown import NO_SEED_PART
from gatbert.evaluation.significance import NUM_RESAMPLES, Bootstrap

RESAMPLES_PER_PAIR = 100
"""Twice 1 / 100 is the least p value that is left after the correction for all pairs of a family."""

BREAKDOWN_RESAMPLES = 1000
LEAST_FOR_INTERVAL = 30
"""Samples below which a bootstrap interval is too narrow."""

LEAST_OF_VALUE = 2
"""Samples that share a value of a flag, on average, for a breakdown by it."""

Step = Callable[[str, float], None]


@dataclass(frozen=True, eq=False)
class Group:
    """Hold runs that differ by their seed alone, or a baseline.

    Attributes:
        name: What sets it apart.
        predictions: Predictions of each run.
        runs: The runs; empty for a baseline. Other people's predictions are runs without settings.
        baseline: Whether it is one: compared with each group of runs, and with nothing else.
        folds: Predictions of each fold of each run, where they are pooled; those of a baseline, too.
    """

    name: str
    predictions: Sequence[Predictions]
    runs: Sequence[Run] = ()
    baseline: bool = False
    folds: Sequence[Sequence[Predictions]] = ()


def group_of_runs(name: str, runs: Sequence[Run]) -> Group:
    """Return some runs as a group; of cross-validations with their folds."""
    folds = [[part.predictions for part in run.folds] for run in runs if run.folds]
    return Group(name, [run.predictions for run in runs], runs, folds=folds)


def build_report(
    groups: Sequence[Group],
    split: str,
    main_score: str,
    notes: Sequence[str],
    progress: Step = lambda _, __: None,
    test_set: str = "",
    files: Sequence[str] = (),
    plan: str = ALL,
    abstain_below: float | None = None,
) -> Report:
    """Compute everything that a report shows.

    Args:
        groups: Groups of runs and baselines; all with the same samples in the same order.
        split: Split that was predicted.
        main_score: Score that tables and plots are led by.
        notes: Sentences for the reader.
        progress: Called with the name of a step and the share of it that is done, 0 to 1.
        test_set: Name of the test set.
        files: Corpus files from which its samples came.
        plan: Which groups are compared, as ``planned_pairs`` reads it.
        abstain_below: Probability below which predictions are left out in one more table.

    Raises:
        UserError: If the score is unknown, no sample has a gold stance, or the plan names groups that are not there.
    """
    first = groups[0].predictions[0]
    check_score(main_score, first.stances)
    if not len(first.known):
        raise UserError(f"no sample of {split} has a gold stance, so that there is nothing to score")
    families = _families(groups, plan, test_set)
    # (runs, known)
    cells = np.stack([run.cells for group in groups for run in group.predictions])
    places, scores = _places(groups), summary_names(first.stances)
    progress("intervals", 0.0)
    num_pairs = max(map(len, families.values()), default=0)
    bootstrap = Bootstrap(cells, first.stances, max(NUM_RESAMPLES, RESAMPLES_PER_PAIR * num_pairs))
    progress("intervals", 1.0)
    compared = compare_pairs(bootstrap, places, [pair for pairs in families.values() for pair in pairs], progress)
    comparisons = comparison_rows(compared, families, scores)
    rows = _group_rows(groups, bootstrap, cells, progress, abstain_below)
    return Report(
        test_set=test_set,
        files=files,
        split=split,
        stances=first.stances,
        num_samples=len(first.known),
        scores=scores,
        main_score=main_score,
        notes=[*_notes(groups), *_about_seeds(rows, comparisons), *notes],
        groups=rows,
        families=[family_of(name, pairs, compared, places, main_score) for name, pairs in families.items()],
        comparisons=comparisons,
        caution=caution([row for row in comparisons if row.score == main_score]),
    )


def _families(groups: Sequence[Group], plan: str, test_set: str) -> dict[str, list[Pair]]:
    """Return the pairs of groups to compare by family: as planned, and each with each baseline."""
    names = [group.name for group in groups if not group.baseline]
    baselines = [group.name for group in groups if group.baseline]
    families = {
        GROUPS: planned_pairs(plan, names, test_set),
        BASELINES: [(name, baseline) for name in names for baseline in baselines],
    }
    return {name: pairs for name, pairs in families.items() if pairs}


def _group_rows(
    groups: Sequence[Group],
    bootstrap: Bootstrap,
    cells: npt.NDArray[np.int64],
    progress: Step,
    abstain_below: float | None,
) -> list[GroupRow]:
    """Return all numbers about each group."""
    first, places = groups[0].predictions[0], _places(groups)
    breakdowns = _breakdowns(first.taken(first.known), cells, places, progress)
    own = {group.name: group.runs for group in groups if group.runs and group.runs[0].settings}
    settings = differing_settings(own)
    return [
        GroupRow(
            name=group.name,
            baseline=group.baseline,
            settings=settings.get(group.name, {}),
            runs=[run_row(run) for run in group.runs],
            scores=_scores(bootstrap, metric_names(first.stances), places[group.name]),
            confusion=np.mean([run.confusion for run in group.predictions], 0).tolist(),
            calibration=calibration(group.predictions),
            risk_coverage=risk_coverage(group.predictions),
            curves=[*run_curves(group.runs)],
            breakdowns={flag: by_group[group.name] for flag, by_group in breakdowns.items()},
            abstention=None if abstain_below is None else abstention(group.predictions, abstain_below),
            ece_before=_ece_before(group.runs),
            over_folds=over_folds(group.folds),
        )
        for group in groups
    ]


def _ece_before(runs: Sequence[Run]) -> float | None:
    """Return the calibration error without what validation chose, which is another thing in each fold."""
    parts = [part for run in runs for part in run.parts]
    return ece_before([part.predictions for part in parts], [part.record.decision for part in parts])


def _places(groups: Sequence[Group]) -> dict[str, list[int]]:
    """Return the positions of the runs of each group among all runs."""
    places, start = {}, 0
    for group in groups:
        places[group.name] = list(range(start, start + len(group.predictions)))
        start += len(group.predictions)
    return places


def _scores(bootstrap: Bootstrap, names: Sequence[str], runs: Sequence[int]) -> dict[str, Score]:
    """Return the scores of a group of runs, by name."""
    return {name: Score(**vars(bootstrap.estimate(name, runs))) for name in names}


def _breakdowns(
    samples: Predictions, cells: npt.NDArray[np.int64], places: Mapping[str, Sequence[int]], progress: Step
) -> dict[str, dict[str, list[BreakdownRow]]]:
    """Return the scores for each value of each flag, the commonest value first, by flag and group."""
    # A flag of which nearly every sample has its own value, such as an author, breaks nothing down.
    most = len(samples) / LEAST_OF_VALUE
    flags = {"target": samples.targets, **samples.flags}
    flags = {flag: values for flag, values in flags.items() if 1 < len(np.unique(values)) <= most}
    found: dict[str, dict[str, list[BreakdownRow]]] = {}
    for number, (flag, values) in enumerate(flags.items()):
        progress("breakdowns", number / len(flags))
        # (values,) and (known,)
        names, index = np.unique(values, return_inverse=True)
        found[flag] = {group: [] for group in places}
        for place in np.argsort(-np.bincount(index), kind="stable").tolist():
            rows = np.flatnonzero(index == place)
            bootstrap = Bootstrap(cells[:, rows], samples.stances, BREAKDOWN_RESAMPLES)
            for group, runs in places.items():
                scores = _scores(bootstrap, summary_names(samples.stances), runs)
                if len(rows) < LEAST_FOR_INTERVAL:
                    scores = {
                        name: replace(score, low=None, high=None, seed_std=None) for name, score in scores.items()
                    }
                found[flag][group].append(BreakdownRow(str(names[place]), len(rows), scores))
    progress("breakdowns", 1.0)
    return found


def _notes(groups: Sequence[Group]) -> list[str]:
    """Return a sentence for each thing that makes the numbers of a group say less."""
    notes = []
    single = [group.name for group in groups if len(group.runs) == 1]
    if single:
        notes.append(
            f"One seed only: {', '.join(single)}. Their intervals and tests speak of other samples, not of other seeds."
        )
    for group in groups:
        seeds = [run.seed for run in group.runs if run.settings]
        if len(set(seeds)) < len(seeds):
            notes.append(f"Several runs of {group.name} have the same seed, so that it varies less than it would.")
        if len({part.record.git_commit for run in group.runs for part in run.parts}) > 1:
            notes.append(f"The runs of {group.name} come from different commits of gatbert.")
    return notes


def _about_seeds(groups: Sequence[GroupRow], comparisons: Sequence[ComparisonRow]) -> list[str]:
    """Say what marks the intervals in which seeds are no part, if there are any."""
    breakdowns = [row.scores for group in groups for rows in group.breakdowns.values() for row in rows]
    scores = [score for named in (*(group.scores for group in groups), *breakdowns) for score in named.values()]
    if 0 not in [one.seed_std for one in scores] + [one.seed_std for one in comparisons]:
        return []
    return [
        f"{NO_SEED_PART} marks intervals whose seed part came out as 0: samples alone explain how those runs differ. "
        "With few seeds that may be chance, and the interval then is too narrow."
    ]
