"""A checkpoint is opened with the data that gatbert test would test it on, with its own weights."""

from pathlib import Path

import numpy as np
import pytest

import gatbert
from gatbert.cli.tested_model import open_test, read_samples
from gatbert.errors import UserError
from tests.command_line import rows_of
from tests.tiny import corpus_rows, write_corpus


def test_the_trained_weights_answer_as_in_the_test(run_folder: Path, data: Path) -> None:
    model, opened = open_test(str(run_folder / "checkpoints" / "last.ckpt"), ["--data", str(data)])
    samples = read_samples(opened, "test")
    assert [sample.id for sample in samples] == [row["id"] for row in rows_of(run_folder / "predictions.test.csv")]
    found = model.logits(model.preprocessor.encode(samples)).softmax(-1).numpy()
    again = gatbert.load(run_folder / "checkpoints" / "last.ckpt")
    expected = again.predict([sample.text for sample in samples], [sample.target for sample in samples])
    np.testing.assert_allclose(found, [[*row.values()] for row in expected], atol=1e-6)


def test_samples_are_changed_as_the_arguments_say(run_folder: Path, data: Path) -> None:
    changed = ["--data", str(data), "--data.transforms", "[mask_text]"]
    _, opened = open_test(str(run_folder / "checkpoints" / "last.ckpt"), changed)
    assert {word for sample in read_samples(opened, "val") for word in sample.text.split()} == {"[MASK]"}


def test_what_is_not_there_is_named(run_folder: Path, encoder: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"checkpoint .*no\.ckpt does not exist"):
        open_test(str(tmp_path / "no.ckpt"), [])
    test = str(write_corpus(tmp_path / "test.csv", corpus_rows(9)))
    given = ["--data", "SplitDataModule", "--data.test", test]
    _, opened = open_test(str(run_folder / "checkpoints" / "last.ckpt"), given)
    with pytest.raises(UserError, match=r"the train split has no samples; give data\.train, or another --split"):
        read_samples(opened, "train")
