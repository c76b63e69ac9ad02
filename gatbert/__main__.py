"""The command line: ``python -m gatbert COMMAND``, and the console script ``gatbert``."""

import os
import sys
from itertools import groupby

from gatbert import __version__
from gatbert.commands import COMMANDS
from gatbert.errors import UserError

USAGE = "usage: gatbert [-h] [--version] COMMAND ..."


def main() -> int:
    """Run one command; a user's mistake is one sentence on standard error and exit status 2."""
    args = sys.argv[1:]
    if not args or args[0] in ("-h", "--help"):
        print(help_text())  # noqa: T201
        return 0
    if args[0] == "--version":
        print(f"gatbert {__version__}")  # noqa: T201
        return 0
    return run(args[0], args[1:])


def run(name: str, args: list[str]) -> int:
    """Run the command ``name`` and return its exit status."""
    if name not in COMMANDS:
        return _fail(f"unknown command {name!r}; known are {', '.join(COMMANDS)}")
    try:
        COMMANDS[name].run(name, args)
    except KeyboardInterrupt:
        return _fail("interrupted", status=130)
    except Exception as error:
        mistake = _users_mistake(error)
        if os.environ.get("GATBERT_TRACEBACK") or mistake is None:
            raise
        return _fail(" ".join(str(mistake).split()))
    return 0


def help_text() -> str:
    """Return the list of all commands, in groups."""
    lines = [USAGE, "", "Stance classification from text and a commonsense knowledge graph."]
    for group, commands in groupby(COMMANDS.items(), key=lambda item: item[1].group):
        lines += ["", f"{group}:", *(f"  {name:<16}{command.help}" for name, command in commands)]
    return "\n".join([*lines, "", "`gatbert COMMAND --help` lists the arguments of a command."])


def _users_mistake(error: BaseException) -> BaseException | None:
    """Return what the user can mend, in options, data or machine; a defect of gatbert keeps its traceback."""
    cause: BaseException | None = error
    while cause is not None:  # the parser wraps what a constructor raises
        if isinstance(cause, UserError):
            return cause
        cause = cause.__cause__ or cause.__context__
    known = isinstance(error, OSError) or type(error).__name__ in ("MisconfigurationException", "OutOfMemoryError")
    return error if known else None


def _fail(message: str, status: int = 2) -> int:
    print(f"gatbert: error: {message}", file=sys.stderr)  # noqa: T201
    return status


if __name__ == "__main__":
    sys.exit(main())
