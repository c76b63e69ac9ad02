"""Errors of the parser become one sentence that a user can act on."""

import pytest

from gatbert.console.one_sentence import one_sentence
from gatbert.console.parser import CommandParser
from gatbert.errors import UserError

FLAGS = ("data", "model.learning_rate", "model.pooling", "output")


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        (
            "the following arguments are required: data, output",
            "--data, --output must be given; --help says what it is",
        ),
        (
            "unrecognized arguments: --modle.pooling",
            "there is no argument --modle.pooling; did you mean --model.pooling; --help lists all",
        ),
        (
            'Key "outptu" is not expected',
            "there is no argument --outptu; did you mean --output; --help lists all",
        ),
        ("unrecognized arguments: --xyzzy=3", "there is no argument --xyzzy; --help lists all"),
        ("several\n  lines   of it", "several lines of it"),
        (
            "Parser key \"model.learning_rate\":\n  Expected a <class 'float'>. Got value: fast",
            "--model.learning_rate fast: accepted is a number",
        ),
        (
            "Parser key \"model.pooling\":\n  Expected a typing.Literal['first', 'mean']. Got value: last",
            "--model.pooling last: accepted is one of first, mean",
        ),
    ],
)
def test_an_error_becomes_a_sentence(message: str, sentence: str) -> None:
    assert one_sentence(message, FLAGS, []) == sentence


def made() -> CommandParser:
    """Return a parser of one number."""
    parser = CommandParser("count", "Count.")
    parser.add_argument("--number", type=int, default=1)
    return parser


def test_arguments_come_from_flags_and_files_and_what_stands_later_wins(tmp_path: pytest.TempPathFactory) -> None:
    path = f"{tmp_path}/a.yaml"
    with open(path, "w") as file:  # noqa: PTH123
        file.write("number: 2\n")
    assert made().parse_args([]).number == 1
    assert made().parse_args(["-c", path]).number == 2
    assert made().parse_args(["-c", path, "--number", "3"]).number == 3


@pytest.mark.parametrize(
    ("args", "words"),
    [(["--number", "two"], "--number two: accepted is a whole number"), (["--numbers", "2"], "did you mean --number")],
)
def test_a_wrong_argument_is_refused_without_usage(args: list[str], words: str) -> None:
    with pytest.raises(UserError) as error:
        made().parse_args(args)
    assert words in str(error.value)
    assert "usage" not in str(error.value)


def test_a_beginning_of_a_flag_is_not_the_flag() -> None:
    with pytest.raises(UserError, match="there is no argument --numb"):
        made().parse_args(["--numb", "2"])
