"""Plots: what there is is seen, and what there is not is not drawn."""

import re
from dataclasses import replace
from pathlib import Path

from gatbert.evaluation.page import render_page
from gatbert.evaluation.plots import plots
from gatbert.evaluation.report import Group, build_report
from gatbert.evaluation.runs import read_run
from tests.evaluation.folders import write_run
from tests.evaluation.made import groups, made_samples


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
