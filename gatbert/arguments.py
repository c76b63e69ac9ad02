"""Command lines from signatures, whose errors are one sentence."""

import difflib
import re
from collections.abc import Iterable, Sequence
from typing import Any, NoReturn

from jsonargparse import ArgumentParser

from gatbert.errors import UserError
from gatbert.given_files import place_of


class OneSentenceErrors(ArgumentParser):
    """Report a wrong argument in one sentence, without the hundred lines of usage.

    Attributes:
        words: The command line, in whose files a wrong value is looked for.
    """

    words: Sequence[str] = ()

    def error(self, message: str, ex: Exception | None = None) -> NoReturn:
        """Refuse the command line."""
        raise UserError(one_sentence(message, self.flags(), self.words)) from ex

    def flags(self) -> list[str]:
        """Return the names of all flags, without dashes."""
        return [option.lstrip("-") for action in self._actions for option in action.option_strings]


def one_sentence(message: str, known: Iterable[str] = (), words: Sequence[str] = ()) -> str:
    """Cut an error of the parser down to what the user can act on: the argument, and why its value does not do.

    Args:
        message: The error.
        known: Arguments that there are; one that is like an unknown one is proposed.
        words: The command line.
    """
    if missing := re.fullmatch(r"the following arguments are required: (.*)", message):
        flags = ", ".join(f"--{name.rpartition('.')[2]}" for name in missing[1].split(", "))
        return f"{flags} must be given; --help says what it is"
    if unknown := re.search(UNKNOWN, message, re.IGNORECASE):
        name = next(filter(None, unknown.groups())).lstrip("-").partition("=")[0]
        return f"there is no argument {place_of(name, words)}{_alike(name, known)}; --help lists all"
    key = re.match(r'Parser key "([^"]+)":', message)
    reasons = re.findall(r"^ +- (.*(?:\n {6,}.*)*)", message, re.MULTILINE)
    useful = [reason for reason in reasons if "NoneType" not in reason and "Union subtypes" not in reason]
    value = re.search(r"Given value: (?!Namespace|NestedArg)(.*)", message)
    place = place_of(key[1], words) if key else ""
    if not (key and useful):
        return re.sub(r'Parser key "([^"]+)":', lambda _: f"{place}:", " ".join(message.split()))
    given = f" {value[1].strip()}" if value else ""
    return f"{place}{given}: " + "; ".join(" ".join(reason.split()) for reason in useful)


UNKNOWN = r"Key \"([^\"]+)\" is not expected|unrecognized arguments: (\S+)|Option '([^']+)' is not accepted"


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
    """Propose the argument that is most like an unknown one, by its last part where it is nested."""
    names = [*dict.fromkeys(known)]
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.8)
    if not near:
        ends = {other.rpartition(".")[2]: other for other in names}
        near = [ends[end] for end in difflib.get_close_matches(name.rpartition(".")[2], ends, n=1, cutoff=0.8)]
    return f"; did you mean --{near[0]}" if near else ""
