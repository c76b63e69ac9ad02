"""Configurations are resolved in one process for all, which is heard whatever else it prints."""

import json
import subprocess
from typing import Any

import pytest

from gatbert.errors import UserError
from gatbert.grid.configs import resolved_configs


def answer(monkeypatch: pytest.MonkeyPatch, **values: Any) -> list[Any]:
    """Let the process answer so, and return the calls of it."""
    calls: list[Any] = []

    def run(command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        calls.append((command, json.loads(options["input"])))
        return subprocess.CompletedProcess(command, **{"returncode": 0, "stdout": "", "stderr": "", **values})

    monkeypatch.setattr(subprocess, "run", run)
    return calls


def test_each_command_line_has_its_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    told = json.dumps([["seed: 1\n", ""], ["", "--x is none"]])
    calls = answer(monkeypatch, stdout=f"a library says hello\n{told}\n")
    config, refusal = resolved_configs([["--a", "1"], ["--x", "2"]])
    assert config == "seed: 1\n"
    assert isinstance(refusal, UserError)
    assert str(refusal) == "--x is none"
    assert [lines for _, lines in calls] == [[["--a", "1"], ["--x", "2"]]]


def test_a_process_that_breaks_is_no_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, returncode=1, stderr="ImportError: no torch")
    with pytest.raises(RuntimeError, match="ImportError: no torch"):
        resolved_configs([[]])
