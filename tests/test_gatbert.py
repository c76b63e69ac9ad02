"""The face of the package: its public names, and nothing loaded before one of them is used."""

import subprocess
import sys

import pytest

import gatbert
from gatbert.predictor import StancePredictor, load
from tests.command_line import package_environment


def test_public_names_are_those_of_their_modules() -> None:
    assert (gatbert.load, gatbert.StancePredictor) == (load, StancePredictor)
    assert all(hasattr(gatbert, name) for name in gatbert.__all__)


def test_another_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'gatbert' has no attribute 'stances'"):
        _ = gatbert.stances


def test_the_package_alone_loads_nothing_large() -> None:
    code = "import gatbert, sys; print([name for name in ('torch', 'numpy', 'duckdb') if name in sys.modules])"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=package_environment())
    assert done.stdout.strip() == "[]"
