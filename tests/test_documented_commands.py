"""The commands that README and docs show: each is a command of gatbert, and has the flags that it is given."""

import re
import shlex
from collections.abc import Iterator

import pytest

from docs.hooks import help_of
from gatbert.__main__ import CLI, COMMANDS
from gatbert.console.training_flags import check_flags
from tests.command_line import ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
COMMAND = re.compile(r"^\s*(?:[A-Z_]+=\S+ )*(?:(?:\.venv/bin/)?python -m gatbert[ .]|gatbert )(\w+)(.*)")


def documented() -> Iterator[tuple[str, str, str, list[str]]]:
    """Yield each command of a code block: page, line, name and arguments."""
    for page in PAGES:
        blocks = re.findall(r"^ *```(\w*)\n(.*?)^ *```", page.read_text(), re.MULTILINE | re.DOTALL)
        for block in (block for language, block in blocks if language in ("", "bash")):
            for line in block.replace("\\\n", " ").splitlines():
                if found := COMMAND.match(line):
                    yield page.name, line, found[1], shlex.split(found[2], comments=True)


SHOWN = [*documented()]


def test_there_are_commands() -> None:
    assert len(SHOWN) > 30
    assert {name for _, _, name, _ in SHOWN} >= {"fit_and_test", "report", "tag", "build_graph", "multi_run"}


@pytest.mark.parametrize(("page", "line", "name", "arguments"), SHOWN, ids=[f"{one[0]}-{one[2]}" for one in SHOWN])
def test_a_documented_command_has_its_flags(page: str, line: str, name: str, arguments: list[str]) -> None:
    assert name in COMMANDS, f"{page}: {line}"
    own, training, asked = arguments, list[str](), name
    if COMMANDS[name].file_module and not arguments[0].startswith("-"):
        asked = f"{name} MODEL FILE"
    elif COMMANDS[name].module == CLI:
        own, training = [], arguments
    elif "--" in arguments:  # a grid, or a search, of trainings
        place = arguments.index("--")
        own, training = arguments[:place], arguments[place + 1 :]
    elif name in ("ablate", "explain", "doctor", "prefetch"):  # beside their own, the arguments of a training command
        known = help_of(name)
        own = [word for word in arguments if word.startswith("--") and word.partition("=")[0] in known]
        training = [word for word in arguments if word.startswith("--") and word not in own]
    check_flags(training)
    flags = {word.partition("=")[0].partition(".")[0] for word in own if re.match(r"--\S+$", word)}
    unknown = [flag for flag in flags if not re.search(rf"{flag}[\s,.\]]", help_of(asked))]
    assert not unknown, f"{page}: {line}"
