"""A report as tables: for the terminal, and as CSV."""

import csv
import io
from collections.abc import Iterator, Sequence

from rich.markup import escape
from rich.table import Table

from gatbert.evaluation.report_record import BreakdownRow, Report, Score
from gatbert.evaluation.shown import p_value, percent


def terminal_tables(report: Report) -> Iterator[Table]:
    """Yield the scores of each group, and the comparisons in the main score."""
    name = "" if report.test_set in ("", report.split) else f"{report.test_set}: "
    count = f"{name}{report.num_samples} samples of {report.split}"
    scores = _table(f"{count}, mean ± std [95 % interval]", ["group"], ["runs", *report.scores])
    for group in report.groups:
        cells = [_with_interval(group.scores[name]) for name in report.scores]
        scores.add_row(escape(group.name), str(len(group.runs) or "-"), *cells)
    yield scores
    main = [row for row in report.comparisons if row.score == report.main_score]
    if main:
        title = f"Differences in {report.main_score}; p by bootstrap and randomisation, corrected by Holm"
        differences = _table(title, ["first", "second"], ["difference", "effect", "p", "p", "< 0.05"])
        for row in main:
            low, high = (percent(end, sign=True) for end in (row.low, row.high))
            differences.add_row(
                escape(row.first),
                escape(row.second),
                f"{percent(row.difference, sign=True)}\n[{low}, {high}]",
                f"{row.effect_size:.2f}",
                p_value(row.p_bootstrap_holm),
                p_value(row.p_randomisation_holm),
                "yes" if row.significant else "no",
            )
        yield differences


def _table(title: str, names: Sequence[str], numbers: Sequence[str]) -> Table:
    """Return a table whose names are folded where the terminal is narrow, and whose numbers are not."""
    table = Table(title=title, title_justify="left")
    for name in names:
        table.add_column(name, overflow="fold")
    for number in numbers:
        table.add_column(number, no_wrap=True)
    return table


def csv_table(report: Report) -> str:
    """Return one row for each group, flag value and score; the flag is empty for the whole test set."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["group", "flag", "value", "num_samples", "score", "mean", "std", "low", "high"])
    for group in report.groups:
        whole = BreakdownRow("", report.num_samples, group.scores)
        # The whole test set is a row like those of the values of a flag.
        for flag, rows in {"": [whole], **group.breakdowns}.items():
            for row in rows:
                for name, score in row.scores.items():
                    values = (score.mean, score.std, score.low, score.high)
                    numbers = ["" if value is None else f"{value:.6f}" for value in values]
                    writer.writerow([group.name, flag, row.value, row.num_samples, name, *numbers])
    return text.getvalue()


def _with_interval(score: Score) -> str:
    std = "" if score.std is None else f" ± {percent(score.std)}"
    interval = "" if score.low is None or score.high is None else f"{percent(score.low)}, {percent(score.high)}"
    return f"{percent(score.mean)}{std}\n[{interval}]"
