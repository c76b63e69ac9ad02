"""Arguments of a command about a checkpoint: its own, and those that are left for gatbert test."""

import pytest

from gatbert.console.checkpoint_arguments import parse_checkpoint_command
from gatbert.console.parser import CommandParser
from gatbert.errors import UserError


def parser() -> CommandParser:
    """Return a parser of a checkpoint and an output."""
    made = CommandParser("ask", "Ask a checkpoint.", files=False)
    made.add_argument("checkpoint", type=str)
    made.add_argument("--output", type=str)
    return made


@pytest.mark.parametrize(
    ("args", "others"),
    [
        (["a.ckpt", "--output", "out", "--data", "d.yaml"], ["--data", "d.yaml"]),
        (["a.ckpt", "--data", "d.yaml", "--output=out"], ["--data", "d.yaml"]),
        (
            ["a.ckpt", "--data.columns", "{a: b}", "--output", "out", "-c", "x.yaml"],
            ["--data.columns", "{a: b}", "-c", "x.yaml"],
        ),
        (["a.ckpt", "--output", "out"], []),
    ],
)
def test_what_is_not_the_commands_own_is_left_in_its_order(args: list[str], others: list[str]) -> None:
    own, left = parse_checkpoint_command(parser(), args)
    assert (own["checkpoint"], own["output"]) == ("a.ckpt", "out")
    assert left == others


@pytest.mark.parametrize("args", [[], ["--output", "out"], ["--data", "d.yaml", "a.ckpt"]])
def test_the_checkpoint_comes_first(args: list[str]) -> None:
    with pytest.raises(UserError, match=r"the first argument must be a checkpoint: gatbert ask PATH\.ckpt"):
        parse_checkpoint_command(parser(), args)
