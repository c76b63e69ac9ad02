"""Command lines from signatures, whose errors are one sentence."""

import difflib
import re
from collections.abc import Iterable, Sequence
from typing import Any, NoReturn

from jsonargparse import ArgumentParser

from gatbert.console.given_files import place_of
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
        return [option.lstrip("-") for action in PARSER_ACTIONS.read_from(self) for option in action.option_strings]


def one_sentence(message: str, known: Iterable[str] = (), words: Sequence[str] = ()) -> str:
    """Cut an error of the parser down to what the user can act on: the argument, and why its value does not do.

    Args:
        message: The error.
        known: Arguments that there are; one that is like an unknown one is proposed.
        words: The command line.
    """
    if missing := re.fullmatch(r"the following arguments are required: (.*)", message):
        # A command within the parser of all stands before the names of its flags; what is no flag has a place.
        flags = {*known}
        names = [name.rpartition(".") for name in missing[1].split(", ")]
        shown = ", ".join(f"--{name}" if dot or not flags or name in flags else name.upper() for _, dot, name in names)
        return f"{shown} must be given; --help says what it is"
    if unknown := re.search(UNKNOWN, message, re.IGNORECASE):
        name = next(filter(None, unknown.groups())).partition("=")[0]
        shown = place_of(name.lstrip("-"), words) if name.startswith("-") or name not in words else name
        return f"there is no argument {shown}{_alike(name.lstrip('-'), known)}; --help lists all"
    key = re.match(r'Parser key "([^"]+)":', message)
    if key is None:
        return " ".join(message.split())
    reasons = re.findall(r"^ +- (.*(?:\n {6,}.*)*)", message, re.MULTILINE) or [message[key.end() :]]
    useful = [reason for reason in reasons if "NoneType" not in reason and "Union subtypes" not in reason] or reasons
    if inner := re.match(INNER, useful[0]):
        # A class among the arguments has a parser of its own, which knows its arguments without their prefix.
        place = place_of(f"{key[1]}.{inner[2]}", words)
        return (inner[1] or "") + place + inner[3].replace("did you mean --", f"did you mean --{key[1]}.")
    value = re.search(r"Given value: (?!Namespace|NestedArg)(.*)|Got value: (.*)", message)
    given = f" {next(filter(None, value.groups()), '').strip()}" if value else ""
    told = [*dict.fromkeys(map(_in_plain_words, useful))]
    if len(told) > 1:  # that a name is no file says nothing, where something is known of its class
        told = [reason for reason in told if reason != NO_CLASS]
    return f"{place_of(key[1], words)}{given}: {'; '.join(told)}"


UNKNOWN = r"Key \"([^\"]+)\" is not expected|unrecognized arguments: (\S+)|Option '([^']+)' is not accepted"
INNER = r"(there is no argument )?--([\w.]+)( .*|:.*|;.*)"

KINDS = {
    "float": "a number",
    "int": "a whole number",
    "bool": "true or false",
    "str": "text",
    "list": "a list, such as [a, b]",
    "dict": "names with values, such as {a: b}",
}


def _in_plain_words(reason: str) -> str:
    """Say what a value must be without the words of Python."""
    reason = " ".join(reason.partition(". Got value:")[0].split())
    reason = re.sub(
        r"^Expected a (path but (.*) either not accessible.*|dot import path string: (.*))", NO_CLASS, reason
    )
    reason = re.sub(r"<class '(\w+)'>", lambda kind: KINDS.get(kind[1], kind[1]), reason)
    reason = re.sub(r"typing\.Literal\[(.*?)\]", lambda those: f"one of {those[1].replace(chr(39), '')}", reason)
    return reason.replace("Expected a one of", "accepted is one of").replace("Expected a ", "accepted is ", 1)


NO_CLASS = "there is no such file, and no such class"


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


def _alike(name: str, known: Iterable[str]) -> str:
    """Propose the argument that is most like an unknown one: by its whole name, its last part, or its first."""
    names = [*dict.fromkeys(known)]
    parts = {
        name: {other: other for other in names},
        name.rpartition(".")[2]: {other.rpartition(".")[2]: other for other in names},
        name.partition(".")[0]: {other.partition(".")[0]: other.partition(".")[0] for other in names},
    }
    for part, others in parts.items():
        if near := difflib.get_close_matches(part, others, n=1, cutoff=0.8):
            return f"; did you mean --{others[near[0]]}"
    return ""
