"""The readings of definitions: each text once, and each concept with its own."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from gatbert.batches import Encoded
from gatbert.errors import UserError
from gatbert.pretrained.text_reader import Floats, open_reader
from gatbert.samples.background import concept_texts
from gatbert.stance_classifier.readings import Readings
from tests.graphs import GRAPH, random_samples


def encoded(lengths: Sequence[int]) -> list[Encoded]:
    return [Encoded({"concept_lengths": np.ones(length, np.int32)}, size=9) for length in lengths]


def test_each_concept_has_the_reading_of_itself_and_its_definition(encoder: str) -> None:
    reader, samples = open_reader(encoder), random_samples()
    found = Readings(lambda: reader).added(encoded([len(sample.concepts) for sample in samples]), samples)
    for item, sample in zip(found, samples, strict=True):
        assert item.vectors is not None
        assert item.vectors is found[0].vectors
        rows = item.vectors[item.arrays["vector_rows"]]
        np.testing.assert_allclose(rows, reader(concept_texts(sample)), atol=1e-6)


def test_a_text_is_read_once_and_not_beyond_the_cut(encoder: str) -> None:
    read: list[str] = []

    class Recorded:
        size, sha256 = 2, "abc"

        def __call__(self, texts: Sequence[str]) -> Floats:
            read.extend(texts)
            return np.ones((len(texts), 2), np.float32)

    readings = Readings(Recorded)  # type: ignore[arg-type]  # what is asked of a reader
    readings.added(encoded([2, 2]), [GRAPH, GRAPH])
    readings.added(encoded([3]), [GRAPH])
    assert sorted(read) == ["animal: is a kind of being", "wind", "zoo: a place for animals"]


def test_many_texts_are_read_in_parts_and_progress_is_shown(
    encoder: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    samples = random_samples()
    lengths = [len(sample.concepts) for sample in samples]
    whole = Readings(lambda: open_reader(encoder)).added(encoded(lengths), samples)
    monkeypatch.setattr("gatbert.stance_classifier.readings.AT_ONCE", 4)
    parts = Readings(lambda: open_reader(encoder)).added(encoded(lengths), samples)
    assert whole[0].vectors is not None
    assert parts[0].vectors is not None
    np.testing.assert_allclose(parts[0].vectors, whole[0].vectors, atol=1e-6)
    assert "read definitions" in capsys.readouterr().err


def test_samples_without_concepts_have_no_rows_and_ones_without_definitions_are_refused(encoder: str) -> None:
    readings = Readings(lambda: open_reader(encoder))
    (item,) = readings.added(encoded([0]), [random_samples()[2]])
    assert item.vectors is not None
    assert (item.vectors.shape, item.arrays["vector_rows"].shape) == ((0, 16), (0,))
    with pytest.raises(UserError, match="tag --definitions true"):
        readings.added(encoded([3]), [replace(GRAPH, definitions=())])
