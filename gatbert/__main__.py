"""The command line: ``python -m gatbert COMMAND``, and the console script ``gatbert``."""

import os
import sys
from itertools import groupby

from gatbert import __version__
from gatbert.commands import COMMANDS
from gatbert.errors import as_users_mistake

USAGE = "usage: gatbert [-h] [--version] COMMAND ..."
INTERRUPTED = 130
"""Exit status after Ctrl-C, as a shell counts it."""

NOBODY_READS = 141
"""Exit status of a process whose output nobody reads any more, as a shell counts it."""


def main() -> int:
    """Run one command; a user's mistake is one sentence on standard error and exit status 2."""
    args = sys.argv[1:]
    return run(args[0], args[1:]) if args else run("--help", [])


def run(name: str, args: list[str]) -> int:
    """Run the command ``name`` and return its exit status."""
    try:
        return _run(name, args)
    except BrokenPipeError:
        # As `gatbert --help | head -1`. What is still buffered would raise again when the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NOBODY_READS


def _run(name: str, args: list[str]) -> int:
    if name in ("-h", "--help", "--version"):
        print(f"gatbert {__version__}" if name == "--version" else help_text(), flush=True)  # noqa: T201
        return 0
    if name not in COMMANDS:
        return _fail(f"unknown command {name!r}; known are {', '.join(COMMANDS)}")
    try:
        COMMANDS[name].run(name, args)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return _fail("interrupted", status=INTERRUPTED)
    except BrokenPipeError:
        raise
    except Exception as error:
        mistake = as_users_mistake(error)
        if os.environ.get("GATBERT_TRACEBACK") or mistake is None:
            raise
        return _fail(" ".join(mistake.split()))
    return 0


def help_text() -> str:
    """Return the list of all commands, in groups."""
    lines = [USAGE, "", "Stance classification from text and a commonsense knowledge graph."]
    for group, commands in groupby(COMMANDS.items(), key=lambda item: item[1].group):
        lines += ["", f"{group}:", *(f"  {name:<16}{command.help}" for name, command in commands)]
    return "\n".join([*lines, "", "`gatbert COMMAND --help` lists the arguments of a command."])


def _fail(message: str, status: int = 2) -> int:
    print(f"gatbert: error: {message}", file=sys.stderr)  # noqa: T201
    return status


if __name__ == "__main__":
    sys.exit(main())
