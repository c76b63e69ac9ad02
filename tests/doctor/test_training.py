"""The time that a run takes: its length is counted as the trainer counts it, its steps are measured."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from gatbert.doctor.asked_run import AskedRun
from gatbert.doctor.training import _Clock, _duration, _Length, _limited, look_at_training


@pytest.mark.parametrize(
    ("batches", "limit", "left"),
    [(10.0, None, 10), (10.0, 1.0, 10), (10.0, 0.25, 2), (10.0, 4, 4), (4.0, 10, 4), (2.5, 1.0, 3), (3.0, 0.1, 1)],
)
def test_limits_are_numbers_or_shares(batches: float, limit: float | None, left: int) -> None:
    assert _limited(batches, limit) == left


@pytest.mark.parametrize(
    ("seconds", "words"), [(5.4, "5 s"), (119, "119 s"), (180, "3.0 min"), (5400, "90.0 min"), (9000, "2.5 h")]
)
def test_times_are_told_in_their_unit(seconds: float, words: str) -> None:
    assert _duration(seconds) == words


def test_the_first_batches_are_not_counted() -> None:
    clock = _Clock(5)
    clock.ends = [10.0, 20.0, 21.0, 22.0, 23.0]
    assert clock.seconds_after(2) == 1.0


def test_the_training_ends_with_the_last_batch_that_is_measured() -> None:
    clock, trainer = _Clock(2), SimpleNamespace(should_stop=False)
    for expected in (False, True):
        clock.on_train_batch_end(trainer)  # type: ignore[arg-type]
        assert trainer.should_stop is expected


@pytest.mark.parametrize(
    ("args", "epochs", "least", "batches"),
    [
        ([], 2, 2, 5 + 1 / 3),
        (["--trainer.max_epochs", "20", "--early_stopping.patience", "3"], 20, 4, 5 + 1 / 3),
        (["--trainer.max_epochs", "-1", "--trainer.max_steps", "10"], 2, 2, 5 + 1 / 3),
        (
            ["--trainer.max_epochs", "-1", "--trainer.max_steps", "5", "--trainer.accumulate_grad_batches", "4"],
            4,
            4,
            5 + 1 / 3,
        ),
        (["--trainer.limit_train_batches", "3", "--trainer.limit_val_batches", "0"], 2, 2, 3),
    ],
)
def test_a_run_is_as_long_as_its_trainer_says(
    args: list[str], epochs: float, least: float, batches: float, common: list[str], tmp_path: Path
) -> None:
    run = AskedRun("fit", [*common, *args, "--data.cache_dir", str(tmp_path / "cache")])
    run.cli.build()
    run.cli.datamodule.prepare_data()
    length = _Length.of(run.cli)
    assert (length.epochs, length.least_epochs) == (epochs, least)
    assert length.batches == pytest.approx(batches)


def test_a_training_without_end_is_told(common: list[str]) -> None:
    args = ["--trainer.max_epochs", "-1", "--model.schedule", "constant"]
    (finding,) = look_at_training(AskedRun("fit", [*common, *args], steps=1))
    assert (finding.state, finding.what) == ("warning", "the training has no end")
