"""Command lines come to their whole configuration, or to the reason why they are refused."""

import yaml

from gatbert.cli.resolved_configs import _resolved
from tests.command_line import FIRST_LINE


def test_a_command_line_comes_to_its_whole_configuration() -> None:
    printed, refused = _resolved([*FIRST_LINE, "--model.learning_rate", "0.25"])
    config = yaml.safe_load(printed)
    assert refused == ""
    assert config["model"]["learning_rate"] == 0.25
    assert config["early_stopping"]["monitor"] == "val_macro_f1"


def test_a_wrong_one_comes_to_its_sentence() -> None:
    for value in ("fast", "-1.0"):  # of the wrong type, and out of its range
        printed, refused = _resolved([*FIRST_LINE, "--model.learning_rate", value])
        assert printed == ""
        assert f"--model.learning_rate {value}" in refused
        assert "\n" not in refused
