"""The arguments of commands about a training that has not begun: ``gatbert COMMAND [fit] -c ... --data ...``."""

from collections.abc import Sequence
from typing import Any

from gatbert.console.parser import CommandParser
from gatbert.errors import UserError

TRAININGS = ("fit_and_test", "fit")
"""Commands that train; the first is meant where none is named."""


def parse_run_command(parser: CommandParser, args: Sequence[str]) -> tuple[dict[str, Any], str, list[str]]:
    """Return the arguments of a command, the training that is meant, and its arguments.

    Args:
        parser: Knows the arguments of the command.
        args: Command line; the first word may name the training.

    Raises:
        UserError: If one of the command's own is wrong, or one of the others would end the training at once.
    """
    command, rest = (args[0], args[1:]) if args and args[0] in TRAININGS else (TRAININGS[0], args)
    own, others = parser.parse_own(rest)
    if early := [word for word in others if word.partition("=")[0] == "--print_config"]:
        raise UserError(f"{early[0]} prints the configuration and ends; leave it out")
    return own, command, others
