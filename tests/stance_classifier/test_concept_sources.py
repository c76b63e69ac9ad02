"""Where vectors of concepts come from, by the options."""

from pathlib import Path

import pytest
import torch
from torch import nn

from gatbert.pretrained.encoders import load_encoder
from gatbert.pretrained.text_reader import open_reader
from gatbert.stance_classifier import HybridClassifier
from gatbert.stance_classifier.concept_sources import open_vectors, preprocessor_arguments, vector_options, vector_size
from gatbert.stance_classifier.options import build_classifier, with_reader
from tests.graphs import RELATIONS
from tests.tiny import save_encoder


def test_the_encoder_of_definitions_is_the_pretrained_one_unless_another_is_named() -> None:
    definition = {"concept_embeddings": "definition", "pooling": "mean"}
    assert with_reader(definition, "base") == {**definition, "concept_vectors": "base"}
    assert with_reader({**definition, "concept_vectors": "other"}, "base")["concept_vectors"] == "other"
    assert with_reader({"concept_embeddings": "subwords"}, "base") == {"concept_embeddings": "subwords"}
    assert vector_options(with_reader(definition, "base")).reader == "base"
    assert vector_options({"concept_embeddings": "kge", "concept_vectors": "folder"}).reader is None


def test_a_size_that_is_known_opens_nothing(encoder: str) -> None:
    nowhere = vector_options({"concept_embeddings": "definition", "concept_vectors": "./nowhere/at/all"})
    assert vector_size(nowhere, 7) == 7
    assert vector_size(vector_options({}), 7) is None
    here = vector_options({"concept_embeddings": "definition", "concept_vectors": encoder})
    assert vector_size(here) == 16
    assert open_vectors(here) is open_reader(encoder)


def test_a_preprocessor_is_told_of_a_file_or_of_an_encoder() -> None:
    assert preprocessor_arguments({"max_concepts": 3}) == {}
    options = {"concept_embeddings": "file", "concept_vectors": "mine.txt"}
    assert [*preprocessor_arguments(options)] == ["concept_vectors"]
    assert [*preprocessor_arguments({**options, "concept_embeddings": "definition"})] == ["reader"]


@pytest.mark.parametrize("hidden_size", [16, 32])
def test_readings_start_as_embeddings_of_the_length_of_words(encoder: str, tmp_path: Path, hidden_size: int) -> None:
    other = {"num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 8, "max_position_embeddings": 64}
    reader = save_encoder(tmp_path / "reader", config={**other, "hidden_size": hidden_size})
    options = {"concept_embeddings": "definition", "concept_vectors": reader}
    built = build_classifier(HybridClassifier, load_encoder(encoder), 3, RELATIONS, options)
    assert isinstance(built, HybridClassifier)
    projection = built.embeddings.projection
    assert projection is not None
    words = built.encoder.get_input_embeddings()
    assert isinstance(words, nn.Embedding)
    scale = words.weight.norm(dim=1).mean()
    weight = projection.weight / scale
    # Where sizes agree the map changes nothing but the length; else rows stand upright on each other.
    torch.testing.assert_close(weight @ weight.T, torch.eye(16), atol=1e-5, rtol=0)
    assert (hidden_size == 16) == torch.allclose(weight[:, :16], torch.eye(16), atol=1e-6)
    assert not projection.bias.any()
