"""Arguments of a command about a training: its own, and those of the training."""

import pytest

from gatbert.console.parser import CommandParser
from gatbert.console.run_arguments import parse_run_command
from gatbert.errors import UserError


def parser() -> CommandParser:
    """Return a parser of a number."""
    made = CommandParser("ask", "Ask a training.", files=False)
    made.add_argument("--steps", type=int)
    return made


@pytest.mark.parametrize(
    ("args", "command", "others"),
    [
        ([], "fit_and_test", []),
        (["fit"], "fit", []),
        (["fit_and_test", "-c", "a.yaml"], "fit_and_test", ["-c", "a.yaml"]),
        (["fit", "-c", "a.yaml", "--steps", "3", "--data", "d.yaml"], "fit", ["-c", "a.yaml", "--data", "d.yaml"]),
    ],
)
def test_the_first_word_may_name_the_training(args: list[str], command: str, others: list[str]) -> None:
    own, found, left = parse_run_command(parser(), args)
    assert (found, left) == (command, others)
    assert own["steps"] == (3 if "--steps" in args else None)


def test_what_would_end_it_at_once_is_refused() -> None:
    with pytest.raises(UserError, match="--print_config=skip_null prints the configuration and ends"):
        parse_run_command(parser(), ["-c", "a.yaml", "--print_config=skip_null"])


def test_another_first_word_is_no_training() -> None:
    with pytest.raises(UserError, match="there is no argument test"):
        parse_run_command(parser(), ["test", "-c", "a.yaml"])
