"""The documentation: it builds with every link checked, takes its reference from the code, and leaves out no page."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from docs.hooks import on_page_markdown
from gatbert.__main__ import CLI, COMMANDS
from tests.command_line import ROOT

PAGES = {path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")}


def shown(markdown: str, page: str = "reports.md") -> str:
    """Return what the site shows of a page's Markdown."""
    return on_page_markdown(markdown, SimpleNamespace(file=SimpleNamespace(src_uri=page)))


def pages(nav: Any) -> set[str]:
    """Return the pages of a table of contents."""
    if isinstance(nav, str):
        return {nav}
    return {page for entry in (nav if isinstance(nav, list) else nav.values()) for page in pages(entry)}


def test_every_page_has_its_place() -> None:
    assert pages(yaml.safe_load((ROOT / "mkdocs.yml").read_text())["nav"]) == PAGES


def test_every_command_has_its_reference() -> None:
    asked = re.findall(r"^<!-- help: (\w+) -->$", (ROOT / "docs/reference/commands.md").read_text(), re.MULTILINE)
    # The five training commands have the same arguments.
    assert asked == [name for name, command in COMMANDS.items() if command.module != CLI or name == "fit_and_test"]


def test_help_comes_from_the_command() -> None:
    assert "--concept CONCEPT" in shown("before\n<!-- help: inspect_graph -->\nafter")


def test_links_out_of_the_documentation_are_shown_as_text() -> None:
    assert shown("[`power.py`](../gatbert/power.py), [runs](many_runs.md)") == "`power.py`, [runs](many_runs.md)"
    assert shown("[home](../index.md)", "reference/python.md") == "[home](../index.md)"
    assert shown("[code](../../gatbert/x.py)", "reference/python.md") == "code"


@pytest.mark.slow
def test_the_site_builds_with_every_link_checked(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path / "site")]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "true"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    built = (tmp_path / "site" / "reference" / "configuration" / "index.html").read_text()
    assert "head_learning_rate" in built
    # A page loads nothing from elsewhere.
    assert not re.search(r'<(?:script|link|img)[^>]*(?:src|href)="https?://(?!localhost)', built)
    shutil.rmtree(tmp_path / "site")
