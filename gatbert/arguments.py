"""Command lines from signatures, whose errors are one sentence."""

import re
from typing import Any, NoReturn

from jsonargparse import ArgumentParser

from gatbert.errors import UserError

__all__ = ["CommandParser", "one_sentence"]


def one_sentence(message: str) -> str:
    """Cut an error of the parser down to what the user can act on: the argument, and why its value does not do."""
    if missing := re.fullmatch(r"the following arguments are required: (.*)", message):
        flags = ", ".join(f"--{name.rpartition('.')[2]}" for name in missing[1].split(", "))
        return f"{flags} must be given; --help says what it is"
    key = re.match(r'Parser key "([^"]+)":', message)
    reasons = re.findall(r"^ +- (.*(?:\n {6,}.*)*)", message, re.MULTILINE)
    useful = [reason for reason in reasons if "NoneType" not in reason and "Union subtypes" not in reason]
    value = re.search(r"Given value: (?!Namespace|NestedArg)(.*)", message)
    if not (key and useful):
        return re.sub(r'Parser key "([^"]+)":', r"--\1:", " ".join(message.split()))
    given = f" {value[1].strip()}" if value else ""
    return f"--{key[1]}{given}: " + "; ".join(" ".join(reason.split()) for reason in useful)


class CommandParser(ArgumentParser):
    """Parse the arguments of one command: flags, ``-c FILE`` for YAML, ``--print_config``.

    Args:
        command: Name of the command.
        description: What it does.
    """

    def __init__(self, command: str, description: str, **kwargs: Any) -> None:
        super().__init__(prog=f"gatbert {command}", description=description, **kwargs)
        self.add_argument("-c", "--config", action="config", help="YAML file with arguments; flags win over it.")

    def error(self, message: str, ex: Exception | None = None) -> NoReturn:
        """Refuse the command line."""
        raise UserError(one_sentence(message)) from ex
