"""The flags of the training commands, as their parsers have them.

``python -m tests.training_flags`` writes the list that is known before these are there.
"""

from contextlib import suppress
from typing import Any

from gatbert.cli.custom_cli import TRAINER_COMMANDS, CustomCLI
from gatbert.console.training_flags import KNOWN, listed


class _ParserAlone(CustomCLI):
    """Build the parser, and nothing else."""

    flags: set[str]

    def parse_arguments(self, parser: Any, args: Any) -> None:
        self.flags = set(parser.flags())
        raise InterruptedError


def flags_of_parsers() -> set[str]:
    """Return the flags of all training commands."""
    return set().union(*map(_flags, TRAINER_COMMANDS))


def _flags(command: str) -> set[str]:
    alone = _ParserAlone.__new__(_ParserAlone)
    with suppress(InterruptedError):
        alone.__init__([command])  # type: ignore[misc]
    return alone.flags


if __name__ == "__main__":
    KNOWN.write_text(listed(flags_of_parsers()))
