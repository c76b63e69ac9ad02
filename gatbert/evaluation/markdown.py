"""A report as tables in Markdown, for a section of a page that nobody writes by hand."""

import re
from collections.abc import Iterable, Iterator, Sequence

from gatbert.evaluation.report_record import GroupRow, Report, Score
from gatbert.evaluation.shown import (
    COMPARISON,
    OVER_FOLDS,
    comparison_cells,
    confidence_rows,
    fold_rows,
    interval,
    percent,
)

MOST_VALUES = 10
"""Values of a flag above which it is left to the page of the report: hundreds of targets are no table."""


def markdown_tables(report: Report) -> str:
    """Return the scores of each group; by flag and as comparisons, the main score."""
    count = f"{report.num_samples:,} samples of {escaped(report.test_set or report.split)}"
    scores = [
        [group.name, str(len(group.runs) or "-"), *(_score(group.scores[name]) for name in report.scores)]
        for group in report.groups
    ]
    parts = [
        f"{count}, in percent: mean ± standard deviation over seeds (95 % interval).",
        table(["group", "seeds", *report.scores], scores),
    ]
    if over_folds := fold_rows(report):
        parts += [OVER_FOLDS, table(over_folds[0], over_folds[1:])]
    if by_flag := list(_by_flag(report.groups, report.main_score)):
        names = [group.name for group in report.groups]
        parts.append(table([f"{report.main_score} by flag", "samples", *names], by_flag))
    if sure := confidence_rows(report):
        parts.append(table(sure[0], sure[1:]))
    if rows := report.main_comparisons:
        about = [sentence for family in report.families for sentence in family.sentences]
        p_values = "p by Holm's method in each family, * where both are below 0.05"
        parts += [
            f"Differences in {report.main_score} in points; {p_values}. {escaped(' '.join(about))}",
            table(["", "", *COMPARISON], [[row.first, row.second, *comparison_cells(row)] for row in rows]),
            *map(escaped, report.caution),
        ]
    if report.notes:
        parts.append("\n".join(f"- {escaped(note)}" for note in report.notes))
    return "\n\n".join(parts) + "\n"


def _by_flag(groups: Sequence[GroupRow], score: str) -> Iterator[list[str]]:
    """Yield a row for each value of each flag that has few."""
    for flag, rows in groups[0].breakdowns.items():
        for place, row in enumerate(rows if len(rows) <= MOST_VALUES else []):
            found = [_score(group.breakdowns[flag][place].scores[score]) for group in groups]
            yield [f"{flag}: {row.value or '(none)'}", f"{row.num_samples:,}", *found]


def _score(score: Score) -> str:
    std = "" if score.std is None else f" ± {percent(score.std)}"
    ends = interval(score)
    return f"{percent(score.mean)}{std}" + (f" ({ends})" if ends else "")


def table(names: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table, whatever its cells hold."""
    lines = [[*map(escaped, names)], ["---"] * len(names), *([*map(escaped, row)] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


MEANT = re.compile(
    r"[\\|<>*`\[\]~$]"  # anywhere
    r"|&(?=#?\w+;)"  # begins an entity
    r"|(?<!\w)_|_(?!\w)"  # emphasis; within a word it is a letter
    r"|:(?=//)|@|(?<=\bwww)\."  # make links of addresses
)
"""Letters that mean something to Markdown where they stand."""


def escaped(text: str) -> str:
    """Return a text in one line that stays itself, whatever Markdown means by its letters."""
    return MEANT.sub(lambda letter: f"\\{letter[0]}", " ".join(text.split()))
