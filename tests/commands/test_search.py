"""gatbert search with a stand-in for training: what it prints, refuses and leaves."""

import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml

from gatbert.commands import search
from gatbert.grid.claims import Claim
from gatbert.search import trials
from tests.command_line import CommandLine
from tests.search.worker import command


@pytest.fixture
def words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Arguments before the ``--``, of a command whose trainings are stand-ins that nothing checks."""
    monkeypatch.setattr(search, "check_search", lambda record, where: {"data": {"init_args": {"test": "test.csv"}}})
    stand_in = partial(trials.TrialWork, command=command(tmp_path / "journal"))
    monkeypatch.setattr(trials, "TrialWork", stand_in)
    space = tmp_path / "space.yaml"
    space.write_text("model.learning_rate: {low: 1e-5, high: 1e-1, log: true}\nmodel.pooling: [first, mean]\n")
    return ["--output", str(tmp_path / "out"), "--space", str(space), "--trials"]


def test_the_same_command_goes_on_to_the_same_number(
    words: list[str], tmp_path: Path, command_line: CommandLine
) -> None:
    printed = command_line("search", *words, "2", "--", "--x", "y")
    assert "[1/2] trial 0 (model.learning_rate " in printed
    assert "[2/2] trial 1 " in printed
    assert ": finished in 0:00:0" in printed
    assert ", the best so far" in printed
    assert "Best is trial " in printed
    assert "running" not in command_line("search", *words, "2", "--", "--x", "y")
    assert "[3/3] trial 2 " in command_line("search", *words, "3", "--", "--x", "y")
    assert len((tmp_path / "journal").read_text().splitlines()) == 9
    assert yaml.safe_load((tmp_path / "out" / "best.yaml").read_text())["checkpoint.monitor"] == "val_macro_f1"
    assert (tmp_path / "out" / "search.html").is_file()
    first = (tmp_path / "out" / "logs" / "trial-0.log").read_text().splitlines()[0]
    assert " --x y --data.test null -c " in first


def test_another_search_in_the_folder_is_refused(words: list[str], tmp_path: Path, command_line: CommandLine) -> None:
    command_line("search", *words, "1", "--", "--x", "y")
    for change, message in (
        (["1", "--", "--x", "z"], "--x y there, --x z now"),
        (["1", "--sampler", "random", "--", "--x", "y"], "--sampler tpe there, random now"),
        (["1", "--score", "val_loss", "--", "--x", "y"], "--score val_macro_f1 there, val_loss now"),
    ):
        assert message in command_line.refused("search", *words, *change)
    (tmp_path / "space.yaml").write_text("model.learning_rate: {low: 1e-5, high: 1e-1, log: true}\n")
    refused = command_line.refused("search", *words, "1", "--", "--x", "y")
    assert 'holds a search of another kind: model.pooling has ["first", "mean"] there, no values now' in refused


def test_best_is_trained_with_seeds_once_all_trials_have_ended(
    words: list[str], tmp_path: Path, command_line: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[Any] = []
    monkeypatch.setattr(search, "multi_run", lambda *given, **named: calls.append((given, named)))
    claim = Claim(tmp_path / "out" / "trial-0", tmp_path / "lock")
    assert claim.take() is None
    printed = command_line("search", *words, "2", "--seeds", "1,2", "--", "--x", "y")
    assert "Other processes still work on trials" in printed
    assert calls == []
    claim.release()
    command_line("search", *words, "2", "--seeds", "1,2", "--", "--x", "y")
    ((folder, seeds), named), *others = calls
    assert (folder, seeds, others) == (str(tmp_path / "out" / "seeds"), "1,2", [])
    best = yaml.safe_load((tmp_path / "out" / "best.yaml").read_text())
    (setting,) = named["settings"]
    assert yaml.safe_load(Path(setting.partition("=")[2]).read_text()) == best
    assert named["arguments"] == ["--x", "y"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["0", "--", "--x", "y"], "--trials 0 is not accepted; accepted is at least 1"),
        (["many", "--", "--x", "y"], "--trials many"),
        (["2", "--seed", "-1", "--", "--x", "y"], "--seed -1"),
        (["2", "--sampler", "grid", "--", "--x", "y"], "one of tpe, random"),
        (["2", "--pruner", "best", "--", "--x", "y"], "one of median, halving, none"),
        (["2", "--seeds", "1,x", "--", "--x", "y"], "'x' is no seed"),
        (["2", "--seeds", "1", "--", "--seed_everything", "3"], "--seeds gives it"),
        (["2", "--", "--checkpoint.monitor", "val_loss"], "--score gives it"),
        (["2", "--", "--checkpoint.dirpath", "x"], "in its own folder"),
        (["2"], "the runs have no arguments"),
    ],
)
def test_mistakes_are_one_sentence(
    words: list[str], tmp_path: Path, command_line: CommandLine, given: list[str], message: str
) -> None:
    assert message in command_line.refused("search", *words, *given)
    assert not (tmp_path / "out").exists()


def test_without_optuna_it_says_what_to_install(
    words: list[str], command_line: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "optuna", None)
    assert 'pip install "gatbert[search]"' in command_line.refused("search", *words, "2", "--", "--x", "y")


def test_if_all_trials_fail_the_command_does(words: list[str], tmp_path: Path, command_line: CommandLine) -> None:
    (tmp_path / "space.yaml").write_text("model.learning_rate: [a, b]\nmodel.pooling: [first, mean]\n")
    refused = command_line.refused("search", *words, "2", "--seeds", "1", "--", "--x", "y")
    assert f"no trial has come to its end; see {tmp_path / 'out' / 'logs'}" in refused
    assert len(list((tmp_path / "out" / "logs").iterdir())) == 2
