"""The commands of ``python -m gatbert``: name, group, one line of help, and where each lives."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from gatbert.given_files import check_files


@dataclass(frozen=True)
class Command:
    """Describe one command.

    Attributes:
        group: Heading under which ``--help`` lists it.
        help: What it does, in one line.
        module: Module whose ``main(args)`` runs it, imported only when the command is called.
        takes_name: Whether ``main`` wants the name of the command as its first argument.
    """

    group: str
    help: str
    module: str
    takes_name: bool = False

    def run(self, name: str, args: list[str]) -> None:
        """Import the module and run the command, if the files among its arguments can be read."""
        check_files(args)
        main = cast(Callable[[list[str]], None], importlib.import_module(self.module).main)
        main([name, *args] if self.takes_name else args)


def _training(help_line: str) -> Command:
    return Command("Training", help_line, "gatbert.cli", takes_name=True)


def _graph(name: str, help_line: str) -> Command:
    return Command("Knowledge graph", help_line, f"gatbert.commands.{name}")


def _evaluation(name: str, help_line: str) -> Command:
    return Command("Evaluation", help_line, f"gatbert.commands.{name}")


COMMANDS = {
    "fit": _training("train a classifier"),
    "validate": _training("score a checkpoint on the validation split"),
    "test": _training("score a checkpoint on the test split and write its predictions"),
    "predict": _training("write a checkpoint's predictions for unlabelled data"),
    "fit_and_test": _training("train, then test the best checkpoint"),
    "multi_run": Command("Training", "train and test a grid of runs", "gatbert.commands.multi_run"),
    "report": _evaluation("report", "compare runs: scores, intervals, tests, samples"),
    "ablate": _evaluation("ablate", "test a model without its target, text or graph"),
    "explain": _evaluation("explain", "show what each word and concept contributes"),
    "build_graph": _graph("build_graph", "build a knowledge graph from public dumps"),
    "tag": _graph("tag", "tag a corpus with the concepts of a graph"),
    "embed_graph": _graph("embed_graph", "train a vector for each concept of a graph"),
    "inspect_graph": _graph("inspect_graph", "show a concept's neighbours, or a tagged sample"),
}
