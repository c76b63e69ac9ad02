"""Prediction files are read as they were written, and refused where they were not."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from gatbert.errors import UserError
from gatbert.evaluation.predictions import UNKNOWN_STANCE, read_predictions, write_predictions
from gatbert.samples import Sample
from gatbert.samples.stances import STANCES

SAMPLES = [
    Sample("a", "x", 'a "quoted", target', "favor", {"irony": "yes", "place": "line\u2028break"}),
    Sample("b", "x", "two\nlines", None, {"irony": "no"}),
    Sample("c", "x", "zoos", "against", {}),
]
PROBABILITIES = torch.tensor([[0.2, 0.5, 0.3], [1.0, 0.0, 0.0], [1 / 3, 1 / 3, 1 / 3]])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "predictions.test.csv"
    write_predictions(path, SAMPLES, dict(enumerate(PROBABILITIES)), STANCES)
    return path


def test_what_was_written_is_read(path: Path) -> None:
    found = read_predictions(path)
    assert found.stances == STANCES
    assert found.ids.tolist() == ["a", "b", "c"]
    assert found.targets.tolist() == [sample.target for sample in SAMPLES]
    assert found.gold.tolist() == [1, UNKNOWN_STANCE, 0]
    assert found.predicted.tolist() == [1, 0, 0]
    assert found.probabilities is not None
    np.testing.assert_allclose(found.probabilities, PROBABILITIES.numpy(), rtol=1e-7)
    assert {flag: values.tolist() for flag, values in found.flags.items()} == {
        "irony": ["yes", "no", ""],
        "place": ["line\u2028break", "", ""],
    }
    assert found.taken(np.array([2, 0])).ids.tolist() == ["c", "a"]


def test_an_unknown_stance_is_no_index_and_counts_nowhere(path: Path) -> None:
    found = read_predictions(path)
    for array in (np.zeros(3), np.zeros(1_000_000, np.bool_)):
        with pytest.raises(IndexError):
            array[found.gold]
    with pytest.raises(ValueError, match="negative"):
        np.bincount(found.gold)
    assert (found.known.tolist(), found.cells.tolist()) == ([0, 2], [4, 0])
    assert found.confusion.tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 0]]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda text: text[:-9], "cut off in its last line"),
        (lambda text: text.replace("favor,favor,", "favor,", 1), "row 2 has 8 fields of 9"),
        (lambda text: text.replace("favor,favor,", "pro,favor,", 1), "row 2 has gold 'pro'; accepted are against"),
        (lambda text: text.replace("favor,favor,", "favor,,", 1), "row 2 has predicted ''"),
        (lambda text: text.replace("0.5,", "0.9,", 1), "row 2 has probabilities that do not sum to 1"),
        (lambda text: text.replace("0.5,", "half,", 1), "row 2 has the probability 'half', which is no number"),
        (lambda text: text.replace("\nb,", "\nb" + 140_000 * "x" + ","), "row 3 cannot be read: field larger than"),
        (lambda text: text.replace("id,", 140_000 * "x"), "row 1 cannot be read: field larger than"),
        (
            lambda text: re.sub("favor,favor,[^,]*,[^,]*,[^,]*", "favor,favor,-1,2,0", text, count=1),
            "row 2 has a probability that is not between 0 and 1",
        ),
        (lambda text: text.replace("favor,favor,", "favor,neutral,", 1), "row 2 predicts another stance than the one"),
        (lambda text: text.replace("irony,place", "irony,irony"), "has two columns 'irony'"),
        (lambda text: text.replace("prob_favor", "prob_against"), "has two columns 'prob_against'"),
        (lambda text: text.replace("\nc,", "\na,"), "several samples with the id 'a'"),
        (lambda text: text.replace("prob_", "p_"), "no prediction file of gatbert"),
        (lambda text: text.split("\n")[0] + "\n", "has no predictions"),
        (lambda text: "", "no prediction file of gatbert"),
    ],
)
def test_damaged_files_are_refused(path: Path, change: Callable[[str], str], words: str) -> None:
    path.write_text(change(path.read_text()))
    with pytest.raises(UserError, match=words):
        read_predictions(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="does not exist; gatbert test and fit_and_test write it"):
        read_predictions(tmp_path / "predictions.test.csv")


def test_a_file_in_another_encoding_is_refused(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"zoos", "Zürich".encode("latin-1")))
    with pytest.raises(UserError, match="no longer UTF-8"):
        read_predictions(path)
