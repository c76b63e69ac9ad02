"""Tables in Markdown show what the page shows, and no name can break them."""

import re
from dataclasses import replace

import pytest

from gatbert.evaluation.markdown import MOST_VALUES, markdown_tables
from gatbert.evaluation.report import build_report
from gatbert.evaluation.report_record import Report
from gatbert.evaluation.shown import interval, percent
from tests.evaluation.made import groups, made_report


def rows_of(text: str) -> list[list[str]]:
    return [re.split(r"(?<!\\)\|", line)[1:-1] for line in text.splitlines() if line.startswith("|")]


def test_scores_flags_and_comparisons_are_there() -> None:
    report = made_report()
    text = markdown_tables(report)
    assert text.startswith(
        "300 samples of test, in percent: mean ± standard deviation over seeds (95 % interval).\n\n|"
    )
    for group in report.groups:
        score = group.scores["macro_f1"]
        assert score.std is not None
        assert f"{percent(score.mean)} ± {percent(score.std)} ({interval(score)})" in text
    assert "| irony: yes | 150 | " in text
    (row,) = report.main_comparisons
    assert f"| {percent(row.difference, sign=True)}\\* | " in text
    assert f"| {percent(row.detectable)} | " in text
    assert report.families[0].sentences[1] in text
    assert r"- A note on \</script\>." in text


def test_flags_of_many_values_are_left_to_the_page() -> None:
    report = made_report(60)
    rows = report.groups[0].breakdowns["irony"]
    many = replace(report.groups[0], breakdowns={"author": [rows[0]] * (MOST_VALUES + 1), "irony": rows})
    text = markdown_tables(replace(report, groups=[many]))
    assert "author" not in text
    assert "| irony: no | " in text


@pytest.mark.parametrize("name", ["a|b", "[x](y) *z* `w`", "<!-- end of vast -->", "$A_x$ \\ ~b~", "two\nlines"])
def test_any_name_stands_in_a_table(name: str) -> None:
    report: Report = build_report(groups([0.5, 0.7], 90, name), "test", "accuracy", [name])
    text = markdown_tables(report)
    assert "<!--" not in text.replace("\\<", "")
    widths = [len(row) for row in rows_of(text)]
    assert len(widths) == 4 + 2 + 5 + 3
    assert widths == [5] * 4 + [4] * 7 + [9] * 3
