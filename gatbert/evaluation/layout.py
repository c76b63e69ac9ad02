"""What ``report.json`` holds: the same for who writes it and for who reads it."""

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from gatbert.evaluation.curves import Curve

FORMAT_VERSION = 1
"""Rises when something is renamed, removed or comes to mean something else."""


class Score(TypedDict):
    """A mean over runs, 0 to 1: ``std`` between runs, if there are several; ends of the 95 % interval, unless few."""

    mean: float
    std: float | None
    low: float | None
    high: float | None


class BreakdownRow(TypedDict):
    """The scores of a group on the samples that share a value of a flag."""

    value: str
    num_samples: int
    scores: Mapping[str, Score]


class RunRow(TypedDict):
    """One run: its folder, scores, seconds, speed of training, memory in MiB, and commit of gatbert."""

    path: str
    seed: int | None
    scores: Mapping[str, float]
    elapsed_s: float | None
    samples_per_second: float | None
    peak_memory_mib: float | None
    git_commit: str | None


class RunCurves(TypedDict):
    """The learning curves of one run, by the name of the series: points (step, value)."""

    seed: int | None
    series: Mapping[str, Curve]


class GroupRow(TypedDict):
    """Runs that differ by their seed alone, or a baseline.

    ``settings`` are those in which groups differ; ``confusion`` is the mean over runs, row = gold; ``breakdowns`` are
    by flag.
    """

    name: str
    baseline: bool
    settings: Mapping[str, Any]
    runs: Sequence[RunRow]
    scores: Mapping[str, Score]
    confusion: Sequence[Sequence[float]]
    calibration: Mapping[str, Any] | None
    risk_coverage: Mapping[str, Any] | None
    curves: Sequence[RunCurves]
    breakdowns: Mapping[str, Sequence[BreakdownRow]]


class ComparisonRow(TypedDict):
    """Two groups in one score: the first less the second; p values as they are, and corrected by Holm."""

    score: str
    first: str
    second: str
    difference: float
    low: float
    high: float
    effect_size: float
    p_bootstrap: float
    p_randomisation: float
    p_bootstrap_holm: float
    p_randomisation_holm: float
    significant: bool


class Report(TypedDict):
    """All numbers about the runs on one test set."""

    format_version: int
    created: str
    gatbert: str
    test_set: str
    files: Sequence[str]
    split: str
    stances: Sequence[str]
    num_samples: int
    scores: Sequence[str]
    main_score: str
    notes: Sequence[str]
    groups: Sequence[GroupRow]
    comparisons: Sequence[ComparisonRow]


class ReportPlace(TypedDict):
    """Where the report on one test set lies, below the folder of the overview, and what it is on."""

    folder: str
    test_set: str
    files: Sequence[str]
    num_samples: int
    groups: Mapping[str, Score]


class Overview(TypedDict):
    """What ``report.json`` holds in the place of a ``Report``, where runs were tested on several test sets.

    The scores of the groups are those in the main score.
    """

    format_version: int
    created: str
    gatbert: str
    split: str
    main_score: str
    notes: Sequence[str]
    test_sets: Sequence[ReportPlace]
