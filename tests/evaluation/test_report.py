"""What a report says of many groups, of few samples, and of groups with strange names."""

import numpy as np
from rich.console import Console

from gatbert.evaluation.page import render_page
from gatbert.evaluation.report import LEAST_FOR_INTERVAL, build_report
from gatbert.evaluation.significance import Bootstrap
from gatbert.evaluation.tables import csv_table, terminal_tables
from gatbert.samples.stances import STANCES
from tests.evaluation.made import groups, made_samples


def test_large_differences_stay_significant_among_many_groups() -> None:
    found = build_report(groups(np.linspace(0.05, 0.95, 8).tolist()), "test", "accuracy", [])
    rows = [row for row in found.comparisons if row.score == "accuracy"]
    assert len(rows) == 28
    assert all(row.significant for row in rows if abs(row.difference) > 0.15)


def test_values_of_few_samples_have_no_interval() -> None:
    (group,) = build_report(groups([0.7], 4 * LEAST_FOR_INTERVAL), "test", "accuracy", []).groups
    assert all(row.scores["accuracy"].low is not None for row in group.breakdowns["target"])
    found = build_report(groups([0.7], 2 * LEAST_FOR_INTERVAL), "test", "accuracy", [])
    for row in found.groups[0].breakdowns["target"]:
        assert row.num_samples < LEAST_FOR_INTERVAL
        assert row.scores["accuracy"].low is row.scores["accuracy"].high is None
        assert 0 < row.scores["accuracy"].mean < 1
    assert "target,zoos,21,accuracy,0." in csv_table(found)
    assert "None" not in render_page("Title", made_samples(60), found)


def test_a_difference_lies_in_its_interval_and_has_its_sign() -> None:
    """Where resampling shifts a score of few samples, the interval is widened to hold it."""
    for seed in range(40):
        random = np.random.default_rng(seed)
        cells = 3 * (np.arange(6) % 3) + random.integers(3, size=(2, 6))
        for comparison in Bootstrap(cells, STANCES, 200, seed).compare([0], [1]).values():
            assert comparison.low <= comparison.difference <= comparison.high
    found = build_report(groups([0.8, 0.5], 300), "test", "accuracy", [])
    row = next(row for row in found.comparisons if row.score == "accuracy")
    assert row.low > 0
    told = f"+{100 * row.difference:.1f}", f"+{100 * row.low:.1f}", f"+{100 * row.high:.1f}"
    console = Console(record=True, width=300)
    for table in terminal_tables(found):
        console.print(table)
    page = render_page("Title", made_samples(300), found)
    for shown in (console.export_text(), page):
        assert all(number in shown for number in told)
