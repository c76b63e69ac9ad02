"""What a report says of many groups, of few samples, and of groups with strange names."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from gatbert.evaluation.baselines import ngram_svm
from gatbert.evaluation.latex import latex, latex_table
from gatbert.evaluation.page import render_page
from gatbert.evaluation.plots import plots
from gatbert.evaluation.report import LEAST_FOR_INTERVAL, Group, build_report
from gatbert.evaluation.runs import read_run
from gatbert.evaluation.significance import Bootstrap
from gatbert.evaluation.tables import csv_table, terminal_tables
from gatbert.samples import Sample
from gatbert.samples.stances import STANCES
from tests.evaluation.folders import write_run
from tests.evaluation.made import made_predictions, made_samples


def groups(skills: list[float], num_samples: int = 600, name: str = "group") -> list[Group]:
    random = np.random.default_rng(0)
    return [
        Group(f"{name} {number}", [made_predictions(random, num_samples, skill)]) for number, skill in enumerate(skills)
    ]


def test_large_differences_stay_significant_among_many_groups() -> None:
    found = build_report(groups(np.linspace(0.05, 0.95, 12).tolist()), "test", "accuracy", [])
    rows = [row for row in found.comparisons if row.score == "accuracy"]
    assert len(rows) == 66
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


@pytest.mark.parametrize("name", ["train=$A_x_y/t.csv val=$A/v", "[bold]a[/x]", "a" * 60 + " b & c_d"])
def test_names_are_no_markup(name: str) -> None:
    found = build_report(groups([0.5, 0.7], 90, name), "test", "accuracy", [])
    console = Console(record=True, width=300)
    for table in terminal_tables(found):
        console.print(table)
    assert f"{name} 0" in console.export_text()
    page = render_page("Title", made_samples(90), found)
    assert f"{name} 1".replace("&", "&amp;") in page
    assert "0</text>" in page or "1</text>" in page, "the end of a long name is shown in plots"
    assert latex_table(found).count(r"\\") == 3


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("[bold] a", "{}[bold] a & "),
        ("* a", "{}* a & "),
        ("π of é ß ő Ā½", r"\ensuremath{\pi} of \'{e} \ss{} \H{o} \={A}1/2 & "),
        ("a\x07b\x1b[31m\u200b\u202e\nc\u2028d", "ab[31m c d & "),
        ("中 😀", "U+4E2D U+1F600 & "),
        ('<a> "b" \N{EN DASH} x|y', r"$<$a$>$ ''b'' \textendash{} x$|$y & "),
        ("50% & $x_1^2$ #~{}\\\\", r"50\% \& \$x\_1\textasciicircum{}2\$ \#\textasciitilde{}\{\}"),
    ],
)
def test_any_name_stands_in_a_latex_table(name: str, written: str) -> None:
    (group,) = groups([0.5], 90)
    table = latex_table(build_report([replace(group, name=name)], "test", "accuracy", []))
    assert table.isascii()
    (row,) = [line for line in table.splitlines() if line.startswith(written)]
    assert row.endswith(r" \\")
    assert len(re.findall(r"(?<!\\)&", row)) == 3
    assert all(line.isprintable() for line in table.splitlines())


def test_no_letter_is_left_to_latex() -> None:
    for code in (*range(0x3100), *range(0xA000, 0xA700), *range(0xE000, 0x10000, 7), *range(0x1F000, 0x1FB00)):
        written = latex(f"x{chr(code)}x")
        assert written.isascii(), hex(code)
        assert written.isprintable(), hex(code)


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


def test_a_curve_of_one_point_is_seen_and_equal_curves_are_drawn_once(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run")
    columns = ("train_loss", "lr-AdamW/pg1", "lr-AdamW/pg2", "lr-AdamW/pg3")
    (folder / "metrics.csv").write_text(f"step,{','.join(columns)}\n9,0.5,0.1,0.1,0.2\n")
    run = read_run(folder, "test")
    found = build_report([Group("text", [run.predictions], [run])], "test", "accuracy", [])
    drawn = plots(found)["curves"]
    assert len(drawn) == 3
    for svg, title in zip(drawn, ("train loss", "lr-AdamW/pg1, pg2", "lr-AdamW/pg3"), strict=True):
        assert f">{title}</text>" in svg
        assert len(re.findall("<use [^>]*fill: #0072b2", svg)) == 2, "a marker in the plot, and one in its legend"


def test_what_there_is_no_data_for_is_not_drawn() -> None:
    (group,) = groups([0.7], 90)
    without = replace(group, predictions=[replace(one, probabilities=None) for one in group.predictions])
    found = build_report([without], "test", "accuracy", [])
    assert plots(found)["calibration"] == plots(found)["curves"] == []
    page = render_page("Title", made_samples(90), found)
    assert "confidence" not in re.findall('id="(.*?)"', page)
    assert "#confidence" not in page


def test_ngrams_learn_from_few_samples_of_a_stance() -> None:
    train = [
        Sample(f"t{index}", text, "zoos", stance)
        for index, (text, stance) in enumerate(
            [
                ("good good", "favor"),
                ("very good", "favor"),
                ("bad", "against"),
                ("really bad", "against"),
                ("so", "neutral"),
            ]
        )
    ]
    test = made_predictions(np.random.default_rng(0), 3, 1.0)
    found = ngram_svm(train, test, ["good", "bad bad", "so"])
    assert [STANCES[index] for index in found.predicted] == ["favor", "against", "neutral"]
