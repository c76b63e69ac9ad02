"""Learning curves: as far as they go, and a damaged row is named."""

from pathlib import Path

import pytest

from gatbert.errors import UserError
from gatbert.evaluation.runs import read_run
from tests.evaluation.folders import write_run


def test_a_diverged_run_has_curves_as_far_as_they_go(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run")
    (folder / "metrics.csv").write_text("epoch,step,train_loss\n0,9,1.0\n1,19,nan\n")
    assert read_run(folder, "test").curves == {"train_loss": [(9, 1.0)]}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"step,train_loss\n9,x\n", r"metrics\.csv:2 is damaged: could not convert string to float: 'x'; remove"),
        (b"step,train_loss\n9,1\nx,2\n", r"metrics\.csv:3 is damaged: invalid literal for int\(\) with base 10: 'x'"),
        (b"step,train_loss\n9,1,2,3\n", r"metrics\.csv:2 is damaged: it has more fields than the first line"),
        (b"train_loss\n1.0\n", r"metrics\.csv:2 is damaged: it has no step"),
        (b"train_loss,step\n1.0\n", r"metrics\.csv:2 is damaged: it has no step"),
        (b"step,train_loss\n-1,1\n", r"metrics\.csv:2 is damaged: step -1 is none"),
        (b"step,train_loss\n" + b"9" * 5000 + b",1\n", r"metrics\.csv:2 is damaged"),
        (b"step,train_loss\n9," + b"9" * 140_000 + b"\n", r"metrics\.csv:\d is damaged: field larger than"),
        (b"step,train_loss\n9,\xb3\n", r"metrics\.csv:\d is damaged: .* can't decode byte 0xb3"),
    ],
)
def test_damaged_metrics_are_named(tmp_path: Path, content: bytes, words: str) -> None:
    folder = write_run(tmp_path / "run")
    (folder / "metrics.csv").write_bytes(content)
    with pytest.raises(UserError, match=words):
        read_run(folder, "test")
