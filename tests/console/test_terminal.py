"""What others wrote is shown and never obeyed; every step of a command has one bar."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from gatbert.console.terminal import Steps, visible


@given(st.text())
def test_any_text_is_seen_and_does_nothing(text: str) -> None:
    shown = visible(text)
    assert shown.plain.isprintable()
    assert not shown.spans
    if text.isprintable():
        assert shown.plain == text


@pytest.mark.parametrize(
    ("text", "shown"), [("[bold]a[/x]", "[bold]a[/x]"), ("a\x1b[31mb\n", r"a\x1b[31mb\n"), ("zoo\u202e", r"zoo\u202e")]
)
def test_markup_and_control_characters_are_letters(text: str, shown: str) -> None:
    console = Console(file=io.StringIO(), width=80, record=True)
    console.print(visible(text))
    assert console.export_text() == f"{shown}\n"


def test_a_step_that_comes_up_again_keeps_its_bar(capsys: pytest.CaptureFixture[str]) -> None:
    with Steps() as steps:
        for step, done in (("reading", 0.1), ("sorting", 0.5), ("reading", 2.0)):
            steps(step, done)
    shown = capsys.readouterr()
    assert shown.out == ""
    last = shown.err.splitlines()[-2:]
    assert [line.split()[0] for line in last] == ["reading", "sorting"]
    assert ["100%" in line for line in last] == [True, False]
