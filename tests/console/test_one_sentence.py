"""What the parser says of a wrong argument, cut down to one sentence."""

from pathlib import Path

import pytest

from gatbert.console.one_sentence import one_sentence

KNOWN = ("model", "model.pooling", "model.learning_rate", "output", "trainer.max_epochs")


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        ("the following arguments are required: output, runs", "--output, RUNS must be given; --help says what it is"),
        (
            "Unrecognized arguments: --outptu x",
            "there is no argument --outptu; did you mean --output; --help lists all",
        ),
        (
            "unrecognized arguments: --learning_rat 1",
            "there is no argument --learning_rat; did you mean --model.learning_rate; --help lists all",
        ),
        (
            "Group 'model' does not accept option 'poling'",
            "there is no argument --model.poling; did you mean --model.pooling; --help lists all",
        ),
        ("Option 'trainning' is not accepted", "there is no argument --trainning; --help lists all"),
        (
            "Parser key \"trainer.max_epochs\":\n  Expected a <class 'int'>. Got value: many",
            "--trainer.max_epochs many: accepted is a whole number",
        ),
        (
            'Parser key "checkpoint": Parser key "checkpoint": Unable to load config "null"',
            "--checkpoint null: there is no such file; give a YAML file, or options such as --checkpoint.NAME",
        ),
        (
            f"Parser key \"trainer.max_epochs\":\n  Expected a <class 'int'>. Got value: {'9' * 1000}x",
            f"--trainer.max_epochs {'9' * 200}...: accepted is a whole number",
        ),
        ("something\n  else", "something else"),
    ],
)
def test_a_message_of_the_parser_becomes_a_sentence(message: str, sentence: str) -> None:
    assert one_sentence(message, KNOWN) == sentence


def test_an_unknown_name_in_a_file_is_told_with_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("model.yaml").write_text("poling: mean\n")
    sentence = one_sentence("Group 'model' does not accept option 'poling'", KNOWN, ["--model", "model.yaml"])
    assert sentence == "there is no argument model.poling in model.yaml; did you mean --model.pooling; --help lists all"
