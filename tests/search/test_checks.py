"""Arguments, space and score are checked before the first trial."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
import yaml

from gatbert.errors import UserError
from gatbert.search import checks
from gatbert.search.checks import check_search, names_test_files
from gatbert.search.record import SearchRecord
from gatbert.search.space import Dimension
from tests.command_line import FIRST_LINE
from tests.search.worker import made_record

CONFIG = {"model": {"learning_rate": 0.5}, "data": {"init_args": {"stances": ["against", "favor"], "test": ["a.csv"]}}}


def asked(monkeypatch: pytest.MonkeyPatch, *refused: str) -> list[Sequence[str]]:
    """Resolve configurations without a process, and refuse command lines with some words; those that were asked."""
    lines: list[Sequence[str]] = []

    def resolve(command_lines: Sequence[Sequence[str]]) -> list[str | UserError]:
        lines.extend(command_lines)
        wrong = [[word for word in refused if word in line] for line in command_lines]
        return [UserError(f"no {words[0]}") if words else yaml.safe_dump(CONFIG) for words in wrong]

    monkeypatch.setattr(checks, "resolved_configs", resolve)
    return lines


def record(**space: Any) -> SearchRecord:
    return replace(made_record("--base"), space={name.replace("__", "."): value for name, value in space.items()})


def test_every_choice_and_both_ends_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = asked(monkeypatch)
    config = check_search(record(a=Dimension(choices=(None, "x", {"b": 1})), b=Dimension(1, 2)), "space.yaml")
    assert config == CONFIG
    assert lines == [
        ["--base"],
        ["--base", "--a", "null", "--b", "1"],
        ["--base", "--a", "x", "--b", "2"],
        ["--base", "--a", '{"b": 1}', "--b", "1"],
    ]


def test_what_is_refused_says_where_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    asked(monkeypatch, "x")
    with pytest.raises(UserError, match=r"^space\.yaml: no x$"):
        check_search(record(a=Dimension(choices=("y", "x"))), "space.yaml")
    asked(monkeypatch, "--base")
    with pytest.raises(UserError, match=r"^no --base$"):
        check_search(record(a=Dimension(choices=("y", "x"))), "space.yaml")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("seed_everything", "--seeds trains the best with several"),
        ("trainer.logger.init_args.name", "a folder of its own"),
        ("checkpoint.monitor", "--score gives it"),
        ("data.init_args.test", "no trial reads test"),
        ("ckpt_path", "its own checkpoint"),
    ],
)
def test_what_is_no_matter_of_choice_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, reason: str) -> None:
    asked(monkeypatch)
    with pytest.raises(UserError, match=f"space.yaml: {name} cannot be searched: .*{reason}"):
        check_search(replace(record(), space={name: Dimension(1, 2)}), "space.yaml")


def test_a_score_that_is_never_logged_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    asked(monkeypatch)
    for score in ("val_loss", "val_f1_favor"):
        check_search(replace(record(a=Dimension(1, 2)), score=score), "space.yaml")
    for score in ("macro_f1", "test_macro_f1", "val_f1_neutral"):
        with pytest.raises(UserError, match=f"--score {score} is never logged; logged are val_loss, "):
            check_search(replace(record(a=Dimension(1, 2)), score=score), "space.yaml")


def test_whole_ends_for_an_option_of_fractions_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    asked(monkeypatch)
    with pytest.raises(UserError, match=r"model\.learning_rate takes fractions.*; give 0\.0 and 1\.0, or step: 1"):
        check_search(record(model__learning_rate=Dimension(0, 1)), "space.yaml")
    check_search(record(model__learning_rate=Dimension(0, 1, step=1)), "space.yaml")
    check_search(record(model__learning_rate=Dimension(0.0, 1)), "space.yaml")


def test_test_files_are_found_wherever_they_are_named() -> None:
    assert names_test_files(CONFIG)
    assert not names_test_files({"data": {"init_args": {"test": None}}})
    assert not names_test_files({"data": {"init_args": {}}})
    assert not names_test_files({"data": None})
    assert not names_test_files({})


@pytest.mark.slow
def test_options_are_those_of_the_real_command_line() -> None:
    fine = {
        "model.learning_rate": Dimension(1e-5, 1e-3, log=True),
        "data.batch_size": Dimension(choices=(8, 16)),
        "classifier": Dimension(choices=("Text", "External")),
    }
    asked = replace(made_record(*FIRST_LINE[:6]), space=fine)
    assert check_search(asked, "space.yaml")["data"]["init_args"]["batch_size"]
    wrong = {"model.learning_rate": Dimension(-1.0, 0.2)}
    with pytest.raises(
        UserError, match=r"space.yaml: --model.learning_rate -1.0 is not accepted; accepted is more than"
    ):
        check_search(replace(asked, space={**fine, **wrong}), "space.yaml")
