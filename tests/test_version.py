"""The version stands in one place, and the changelog knows it."""

import re

import gatbert
from gatbert.version import __version__
from tests.command_line import ROOT


def test_the_version_is_a_release_or_on_the_way_to_one() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+(\.dev\d+|rc\d+)?", __version__)
    assert gatbert.__version__ == __version__


def test_nothing_else_repeats_it() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    assert 'dynamic = ["version"]' in text
    assert f'"{__version__}"' not in text
