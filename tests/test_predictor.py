"""Predictions from Python: any iterable, in its order, in batches, by nobody's leave but the user's."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gatbert
from gatbert.batches import Batch, Encoded
from gatbert.errors import UserError
from gatbert.predictor import StancePredictor
from gatbert.samples import Sample
from tests.command_line import CommandLine
from tests.tiny import WORDS


@pytest.fixture
def model(run_folder: Path) -> StancePredictor:
    """A trained classifier."""
    return gatbert.load(run_folder / "checkpoints" / "last.ckpt")


def values(found: list[dict[str, float]]) -> Any:
    return np.array([list(one.values()) for one in found])


def test_one_string_is_one_text(model: StancePredictor) -> None:
    (alone,) = model.predict("good zoo", "zoo")
    assert alone == model.predict(["good zoo"], ["zoo"])[0]
    assert list(alone) == ["against", "favor", "neutral"]
    assert sum(alone.values()) == pytest.approx(1)


def test_batches_of_any_size_and_any_iterable_give_the_same_in_the_same_order(
    model: StancePredictor, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [" ".join(WORDS[: 1 + index % 20]) + f" {WORDS[index % 40]}" for index in range(60)]
    targets = [WORDS[index % 7] for index in range(60)]

    def generated() -> Iterator[str]:
        yield from texts

    singles = values([model.predict(text, target)[0] for text, target in zip(texts, targets, strict=True)])
    monkeypatch.setattr("gatbert.predictor.AT_ONCE", 16)
    for size in (1, 7, 64, 1000):
        np.testing.assert_allclose(values(model.predict(generated(), iter(targets), size)), singles, atol=1e-6)
    assert model.predict([], "zoo") == []


def test_no_more_texts_are_computed_together_than_asked_for(
    model: StancePredictor, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = []
    collate = model.preprocessor.collate

    def record(encoded: Sequence[Encoded]) -> Batch:
        sizes.append(len(encoded))
        return collate(encoded)

    monkeypatch.setattr(model.preprocessor, "collate", record)
    model.predict(["good"] * 130, "zoo")
    assert sizes == [64, 64, 2]


@pytest.mark.parametrize(
    ("texts", "targets", "words"),
    [
        (["good", None], "zoo", "text 2 is a NoneType"),
        (["good", " "], "zoo", "text 2 is empty"),
        (["good"], [7], "target 1 is a int"),
        (["good"], "", "target 1 is empty"),
        (["good", "bad"], ["zoo"], "1 targets and more texts"),
        (["good"], ["zoo", "homework"], "1 texts and more targets"),
    ],
)
def test_what_cannot_be_predicted_is_named(model: StancePredictor, texts: Any, targets: Any, words: str) -> None:
    with pytest.raises(UserError, match=words):
        model.predict(texts, targets)


def test_ones_own_classifier_is_loaded_only_by_name(
    command_line: CommandLine, common: list[str], tmp_path: Path
) -> None:
    own = "tests.classifiers.BagOfTokens"
    command_line("fit", *common, "--trainer.max_epochs", "1", "--classifier", own)
    checkpoint = tmp_path / "results" / "gatbert" / "v1" / "checkpoints" / "last.ckpt"
    with pytest.raises(UserError, match=f"asks for the classifier {own}"):
        gatbert.load(checkpoint)
    assert len(gatbert.load(checkpoint, classifier=own).predict("good zoo", "zoo")) == 1
    with pytest.raises(UserError, match=r"not with gatbert\.stance_classifier\.TextClassifier"):
        gatbert.load(checkpoint, classifier="Text")


def test_what_training_hid_is_hidden_from_predictions_too(
    command_line: CommandLine, common: list[str], tmp_path: Path
) -> None:
    command_line("fit", *common, "--trainer.max_epochs", "1", "--data.transforms", "[mask_target]")
    model = gatbert.load(tmp_path / "results" / "gatbert" / "v1" / "checkpoints" / "last.ckpt")
    one, other = (model.predict("good bad help", target)[0] for target in ("zoo", "tax"))
    assert one == other


def test_texts_are_tagged_in_the_language_that_is_given(model: StancePredictor) -> None:
    asked: list[str | None] = []

    def tag(sample: Sample) -> Sample:
        asked.append(sample.meta.get("language"))
        return sample

    model.tag = tag
    assert model.predict("good zoo", "zoo") == model.predict("good zoo", "zoo", language="de")
    assert asked == [None, "de"]
