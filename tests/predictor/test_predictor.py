"""Predictions from Python: any iterable, in its order, in batches, by nobody's leave but the user's."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from tests.predictor.frame import DataFrame
from tests.tiny import WORDS


@pytest.fixture
def model(run_folder: Path) -> StancePredictor:
    """A trained classifier."""
    return gatbert.load(run_folder / "checkpoints" / "last.ckpt")


def values(found: Iterable[Mapping[str, float]]) -> Any:
    return np.array([list(one.values()) for one in found])


def test_one_string_is_one_text(model: StancePredictor) -> None:
    alone = model.predict("good zoo", "zoo")
    assert [alone] == model.predict(["good zoo"], ["zoo"])
    assert list(alone) == ["against", "favor", "neutral"]
    assert sum(alone.values()) == pytest.approx(1)


def test_batches_of_any_size_and_any_iterable_give_the_same_in_the_same_order(
    model: StancePredictor, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [" ".join(WORDS[: 1 + index % 20]) + f" {WORDS[index % 40]}" for index in range(60)]
    targets = [WORDS[index % 7] for index in range(60)]

    def generated() -> Iterator[str]:
        yield from texts

    singles = values([model.predict(text, target) for text, target in zip(texts, targets, strict=True)])
    monkeypatch.setattr("gatbert.predictor.predictor.AT_ONCE", 16)
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


def test_an_iterator_is_read_as_its_predictions_are_asked_for(
    model: StancePredictor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gatbert.predictor.predictor.AT_ONCE", 4)
    read: list[str] = []

    def texts() -> Iterator[str]:
        for word in WORDS[:10]:
            read.append(word)
            yield word

    found = model.predict(texts(), "zoo")
    assert read == []
    first = next(found)
    assert read == WORDS[:4]
    assert values([first, *found]) == pytest.approx(values(model.predict(WORDS[:10], "zoo")), abs=1e-6)


def test_a_frame_gets_columns_whatever_its_own_are_called(model: StancePredictor) -> None:
    frame = DataFrame({"post": ["good", "bad"], "topic": ["zoo", "tax"], "id": [7, 8]})
    found = model.predict(frame, columns={"text": "post", "target": "topic"})
    expected = model.predict(["good", "bad"], ["zoo", "tax"])
    assert found.values["predicted"] == [one.stance for one in expected]
    assert found.values["prob_favor"] == [one["favor"] for one in expected]
    assert found.values["id"] == [7, 8]
    one_target = model.predict(DataFrame({"text": ["good"]}), "zoo", abstain_below=1.0)
    assert one_target.values["predicted"] == [None]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"targets": None}, "no targets are given"),
        ({"targets": "zoo", "batch_size": 0}, "batch_size 0 is not accepted; accepted is at least 1"),
        ({"targets": "zoo", "abstain_below": 60}, "abstain_below 60 is not accepted; accepted is 0 to 1"),
        ({"targets": ""}, "target 1 is empty"),
    ],
)
def test_what_cannot_be_predicted_is_named(model: StancePredictor, given: Any, words: str) -> None:
    with pytest.raises(UserError, match=words):
        model.predict(["good"], **given)
    with pytest.raises(UserError, match=r"the frame has no column 'target' for target"):
        model.predict(DataFrame({"text": ["good"]}))


def test_a_text_is_explained_as_it_is_predicted(model: StancePredictor) -> None:
    explained, predicted = model.explain("good zoo", "zoo"), model.predict("good zoo", "zoo")
    assert explained.probabilities == pytest.approx([*predicted.values()], abs=1e-6)
    assert explained.sample.words == ("zoo", "good", "zoo")
    with pytest.raises(UserError, match="text 1 is empty"):
        model.explain("", "zoo")


def test_ones_own_classifier_is_loaded_only_by_name(
    command_line: CommandLine, common: list[str], tmp_path: Path
) -> None:
    own = "tests.classifiers.BagOfTokens"
    command_line("fit", *common, "--trainer.max_epochs", "1", "--classifier", own)
    checkpoint = tmp_path / "results" / "gatbert" / "v1" / "checkpoints" / "last.ckpt"
    with pytest.raises(UserError, match=f"asks for the classifier {own}"):
        gatbert.load(checkpoint)
    assert len(gatbert.load(checkpoint, classifier=own).predict(["good zoo"], "zoo")) == 1
    with pytest.raises(UserError, match=r"not with gatbert\.stance_classifier\.TextClassifier"):
        gatbert.load(checkpoint, classifier="Text")


def test_what_training_hid_is_hidden_from_predictions_too(
    command_line: CommandLine, common: list[str], tmp_path: Path
) -> None:
    command_line("fit", *common, "--trainer.max_epochs", "1", "--data.transforms", "[mask_target]")
    model = gatbert.load(tmp_path / "results" / "gatbert" / "v1" / "checkpoints" / "last.ckpt")
    one, other = (model.predict("good bad help", target) for target in ("zoo", "tax"))
    assert one == other


def test_texts_are_tagged_in_the_language_that_is_given(model: StancePredictor) -> None:
    asked: list[str | None] = []

    def tag(sample: Sample) -> Sample:
        asked.append(sample.meta.get("language"))
        return sample

    model.tag = tag
    assert model.predict("good zoo", "zoo") == model.predict("good zoo", "zoo", language="de")
    assert asked == [None, "de"]
