"""A report as tables: for the terminal, and as CSV."""

import csv
import io
from collections.abc import Iterator, Sequence

from rich.markup import escape
from rich.table import Table

from gatbert.evaluation.report_record import BreakdownRow, ComparisonRow, Report, Score
from gatbert.evaluation.shown import (
    OVER_FOLDS,
    confidence_rows,
    detectable,
    fold_rows,
    interval,
    needed_seeds,
    p_value,
    percent,
)


def terminal_tables(report: Report) -> Iterator[Table | str]:
    """Yield the scores of each group, and the comparisons in the main score between what is said about them."""
    name = "" if report.test_set in ("", report.split) else f"{report.test_set}: "
    count = f"{name}{report.num_samples} samples of {report.split}"
    scores = _table(f"{count}, mean ± std, 95 % interval", ["group"], ["runs", *report.scores])
    for group in report.groups:
        cells = [_with_interval(group.scores[name]) for name in report.scores]
        scores.add_row(escape(group.name), str(len(group.runs) or "-"), *cells)
    yield scores
    for title, rows in ((OVER_FOLDS, fold_rows(report)), ("Confidence, in percent", confidence_rows(report))):
        if rows:
            table = _table(title, ["group"], rows[0][1:])
            for name, *cells in rows[1:]:
                table.add_row(escape(name), *cells)
            yield table
    if main := report.main_comparisons:
        yield from (" ".join(family.sentences) for family in report.families)
        yield _differences(report, main)
        yield from report.caution


def _differences(report: Report, rows: Sequence[ComparisonRow]) -> Table:
    """Return the comparisons in one score, family by family."""
    title = f"Differences in {report.main_score}; p by bootstrap and randomisation (Holm), * both < 0.05"
    numbers = ["difference", "effect", "p", "p", "detectable\nseeds for 2"]
    table = _table(title, ["first", "second"], numbers)
    for number, row in enumerate(rows, start=1):
        table.add_row(
            escape(row.first),
            escape(row.second),
            f"{percent(row.difference, sign=True)}{'*' if row.significant else ''}\n{interval(row)}",
            f"{row.effect_size:.2f}",
            p_value(row.p_bootstrap_holm),
            p_value(row.p_randomisation_holm),
            f"{detectable(row)}\n{needed_seeds(row)}",
            end_section=number < len(rows) and rows[number].family != row.family,
        )
    return table


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
    writer.writerow(["group", "flag", "value", "num_samples", "score", "mean", "std", "low", "high", "seed_std"])
    for group in report.groups:
        whole = BreakdownRow("", report.num_samples, group.scores)
        # The whole test set is a row like those of the values of a flag.
        for flag, rows in {"": [whole], **group.breakdowns}.items():
            for row in rows:
                for name, score in row.scores.items():
                    values = (score.mean, score.std, score.low, score.high, score.seed_std)
                    numbers = ["" if value is None else f"{value:.6f}" for value in values]
                    writer.writerow([group.name, flag, row.value, row.num_samples, name, *numbers])
    return text.getvalue()


def _with_interval(score: Score) -> str:
    std = "" if score.std is None else f" ± {percent(score.std)}"
    return f"{percent(score.mean)}{std}\n{interval(score)}"
