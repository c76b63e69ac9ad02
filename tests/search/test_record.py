"""search.json: in one folder there is one search."""

from dataclasses import replace
from pathlib import Path

import pytest

from gatbert.errors import UserError
from gatbert.search.record import SearchRecord
from gatbert.search.space import Dimension
from tests.search.worker import made_record


def test_a_record_comes_back_as_it_was(tmp_path: Path) -> None:
    assert SearchRecord.read(tmp_path / "new") is None
    assert SearchRecord.read(tmp_path) is None
    record = replace(made_record("--data", "x"), without_test=True)
    record.write(tmp_path)
    there = SearchRecord.read(tmp_path)
    assert there == record
    there.check_same(record, tmp_path)
    assert there.trial_arguments == ["--data", "x", "--data.test", "null"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"sampler": "random"}, "--sampler tpe there, random now"),
        ({"score": "val_loss"}, "--score val_macro_f1 there, val_loss now"),
        ({"pruner": "median"}, "--pruner none there, median now"),
        ({"seed": 1}, "--seed 0 there, 1 now"),
        ({"space": {"y": Dimension(0, 1)}}, r"model.learning_rate has .*1e-05.* there, no values now"),
        ({"grid": made_record("--trainer.max_epochs", "3").grid}, "nothing there, --trainer.max_epochs 3 now"),
    ],
)
def test_another_search_is_refused_by_what_differs(tmp_path: Path, change: dict[str, object], message: str) -> None:
    record = made_record()
    with pytest.raises(UserError, match=message) as refused:
        record.check_same(replace(record, **change), tmp_path)  # type: ignore[arg-type]
    assert str(refused.value).endswith("; give another --output")


def test_a_choice_of_another_type_is_another(tmp_path: Path) -> None:
    """To Python, 1 and True are equal, and to an option they are not."""
    ones = [replace(made_record(), space={"x": Dimension(choices=(one, 2))}) for one in (1, True)]
    with pytest.raises(UserError, match=r"x has \[1, 2\] there, \[true, 2\] now"):
        ones[0].check_same(ones[1], tmp_path)


def test_a_folder_of_something_else_and_a_damaged_record_are_refused(tmp_path: Path) -> None:
    (tmp_path / "search.json").write_text("{")
    with pytest.raises(UserError, match=r"search\.json"):
        SearchRecord.read(tmp_path)
    (tmp_path / "search.json").rename(tmp_path / "other.json")
    with pytest.raises(UserError, match="holds something else"):
        SearchRecord.read(tmp_path)


def test_less_of_a_loss_is_better() -> None:
    assert made_record().selection == {"checkpoint.monitor": "val_macro_f1", "checkpoint.mode": "max"}
    loss = replace(made_record(), score="val_loss")
    assert loss.selection == {"checkpoint.monitor": "val_loss", "checkpoint.mode": "min"}
