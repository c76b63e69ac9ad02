"""What the documentation takes from the code, and what of its links a site has not."""

import os
import re
import subprocess
import sys
from functools import cache
from pathlib import PurePosixPath
from typing import Any

HELP = re.compile(r"^<!-- help: ([\w ]+) -->$", re.MULTILINE)
LINK = re.compile(r"\[([^\]]+)\]\((\.\./[^)]+)\)")


def on_page_markdown(markdown: str, page: Any, **kwargs: Any) -> str:
    """Put the help of commands where it is asked for, and show links that lead out of the documentation as text."""
    folder = PurePosixPath("docs", page.file.src_uri).parent
    markdown = LINK.sub(lambda link: link[0] if _within(folder, link[2]) else link[1], markdown)
    return HELP.sub(lambda asked: f"```\n{help_of(asked[1])}\n```", markdown)


def _within(folder: PurePosixPath, link: str) -> bool:
    """Tell whether a link from a folder of the documentation leads to another page of it."""
    return PurePosixPath(os.path.normpath(folder / link.partition("#")[0])).parts[0] == "docs"


@cache
def help_of(command: str) -> str:
    """Return what a command, maybe with its first arguments, says of all of them, in 100 columns."""
    asked = [sys.executable, "-m", "gatbert", *command.split(), "--help"]
    environment = {**os.environ, "COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"}
    told = subprocess.run(asked, capture_output=True, text=True, check=True, env=environment)  # noqa: S603
    return told.stdout.strip()
