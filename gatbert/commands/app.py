"""``gatbert app``: a page in the browser on which trained models are tried."""

import importlib.util
import logging
import socket
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, NamedTuple

from rich.console import Console

from gatbert.app.limits import Limits
from gatbert.app.server import address, listening, prepare, serve
from gatbert.console.parser import CommandParser
from gatbert.console.terminal import visible
from gatbert.errors import UserError
from gatbert.ranges import PositiveInt, Range, check_ranges

MOST_MODELS = 2
LOOPBACK = ("127.", "::1", "localhost")


class Served(NamedTuple):
    """Where the page is served, and where its files are."""

    socket: socket.socket
    folder: Path


def app(
    models: Sequence[str],
    host: str = "127.0.0.1",
    port: Annotated[int, Range(least=1, most=65535)] | None = None,
    graph: str | None = None,
    classifier: str | None = None,
    max_characters: PositiveInt = Limits.max_characters,
    max_rows: PositiveInt = Limits.max_rows,
) -> None:
    """Open a page on which trained models are tried.

    Args:
        models: One model, or two that are shown side by side.
        host: Address at which the page is served; by default this machine alone can open it.
        port: Port; by default the first that is free from 7860 on.
        graph: Folder of the knowledge graph, for classifiers that read concepts; by default that of training.
        classifier: Class path of the classifier, if it is not of gatbert.
        max_characters: Most characters of a text.
        max_rows: Most rows of a file.
    """
    check_ranges(app, {"port": port, "max_characters": max_characters, "max_rows": max_rows}, "--")
    if len(models) > MOST_MODELS:
        raise UserError(f"{len(models)} models are given; the page shows one, or two side by side")
    if importlib.util.find_spec("gradio") is None:
        raise UserError('the page needs Gradio, which is not installed; pip install "gatbert[app]"')
    bound = listening(host, port)
    with bound, TemporaryDirectory(prefix="gatbert-app-", ignore_cleanup_errors=True) as folder:
        prepare(folder)
        _open(models, graph, classifier, Limits(max_characters, max_rows), Served(bound, Path(folder)))


def _open(models: Sequence[str], graph: str | None, classifier: str | None, limits: Limits, bound: Served) -> None:
    """Load the models and serve their page until Ctrl-C."""
    from gatbert.app.examples import training_examples
    from gatbert.app.page import as_application, build_page
    from gatbert.app.shown_model import by_name, open_model

    # Texts that are too long would be reported with each of their variants.
    logging.getLogger("gatbert").setLevel(logging.ERROR)
    opened = by_name([open_model(source, graph, classifier) for source in models])
    first = next(iter(opened.values()))
    examples = training_examples(models[0], first.predictor.stances)
    application = as_application(build_page(opened, examples, limits, bound.folder))
    console = Console()
    console.print(visible(f"{' and '.join(opened)}: {address(bound.socket)} (Ctrl-C ends it)"), soft_wrap=True)
    if not str(bound.socket.getsockname()[0]).startswith(LOOPBACK):
        console.print("Everybody who reaches this address can use the page; it has no password.", soft_wrap=True)
    serve(application, bound.socket)
    console.print("The page is closed.")


def main(args: list[str]) -> None:
    """Run the command."""
    parser = CommandParser("app", "Open a page in the browser on which trained models are tried.", files=False)
    parser.add_argument("models", nargs="+", help="One model, or two that are shown side by side.")
    parser.add_function_arguments(app, skip={"models"})
    app(**parser.parse_args(args).as_dict())
