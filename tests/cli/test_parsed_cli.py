"""A command line is read without building anything, and builds what the command would."""

from pathlib import Path

import pytest
import yaml

from gatbert.cli.parsed_cli import ParsedCLI
from gatbert.errors import UserError
from tests.command_line import FIRST_LINE


def test_nothing_is_built_before_it_is_told_to(common: list[str], tmp_path: Path) -> None:
    cli = ParsedCLI(["fit", *common, "--model.learning_rate", "0.25"])
    assert yaml.safe_load(cli.resolved)["model"]["learning_rate"] == 0.25
    assert not hasattr(cli, "model")
    cli.build()
    assert (cli.model.optimization.learning_rate, cli.trainer.max_epochs) == (0.25, 2)
    assert not (tmp_path / "results").exists()


def test_what_the_command_refuses_is_refused(common: list[str]) -> None:
    with pytest.raises(UserError, match="layers"):
        ParsedCLI(["fit", *common, "--model.freeze", "9"]).build()
    with pytest.raises(UserError, match="unknown command"):
        ParsedCLI(["train", *FIRST_LINE])
