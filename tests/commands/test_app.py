"""gatbert app: mistakes are told before anything large is loaded."""

import importlib.util
from typing import Any

import pytest

from tests.command_line import CommandLine

CKPT = "nowhere.ckpt"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([CKPT] * 3, "3 models are given; the page shows one, or two side by side"),
        ([CKPT, "--port", "0"], "--port 0 is not accepted; accepted is 1 to 65535"),
        ([CKPT], "nowhere.ckpt"),
    ],
)
def test_a_mistake_is_one_sentence(command_line: CommandLine, words: list[str], sentence: str) -> None:
    assert sentence in command_line.refused("app", *words)


def test_a_missing_library_is_named_with_its_extra(command_line: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    find: Any = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "gradio" else find(name))
    error = command_line.refused("app", CKPT)
    assert error.endswith('the page needs Gradio, which is not installed; pip install "gatbert[app]"')
