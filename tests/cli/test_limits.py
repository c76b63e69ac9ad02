"""Ranges of the arguments of libraries."""

from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from gatbert.cli import main
from gatbert.cli.limits import LIMITS


def names(values: Any, prefix: str = "") -> Iterator[str]:
    """Yield the dotted name of each argument."""
    for name, value in values.items():
        yield f"{prefix}{name}"
        yield from names(value, f"{prefix}{name}.") if isinstance(value, dict) else ()


def test_every_limit_is_that_of_an_argument(capsys: pytest.CaptureFixture[str]) -> None:
    """A limit of an argument that a library has renamed would never be asked for."""
    with pytest.raises(SystemExit):
        main(["fit", "--print_config"])
    assert set(LIMITS) - set(names(yaml.safe_load(capsys.readouterr().out))) == set()
