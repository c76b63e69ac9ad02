"""What a grid says on the terminal: a line as a run begins and ends, and a table at the end."""

from pathlib import Path

import pytest
from rich.console import Console

from gatbert.grid.folders import Finished
from gatbert.grid.plan import GridRun, plan_runs
from gatbert.grid.terminal import GridTerminal, duration, outcome_table
from gatbert.grid.work import Outcome


@pytest.fixture
def runs() -> list[GridRun]:
    """Two runs."""
    return plan_runs("1,2", "Text", [])


@pytest.mark.parametrize(("seconds", "written"), [(0.9, "0:00:00"), (61, "0:01:01"), (360_000, "100:00:00")])
def test_a_time_is_hours_minutes_and_seconds(seconds: float, written: str) -> None:
    assert duration(seconds) == written


def test_each_end_has_its_words(runs: list[GridRun], capsys: pytest.CaptureFixture[str]) -> None:
    first, second = runs
    with GridTerminal(runs, verbose=False) as terminal:
        terminal.began(first, None)
        terminal.ticked(b"not to be seen")
        terminal.ended(first, Outcome("failed", detail="no [bold] space"), 61)
        terminal.began(second, Path("grid", "v2", "checkpoints", "last.ckpt"))
        terminal.ended(second, Outcome("finished"), 5)
    assert capsys.readouterr().out.splitlines() == [
        "[1/2] text seed 1: running",
        "[1/2] text seed 1: failed after 0:01:01: no [bold] space",
        "[2/2] text seed 2: running, on from v2/checkpoints/last.ckpt",
        "[2/2] text seed 2: finished in 0:00:05",
    ]


def test_what_a_run_prints_is_shown_on_demand(runs: list[GridRun], capsys: pytest.CaptureFixture[str]) -> None:
    GridTerminal(runs, verbose=True).ticked(b"epoch 1 \xff")
    assert capsys.readouterr().out == "epoch 1 \ufffd"


def test_the_table_has_a_column_for_each_score_that_a_run_has(runs: list[GridRun]) -> None:
    first, second = runs
    done = Outcome("finished", finished=Finished({"test_macro_f1": 0.5}, 61.0))
    console = Console(record=True, width=100)
    console.print(outcome_table({first: done, second: Outcome("left", detail="node7")}))
    lines = console.export_text().splitlines()
    assert [word for word in ("run", "status", "test_macro_f1", "time") if word not in lines[1]] == []
    assert all(word in lines[3] for word in ("text seed 1", "finished", "0.5000", "0:01:01"))
    assert "left" in lines[4]
