"""Processes that collate batches change nothing: not the order, not the dropout, not a prediction."""

from pathlib import Path

import pytest

from tests.command_line import CommandLine, training_arguments


@pytest.mark.slow
def test_workers_change_no_prediction(command_line: CommandLine, encoder: str, data: Path, tmp_path: Path) -> None:
    found = []
    for num_workers in ("0", "2"):
        arguments = training_arguments(encoder, tmp_path / num_workers)
        # With dropout, whatever draws from the common generator shows.
        arguments += ["--model.head_dropout", "0.5", "--data", str(data), "--data.num_workers", num_workers]
        command_line("fit_and_test", *arguments, "--trainer.log_every_n_steps", "1", "--trainer.max_epochs", "3")
        run = tmp_path / num_workers / "gatbert" / "v1"
        found.append([(run / name).read_text() for name in ("metrics.csv", "predictions.test.csv")])
    assert min(len(text.splitlines()) for text in found[0]) > 5
    assert found[0] == found[1]
