"""Flags of the training commands: the list is that of their parsers; what is not on it is refused at once."""

import pytest

from gatbert.console.training_flags import KNOWN, MAIN, check_flags, listed, main_flags
from gatbert.errors import UserError
from tests.training_flags import flags_of_parsers


def test_the_list_is_that_of_the_parsers() -> None:
    assert KNOWN.read_text() == listed(flags_of_parsers()), "python -m tests.training_flags writes it anew"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("--trainr.max_epochs", "--trainr.max_epochs; did you mean --trainer.max_epochs"),
        ("--model.lerning_rate=3", "--model.lerning_rate; did you mean --model.learning_rate"),
        ("--model.lora_rank", "--model.lora_rank"),
        ("--epochs", "--epochs; --help lists all"),
    ],
)
def test_an_unknown_flag_is_refused(wrong: str, words: str) -> None:
    with pytest.raises(UserError, match=f"^there is no argument {words}"):
        check_flags(["-c", "base.yaml", wrong, "3"])


@pytest.mark.parametrize("flag", MAIN)
def test_the_flags_that_matter_are_there(flag: str) -> None:
    check_flags([flag.split()[0]])
    assert f"  {flag}  " in main_flags()


@pytest.mark.parametrize(
    "flag",
    [
        "--optimizer.lr",
        "--data.init_args.anything",
        "--trainer.callbacks+=EMA",
        "--trainer.logger.init_args.name",
        "--",
    ],
)
def test_options_of_classes_are_left_to_their_parser(flag: str) -> None:
    check_flags([flag, "1"])


def test_with_other_libraries_the_parser_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gatbert.console.training_flags.metadata.version", lambda name: "99.0")
    check_flags(["--trainer.new_in_99", "1"])
