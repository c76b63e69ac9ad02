"""Numbers as they are shown: a difference always says which way it goes."""

from collections.abc import Sequence

from gatbert.evaluation.report_record import ComparisonRow, GroupRow, Report, Score

OVER_FOLDS = "In percent: mean ± standard deviation over folds, of several seeds of their mean in each fold."

NO_SEED_PART = "†"
"""Stands after an interval whose seed part came out as 0."""


def percent(value: float, sign: bool = False) -> str:
    """Return a share in percent, with one decimal; a difference with its sign, and 0 without any."""
    if value == 0:
        return "0.0"
    return f"{100 * value:+.1f}" if sign else f"{100 * value:.1f}"


def interval(value: Score | ComparisonRow) -> str:
    """Return the ends of an interval in percent, those of a difference with their signs, and its mark; else nothing."""
    if value.low is None or value.high is None:
        return ""
    ends = " to ".join(percent(end, sign=isinstance(value, ComparisonRow)) for end in (value.low, value.high))
    return ends + (NO_SEED_PART if value.seed_std == 0 else "")


def detectable(row: ComparisonRow) -> str:
    """Return the true difference that a comparison finds, in points; ``none`` where even the largest is missed."""
    return percent(row.detectable) if row.detectable < 1 else "none"


def needed_seeds(row: ComparisonRow) -> str:
    """Return how many seeds of each group would find two points: ``7``, ``more samples`` or ``unknown``."""
    if row.seeds_for_two_points is not None:
        return str(row.seeds_for_two_points)
    return "unknown" if row.detectable_with_endless_seeds is None else "more samples"


COMPARISON = (
    "difference",
    "95 % interval",
    "effect size",
    "p bootstrap",
    "p randomisation",
    "detectable",
    "seeds for 2",
)
"""What tables show of a comparison: differences in points, p values corrected, a star for both below 0.05."""


def comparison_cells(row: ComparisonRow) -> list[str]:
    """Return a comparison as ``COMPARISON`` names its columns."""
    return [
        percent(row.difference, sign=True) + ("*" if row.significant else ""),
        interval(row),
        f"{row.effect_size:.2f}",
        p_value(row.p_bootstrap_holm),
        p_value(row.p_randomisation_holm),
        detectable(row),
        needed_seeds(row),
    ]


def confidence_rows(report: Report) -> list[list[str]]:
    """Return how sure the groups may be, below the names of the columns; nothing where nothing was done or asked for.

    That is the calibration error in percent, without temperature and thresholds and with them; and the coverage and the
    main score of what is left by abstention.
    """
    groups = [group for group in report.groups if group.calibration is not None]
    known = [group for group in groups if group.ece_before is not None]
    asked = next((group.abstention for group in groups if group.abstention is not None), None)
    if not known and asked is None:
        return []
    names = ["ECE before", "ECE"] if known else ["ECE"]
    if asked is not None:
        names += [f"coverage from {asked.below:g}", f"{report.main_score} there"]
    return [["group", *names], *([group.name, *_confidence_cells(group, known, report)] for group in groups)]


def _confidence_cells(group: GroupRow, known: Sequence[GroupRow], report: Report) -> list[str]:
    cells = [] if group.calibration is None else [percent(group.calibration.ece)]
    if known:
        cells = ["" if group.ece_before is None else percent(group.ece_before), *cells]
    if group.abstention is not None:
        cells += [percent(group.abstention.coverage), percent(group.abstention.scores[report.main_score])]
    return cells


def fold_rows(report: Report) -> list[list[str]]:
    """Return mean and standard deviation over folds of each group, below the names of the columns; else nothing."""
    groups = [group for group in report.groups if group.over_folds]
    if not groups:
        return []
    rows = []
    for group in groups:
        found = [group.over_folds[name] for name in report.scores]
        cells = [f"{percent(one.mean)} ± {percent(one.std)}" for one in found]
        rows.append([group.name, str(len(found[0].by_fold)), *cells])
    return [["group", "folds", *report.scores], *rows]


def p_value(value: float) -> str:
    """Return a p value with three decimals."""
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def signed(value: float) -> str:
    """Return a difference with three decimals and its sign, and 0 without any."""
    return "0.000" if value == 0 else f"{value:+.3f}"


def moves(difference: float) -> str:
    """Return in words which way something goes, and how far: ``rises by 0.012``."""
    if difference == 0:
        return "does not change"
    far = f"{abs(difference):.3f}" if abs(difference) >= 0.0005 else "less than 0.001"
    return f"{'rises' if difference > 0 else 'falls'} by {far}"


def plain(text: str) -> str:
    """Return a text in one line, without what a terminal would take for a command."""
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable())
