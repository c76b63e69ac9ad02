"""``report.json``: all numbers of a report; for who computes them, and for page, tables and LaTeX, which show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gatbert.evaluation.curves import Curve
from gatbert.files.records import timestamp
from gatbert.version import __version__

FORMAT_VERSION = 2
"""Rises when something is renamed, removed or comes to mean something else."""


@dataclass(frozen=True)
class Score:
    """A mean over runs, 0 to 1: ``std`` between runs, if there are several; ends of the 95 % interval, unless few.

    ``seed_std`` is the part of the interval that seeds make, as a standard deviation of the mean: 0 where samples alone
    explain how runs differ, ``None`` for a single run.
    """

    mean: float
    std: float | None
    low: float | None
    high: float | None
    seed_std: float | None


@dataclass(frozen=True)
class BreakdownRow:
    """The scores of a group on the samples that share a value of a flag."""

    value: str
    num_samples: int
    scores: Mapping[str, Score]


@dataclass(frozen=True)
class RunRow:
    """One run: its folder, scores, seconds, speed of training, memory in MiB, and commit of gatbert.

    Of a cross-validation, the scores are those of all folds' samples together, ``path`` is that of its first fold,
    seconds and samples are sums, and ``folds`` has a row for each, whose ``fold`` counts from 0.
    """

    path: str
    seed: int | None
    scores: Mapping[str, float]
    elapsed_s: float | None
    samples_per_second: float | None
    peak_memory_mib: float | None
    git_commit: str | None
    fold: int | None = None
    folds: Sequence["RunRow"] = ()


@dataclass(frozen=True)
class FoldScores:
    """A score of each fold of a cross-validation, the mean over seeds; and mean and standard deviation over folds."""

    mean: float
    std: float
    by_fold: Sequence[float]


@dataclass(frozen=True)
class RunCurves:
    """The learning curves of one run or fold, by the name of the series: points (step, value)."""

    seed: int | None
    series: Mapping[str, Curve]
    fold: int | None = None


@dataclass(frozen=True)
class CalibrationBin:
    """The predictions whose confidence is above ``low`` and at most ``high``: how sure and how right, on average."""

    low: float
    high: float
    count: int
    confidence: float | None
    accuracy: float | None


@dataclass(frozen=True)
class Calibration:
    """How far confidence and accuracy are apart: the expected calibration error, and its bins."""

    ece: float
    bins: Sequence[CalibrationBin]


@dataclass(frozen=True)
class RiskCoverage:
    """The share of errors (``risk``) among the most confident predictions, by the share kept; area under the curve."""

    area: float
    coverage: Sequence[float]
    risk: Sequence[float]


@dataclass(frozen=True)
class Abstention:
    """What is left where predictions below a probability are none: the share of them, and the mean scores on it."""

    below: float
    coverage: float
    scores: Mapping[str, float]


@dataclass(frozen=True)
class GroupRow:
    """Runs that differ by their seed alone, or a baseline.

    ``settings`` are those in which groups differ; ``confusion`` is the mean over runs, row = gold; ``breakdowns`` are
    by flag. ``ece_before`` is the calibration error without temperature and thresholds, where there are any;
    ``over_folds`` are the scores of the folds of cross-validations, none elsewhere.
    """

    name: str
    baseline: bool
    settings: Mapping[str, Any]
    runs: Sequence[RunRow]
    scores: Mapping[str, Score]
    confusion: Sequence[Sequence[float]]
    calibration: Calibration | None
    risk_coverage: RiskCoverage | None
    curves: Sequence[RunCurves]
    breakdowns: Mapping[str, Sequence[BreakdownRow]]
    ece_before: float | None = None
    abstention: Abstention | None = None
    over_folds: Mapping[str, FoldScores] = field(default_factory=dict)


@dataclass(frozen=True)
class ComparisonRow:
    """Two groups in one score: the first less the second; p values as they are, and corrected by Holm in their family.

    ``seed_std`` as in ``Score``. ``detectable`` is the true difference that such a comparison finds in 80 % of
    experiments, after the correction of the smallest p value in its family; ``detectable_with_endless_seeds``, what as
    many samples would find at best, ``None`` of single runs. ``seeds_for_two_points`` of each group would find 0.02:
    ``None`` where no number would, and where seeds are unknown.
    """

    score: str
    family: str
    first: str
    second: str
    difference: float
    low: float
    high: float
    seed_std: float | None
    effect_size: float
    p_bootstrap: float
    p_randomisation: float
    p_bootstrap_holm: float
    p_randomisation_holm: float
    significant: bool
    detectable: float
    detectable_with_endless_seeds: float | None
    seeds_for_two_points: int | None


@dataclass(frozen=True)
class Family:
    """Comparisons whose p values are corrected together: of groups as planned, or with baselines.

    ``level`` is what the smallest p value must be below, and ``sentences`` say what the comparisons can find.
    """

    name: str
    num_comparisons: int
    level: float
    sentences: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Report:
    """All numbers about the runs on one test set."""

    format_version: int = FORMAT_VERSION
    created: str = field(default_factory=timestamp)
    gatbert: str = __version__
    test_set: str
    files: Sequence[str]
    split: str
    stances: Sequence[str]
    num_samples: int
    scores: Sequence[str]
    main_score: str
    notes: Sequence[str]
    groups: Sequence[GroupRow]
    families: Sequence[Family]
    comparisons: Sequence[ComparisonRow]
    caution: Sequence[str]
    """What the comparisons do not say."""

    @property
    def main_comparisons(self) -> list[ComparisonRow]:
        """The comparisons in the main score."""
        return [row for row in self.comparisons if row.score == self.main_score]

    @property
    def about_comparisons(self) -> list[str]:
        """All sentences about them."""
        return [*(sentence for family in self.families for sentence in family.sentences), *self.caution]


@dataclass(frozen=True)
class ReportPlace:
    """Where the report on one test set lies, below the folder of the overview, and what it is on."""

    folder: str
    test_set: str
    files: Sequence[str]
    num_samples: int
    groups: Mapping[str, Score]


@dataclass(frozen=True, kw_only=True)
class Overview:
    """What ``report.json`` holds in the place of a ``Report``, where runs were tested on several test sets.

    The scores of the groups are those in the main score.
    """

    format_version: int = FORMAT_VERSION
    created: str = field(default_factory=timestamp)
    gatbert: str = __version__
    split: str
    main_score: str
    notes: Sequence[str]
    test_sets: Sequence[ReportPlace]
