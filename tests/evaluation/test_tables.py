"""Tables for the terminal show names as they are."""

import pytest
from rich.console import Console

from gatbert.evaluation.latex import latex_table
from gatbert.evaluation.page import render_page
from gatbert.evaluation.report import build_report
from gatbert.evaluation.tables import terminal_tables
from tests.evaluation.made import groups, made_samples


@pytest.mark.parametrize("name", ["train=$A_x_y/t.csv val=$A/v", "[bold]a[/x]" + "a" * 60 + " b & c_d"])
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
