"""python -m gatbert.fit_and_test is the command of that name."""

import runpy
import sys

import pytest

from tests.command_line import FIRST_LINE, CommandLine


def test_the_module_takes_the_same_arguments(
    command_line: CommandLine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [*FIRST_LINE, "--print_config"]
    expected = command_line("fit_and_test", *arguments)
    monkeypatch.setattr(sys, "argv", ["fit_and_test.py", *arguments])
    with pytest.raises(SystemExit) as end:
        runpy.run_module("gatbert.fit_and_test", run_name="__main__")
    assert (end.value.code, capsys.readouterr().out) == (0, expected)
