"""Trials as Optuna keeps them: the same after any interruption, and told once."""

from dataclasses import replace
from pathlib import Path
from statistics import median

import pytest

from gatbert.errors import UserError
from gatbert.search.record import PrunerName, SearchRecord
from gatbert.search.space import Dimension
from gatbert.search.study import Study, TrialResult, best_first, epoch_scores
from tests.search.training import quality
from tests.search.worker import made_record


def searched(folder: Path, record: SearchRecord, num_trials: int, at_once: int = 100) -> list[TrialResult]:
    """Search without training, with a new process, as it were, after some trials each."""
    folder.mkdir(exist_ok=True)
    for number in range(num_trials):
        if number % at_once == 0:
            study = Study(folder, record)
        assert study.ask() == number
        study.tell(number, quality(dict(study.results()[-1].values)))
    return study.results()


@pytest.mark.parametrize("sampler", ["tpe", "random"])
def test_a_search_that_was_interrupted_comes_to_the_same_trials(tmp_path: Path, sampler: str) -> None:
    record = replace(made_record(), sampler=sampler)  # type: ignore[arg-type]
    whole = searched(tmp_path / "whole", record, 16)
    assert searched(tmp_path / "parts", record, 16, at_once=3) == whole
    rates = [result.values["model.learning_rate"] for result in whole]
    assert len({*rates}) == 16
    other = searched(tmp_path / "other", replace(record, seed=1), 3)
    assert {result.values["model.learning_rate"] for result in other}.isdisjoint(rates)


def test_values_are_those_of_the_space(tmp_path: Path) -> None:
    space = {
        "whole": Dimension(2, 8, step=3),
        "steps": Dimension(0.0, 1.0, step=0.25),
        "log": Dimension(1e-4, 1e-1, log=True),
        "any": Dimension(choices=(None, {"favor": 2}, True, 1)),
    }
    study = Study(tmp_path, replace(made_record(), space=space, sampler="random"))
    for _ in range(60):
        study.ask()
    values = [result.values for result in study.results()]
    assert {value["whole"] for value in values} == {2, 5, 8}
    assert {value["steps"] for value in values} == {0.0, 0.25, 0.5, 0.75, 1.0}
    assert {repr(value["any"]) for value in values} == {"None", "{'favor': 2}", "True", "1"}
    # Half of the values below the geometric mean, where all but 3 % of the range lies above it.
    assert 15 < sum(value["log"] < 10**-2.5 for value in values) < 45


def test_tpe_learns_where_good_values_are(tmp_path: Path) -> None:
    at_random = searched(tmp_path / "random", replace(made_record(), sampler="random"), 40)
    chosen = searched(tmp_path / "tpe", made_record(), 40)
    assert chosen[:5] == at_random[:5], "the first ones are chosen by nothing"
    later, blind = (median(result.score or 0 for result in results[20:]) for results in (chosen, at_random))
    assert later > 0.8 > 0.7 > blind


def test_a_trial_is_told_once(tmp_path: Path) -> None:
    first, second = (Study(tmp_path, made_record()) for _ in range(2))
    number = first.ask()
    assert second.state(number) == "running"
    first.tell(number, 0.5)
    second.tell(number, failure="it was killed")
    (result,) = second.results()
    assert (result.state, result.score, result.failure) == ("finished", 0.5, "")
    assert not second.report(number, {0: 0.1})


def test_a_trial_that_failed_says_why(tmp_path: Path) -> None:
    study = Study(tmp_path, made_record())
    study.tell(study.ask(), failure="no memory")
    (result,) = study.results()
    assert (result.state, result.failure, result.score) == ("failed", "no memory", None)


@pytest.mark.parametrize(
    ("pruner", "score", "pruned"), [("median", 0.1, True), ("median", 0.9, False), ("none", 0, False)]
)
def test_a_trial_worse_than_half_of_the_others_is_to_end(
    tmp_path: Path, pruner: PrunerName, score: float, pruned: bool
) -> None:
    study = Study(tmp_path, made_record(pruner=pruner))
    for other in (0.2, 0.3, 0.4, 0.5, 0.6):
        number = study.ask()
        study.report(number, {0: other, 1: other})
        study.tell(number, other)
    number = study.ask()
    assert not study.report(number, {0: score}), "the first epoch says too little"
    assert study.report(number, {0: score, 1: score}) == pruned
    study.tell(number)
    last = study.results()[-1]
    assert (last.state, last.score, last.num_epochs) == ("pruned", score, 2)


def test_what_decides_is_important(tmp_path: Path) -> None:
    space = {name: Dimension(0.0, 1.0) for name in ("decides", "idle")}
    study = Study(tmp_path, replace(made_record(), space=space, sampler="random"))
    assert study.importances() == {}
    for _ in range(50):
        number = study.ask()
        study.tell(number, study.results()[-1].values["decides"])
    found = study.importances()
    assert found["decides"] > 0.8
    assert sum(found.values()) == pytest.approx(1)


def test_best_first_in_either_direction() -> None:
    results = [TrialResult(n, "finished", {}, score, 1) for n, score in enumerate((0.5, 0.7, 0.7, 0.2))]
    results.append(TrialResult(4, "pruned", {}, 0.9, 1))
    assert [result.number for result in best_first(results, minimizes=False)] == [1, 2, 0, 3]
    assert [result.number for result in best_first(results, minimizes=True)] == [3, 0, 1, 2]


def test_scores_of_epochs_are_read_while_they_are_written(tmp_path: Path) -> None:
    path = tmp_path / "metrics.csv"
    assert epoch_scores(path, "val_loss") == {}
    path.write_text("epoch,step,val_loss\n0,3,\n0,9,0.25\n1,19,nan\n2,29,0.75\n2,39,0.5\n3,49,0.12")
    assert epoch_scores(path, "val_loss") == {0: 0.25, 2: 0.5}
    assert epoch_scores(path, "val_macro_f1") == {}


def test_a_damaged_journal_is_refused(tmp_path: Path) -> None:
    study = Study(tmp_path, made_record())
    study.tell(study.ask(), 0.5)
    journal = tmp_path / "journal.log"
    lines = journal.read_text().splitlines(keepends=True)
    journal.write_text("".join([lines[0], "{broken\n", *lines[1:]]))
    with pytest.raises(UserError, match=r"journal\.log is damaged"):
        Study(tmp_path, made_record())
