"""The command line: ``python -m gatbert COMMAND``, and the console script ``gatbert``."""

import importlib
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from typing import cast

from gatbert.console.given_files import check_files
from gatbert.console.training_flags import check_flags, main_flags
from gatbert.errors import as_users_mistake
from gatbert.version import __version__

USAGE = "usage: gatbert [-h] [--version] COMMAND ..."
CLI = "gatbert.cli"
"""Module of the training commands."""

INTERRUPTED = 130
"""Exit status after Ctrl-C, as a shell counts it."""

NOBODY_READS = 141
"""Exit status of a process whose output nobody reads any more, as a shell counts it."""


@dataclass(frozen=True)
class Command:
    """Describe one command.

    Attributes:
        group: Heading under which ``--help`` lists it.
        help: What it does, in one line.
        module: Module whose ``main(args)`` runs it, imported only when the command is called.
        takes_name: Whether ``main`` wants the name of the command as its first argument.
        file_module: Module that runs it in place of the other where its first argument is no flag.
        looks_itself: Whether the command looks at the files among its arguments itself.
    """

    group: str
    help: str
    module: str
    takes_name: bool = False
    file_module: str | None = None
    looks_itself: bool = False

    def run(self, name: str, args: list[str]) -> None:
        """Import the module and run the command, if its flags are known and the files among them can be read."""
        if self.file_module is not None and args and not args[0].startswith("-"):
            importlib.import_module(self.file_module).main(args)
            return
        if not self.looks_itself:
            check_files(args)
        if self.module == CLI:
            if {"-h", "--help"} & set(args):
                print(main_flags(), flush=True)  # noqa: T201
            check_flags(args)
        main = cast(Callable[[list[str]], None], importlib.import_module(self.module).main)
        main([name, *args] if self.takes_name else args)


def _training(help_line: str, file_command: str | None = None) -> Command:
    of_file = None if file_command is None else f"gatbert.commands.{file_command}"
    return Command("Training", help_line, CLI, takes_name=True, file_module=of_file)


def _graph(name: str, help_line: str) -> Command:
    return Command("Knowledge graph", help_line, f"gatbert.commands.{name}")


def _preparation(name: str, help_line: str, looks_itself: bool = False) -> Command:
    return Command("Before training", help_line, f"gatbert.commands.{name}", looks_itself=looks_itself)


def _evaluation(name: str, help_line: str) -> Command:
    return Command("Evaluation", help_line, f"gatbert.commands.{name}")


COMMANDS = {
    "init": _preparation("init", "write a configuration for a corpus of your own, by looking at it"),
    "prefetch": _preparation("prefetch", "load the encoder of a training into the cache, where there is a network"),
    "doctor": _preparation("doctor", "look at a training before it is queued", looks_itself=True),
    "cache": _preparation("cache", "list the cache of encoded samples, or prune it"),
    "fit": _training("train a classifier"),
    "validate": _training("score a checkpoint on the validation split"),
    "test": _training("score a checkpoint on the test split and write its predictions"),
    "predict": _training("predict the texts of a file (predict MODEL FILE), or of a data module", "predict"),
    "fit_and_test": _training("train, then test the best checkpoint"),
    "multi_run": Command("Training", "train and test a grid of runs", "gatbert.commands.multi_run"),
    "search": Command("Training", "search for the best options on validation", "gatbert.commands.search"),
    "export": Command("Use", "write a model as a folder to hand on, or to the hub", "gatbert.commands.export"),
    "app": Command("Use", "try models on a page in the browser", "gatbert.commands.app"),
    "report": _evaluation("report", "compare runs: scores, intervals, tests, samples"),
    "ablate": _evaluation("ablate", "test a model without its target, text or graph"),
    "explain": _evaluation("explain", "show what each word and concept contributes"),
    "build_graph": _graph("build_graph", "build a knowledge graph from public dumps"),
    "tag": _graph("tag", "tag a corpus with the concepts of a graph"),
    "embed_graph": _graph("embed_graph", "train a vector for each concept of a graph"),
    "inspect_graph": _graph("inspect_graph", "show a concept's neighbours, or a tagged sample"),
}


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
    """Run a command; what a user may have done wrong is told in one sentence, and what is a defect is raised."""
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
