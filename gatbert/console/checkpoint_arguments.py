"""The arguments of commands about a checkpoint, read before torch is: ``gatbert COMMAND CKPT --data ...``."""

from collections.abc import Sequence
from typing import Any

from gatbert.console.parser import CommandParser
from gatbert.errors import UserError


def parse_checkpoint_command(parser: CommandParser, args: Sequence[str]) -> tuple[dict[str, Any], list[str]]:
    """Return the arguments of a command, and those that are left for ``gatbert test``.

    Args:
        parser: Knows the arguments of the command; the first of them is the checkpoint.
        args: Command line.

    Raises:
        UserError: If the first argument is no checkpoint, or one of the command's own is wrong.
    """
    if not args or (args[0].startswith("-") and args[0] not in ("-h", "--help")):
        raise UserError(f"the first argument must be a checkpoint: {parser.prog} PATH.ckpt --data CONFIG ...")
    return parser.parse_own(args)
