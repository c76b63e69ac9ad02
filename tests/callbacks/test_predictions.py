"""Prediction files hold each sample once, in the order of the corpus, whoever saw it when."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from gatbert.batches import REPEATED
from gatbert.callbacks import PredictionWriter
from gatbert.evaluation.predictions import read_predictions
from gatbert.samples import Sample
from gatbert.samples.stances import STANCES

SAMPLES = [Sample(f"p{number}", "a text", "zoos", STANCES[number % 3]) for number in range(5)]
MODULE: Any = SimpleNamespace(stances=STANCES)


def trainer(folder: Path, command: str) -> Any:
    """Return what the callback asks of a trainer."""
    return SimpleNamespace(
        state=SimpleNamespace(fn=command),
        world_size=1,
        is_global_zero=True,
        log_dir=str(folder),
        loggers=[],
        datamodule=SimpleNamespace(samples=lambda split: SAMPLES),
    )


def batches() -> list[tuple[Any, Any]]:
    """Return batches with the probabilities of their samples, shuffled, one of them repeated to fill the last."""
    rows = torch.eye(3)
    indices = (torch.tensor([3, 0, 4]), torch.tensor([2, 1, REPEATED]))
    return [(SimpleNamespace(sample_index=index), rows[index % 3]) for index in indices]


def test_samples_stand_in_the_order_of_the_corpus(tmp_path: Path) -> None:
    writer = PredictionWriter()
    for batch, probabilities in batches():
        writer.on_test_batch_end(trainer(tmp_path, "test"), MODULE, probabilities, batch)
    writer.on_test_end(trainer(tmp_path, "test"), MODULE)
    found = read_predictions(tmp_path / "predictions.test.csv")
    assert found.ids.tolist() == [sample.id for sample in SAMPLES]
    assert found.predicted.tolist() == [0, 1, 2, 0, 1]


@pytest.mark.parametrize(("command", "files"), [("fit", []), ("validate", ["predictions.val.csv"])])
def test_the_validations_of_a_training_write_nothing(tmp_path: Path, command: str, files: list[str]) -> None:
    writer = PredictionWriter()
    for batch, probabilities in batches():
        writer.on_validation_batch_end(trainer(tmp_path, command), MODULE, probabilities, batch)
    writer.on_validation_end(trainer(tmp_path, command), MODULE)
    assert [path.name for path in tmp_path.iterdir()] == files
