"""What a report says of many groups, of few samples, and of groups with strange names."""

import numpy as np
import pytest
from rich.console import Console

from gatbert.evaluation.baselines import ngram_svm
from gatbert.evaluation.page import render_page
from gatbert.evaluation.report import LEAST_FOR_INTERVAL, Group, build_report
from gatbert.evaluation.tables import csv_table, latex_table, terminal_tables
from gatbert.samples import Sample
from gatbert.stance import STANCES
from tests.evaluation.made import made_predictions, made_samples


def groups(skills: list[float], num_samples: int = 600, name: str = "group") -> list[Group]:
    random = np.random.default_rng(0)
    return [
        Group(f"{name} {number}", [made_predictions(random, num_samples, skill)]) for number, skill in enumerate(skills)
    ]


def test_large_differences_stay_significant_among_many_groups() -> None:
    found = build_report(groups(np.linspace(0.05, 0.95, 12).tolist()), "test", "accuracy", [])
    rows = [row for row in found["comparisons"] if row["score"] == "accuracy"]
    assert len(rows) == 66
    assert all(row["significant"] for row in rows if abs(row["difference"]) > 0.15)


def test_values_of_few_samples_have_no_interval() -> None:
    (group,) = build_report(groups([0.7], 4 * LEAST_FOR_INTERVAL), "test", "accuracy", [])["groups"]
    assert all(row["scores"]["accuracy"]["low"] is not None for row in group["breakdowns"]["target"])
    found = build_report(groups([0.7], 2 * LEAST_FOR_INTERVAL), "test", "accuracy", [])
    for row in found["groups"][0]["breakdowns"]["target"]:
        assert row["num_samples"] < LEAST_FOR_INTERVAL
        assert row["scores"]["accuracy"]["low"] is row["scores"]["accuracy"]["high"] is None
        assert 0 < row["scores"]["accuracy"]["mean"] < 1
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
