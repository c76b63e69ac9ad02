"""The table of all commands, and what becomes of a command that cannot run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gatbert.__main__ import COMMANDS
from tests.command_line import CommandLine, package_environment


def test_help_lists_all_commands_in_groups() -> None:
    command = [sys.executable, "-m", "gatbert", "--help"]
    output = subprocess.run(command, capture_output=True, text=True, check=True, env=package_environment()).stdout
    assert all(name in output for name in COMMANDS)
    assert "Training:" in output


def test_unknown_command_lists_the_known(command_line: CommandLine) -> None:
    error = command_line.refused("train")
    assert "fit_and_test" in error


def test_the_flags_that_matter_and_those_that_are_none_are_told_without_torch() -> None:
    told = "import sys; from gatbert.__main__ import run; print(run('fit', ['--epochs', '3']), 'torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True, env=environment())
    assert (done.stdout, done.stderr.count("\n")) == ("2 False\n", 1)
    lines = f"{sys.executable} -m gatbert fit --help | head -1"
    done = subprocess.run(["bash", "-c", lines], capture_output=True, text=True, check=True, env=environment())
    assert done.stdout == "The flags that matter; all follow below:\n"


@pytest.mark.parametrize("command", ["--help", "tag --help"])
def test_a_reader_that_leaves_early_is_no_error(command: str) -> None:
    line = f"{sys.executable} -m gatbert {command} | head -1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False, env=environment())
    assert done.stdout.startswith("usage: gatbert")
    assert done.stderr == ""
    assert done.returncode in (0, 141)


def test_output_that_cannot_be_written_at_the_very_end_is_no_traceback() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "gatbert", "--help"]
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, text=True, check=False, env=environment())
    assert (done.returncode, done.stderr) == (141, "")


def environment() -> dict[str, str]:
    """Return the environment for a process of its own."""
    return {**package_environment(), "PYTHONPATH": str(Path(__file__).parents[1])}
