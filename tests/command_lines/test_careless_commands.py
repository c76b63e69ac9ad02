"""Every careless command gets its sentence, and leaves everything as it was."""

import shlex
from pathlib import Path

import pytest

from tests.careless_commands import CARELESS, MAKING, Careless, finish_workshop, make_workshop, state_of
from tests.command_line import CommandLine

PARAMETERS = [
    pytest.param(one, id=one.line[:90], marks=[pytest.mark.slow] * (one.loads_torch and place % 6 > 0))
    for place, one in enumerate(CARELESS)
]
"""Of the mistakes that only a training can see, one in six is of the fast suite; tests/cli has others."""


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all that careless commands are given, but for what commands make."""
    folder = tmp_path_factory.mktemp("workshop")
    make_workshop(folder)
    return folder


@pytest.fixture(autouse=True)
def _in_workshop(workshop: Path, command_line: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(workshop)
    if not Path("run").exists():
        for line in MAKING:
            command_line(*shlex.split(line))
        finish_workshop(Path())


@pytest.mark.parametrize("careless", PARAMETERS)
def test_a_careless_command_gets_its_sentence_and_changes_nothing(
    careless: Careless, command_line: CommandLine
) -> None:
    before = state_of(Path())
    sentence = command_line.refused(*shlex.split(careless.line))
    assert all(word in sentence for word in careless.words), sentence
    assert len(sentence) < 1000
    assert state_of(Path()) == before


def test_there_are_many() -> None:
    assert len({careless.line for careless in CARELESS}) >= 120
