"""Command lines from signatures, whose errors are one sentence."""

import re
from collections.abc import Sequence
from typing import Any, NoReturn

from jsonargparse import ArgumentParser

from gatbert.console.one_sentence import one_sentence
from gatbert.errors import UserError
from gatbert.errors.libraries import PARSER_ACTIONS


class ArgumentError(UserError):
    """Report what a parser refused; a class among the arguments has a parser of its own, whose errors are not whole."""


class OneSentenceErrors(ArgumentParser):
    """Report a wrong argument in one sentence, without the hundred lines of usage.

    Attributes:
        words: The command line, in whose files a wrong value is looked for.
    """

    words: Sequence[str] = ()

    def error(self, message: str, ex: Exception | None = None) -> NoReturn:
        """Refuse the command line; where a type has told in a sentence why, by that sentence."""
        told: BaseException | None = ex
        while told is not None and (not isinstance(told, UserError) or isinstance(told, ArgumentError)):
            told = told.__cause__ or told.__context__
        raise ArgumentError(one_sentence(message, self.flags(), self.words) if told is None else str(told)) from ex

    def flags(self) -> list[str]:
        """Return the names of all flags, without dashes."""
        options = [option for action in PARSER_ACTIONS.read_from(self) for option in action.option_strings]
        # What links two arguments is an action without a flag.
        return [option.lstrip("-") for option in options if option.startswith("-")]


class CommandParser(OneSentenceErrors):
    """Parse the arguments of one command: flags, ``-c FILE`` for YAML, ``--print_config``.

    Args:
        command: Name of the command.
        description: What it does.
        files: Whether ``-c`` is an argument of this command.
    """

    def __init__(self, command: str, description: str, files: bool = True, **kwargs: Any) -> None:
        super().__init__(prog=f"gatbert {command}", description=description, allow_abbrev=False, **kwargs)
        if files:
            self.add_argument(
                "-c", "--config", action="config", help="YAML file with arguments; what stands later wins."
            )

    def parse_args(self, args: Sequence[str], *more: Any, **kwargs: Any) -> Any:  # type: ignore[override]
        """Parse a command line, of which the first wrong argument is refused in one sentence."""
        self.words = args
        return super().parse_args(args, *more, **kwargs)

    def parse_own(self, args: Sequence[str]) -> tuple[dict[str, Any], list[str]]:
        """Return the arguments of this command, parsed, and those that are left for another, in their order.

        A word without dashes goes where the flag before it went, as it is its value; the first of all is own.
        """
        known = {f"--{flag}" for flag in self.flags()} | {"-h"}
        own: list[str] = []
        others: list[str] = []
        into = own
        for word in args:
            if re.match("-+[a-z]", word, re.IGNORECASE):  # -1 is a value
                into = own if word.partition("=")[0] in known else others
            into.append(word)
        return dict(self.parse_args(own).as_dict()), others
