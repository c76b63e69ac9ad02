"""Options are checked against the constructor of the classifier."""

from pathlib import Path
from typing import Any

import pytest

from gatbert.errors import UserError
from gatbert.pretrained.encoders import load_encoder, load_tokenizer
from gatbert.stance_classifier import (
    ConcatClassifier,
    ExternalClassifier,
    HybridClassifier,
    StanceClassifier,
    TextClassifier,
)
from gatbert.stance_classifier.external import ExternalPreprocessor
from gatbert.stance_classifier.options import build_classifier, build_preprocessor, resolve_options
from tests.classifiers import BagOfConcepts, BagOfTokens
from tests.graphs import RELATIONS, random_samples


def test_defaults_are_filled_in_and_given_options_kept() -> None:
    assert resolve_options(TextClassifier, {}) == {
        "pooling": "first",
        "head_dropout": 0.1,
        "head_layers": 1,
        "head_hidden_size": None,
    }
    assert resolve_options(BagOfTokens, {"hidden_size": 3}) == {"hidden_size": 3, "num_graph_layers": 1}
    assert resolve_options(BagOfConcepts, {"concept_embeddings": "kge", "concept_vectors": "mine"}) == {
        "depth": 0,
        "concept_embeddings": "kge",
        "concept_vectors": "mine",
    }
    assert resolve_options(BagOfConcepts, {"concept_embeddings": "kge", "concept_vectors": "mine"}) == {
        "depth": 0,
        "concept_embeddings": "kge",
        "concept_vectors": "mine",
    }


@pytest.mark.parametrize(
    ("classifier", "given", "words"),
    [
        (
            TextClassifier,
            {"depth": 2},
            "takes no option depth; it takes pooling, head_dropout, head_layers, head_hidden_size",
        ),
        (TextClassifier, {"pooling": "seeds"}, "pooling"),
        (BagOfTokens, {"hidden_size": "wide"}, "hidden_size"),
        (BagOfConcepts, {"concept_embeddings": "words"}, "concept_embeddings"),
        (BagOfConcepts, {"concept_vector_size": 3}, "it takes depth, concept_embeddings, concept_vectors"),
        (StanceClassifier, {}, "abstract"),
    ],
)
def test_wrong_options_are_refused(classifier: type[StanceClassifier], given: dict[str, object], words: str) -> None:
    with pytest.raises(UserError, match=words):
        resolve_options(classifier, given)


@pytest.mark.parametrize("kind", [ExternalClassifier, ConcatClassifier, HybridClassifier, BagOfConcepts])
def test_networks_are_handed_relations_and_sizes(kind: type[StanceClassifier], encoder: str, tmp_path: Path) -> None:
    def build(**options: Any) -> Any:
        return build_classifier(kind, load_encoder(encoder), 3, RELATIONS, options, concept_vector_size=5)

    vectors = str(tmp_path / "mine.txt")
    assert build().embeddings.projection is None
    assert build(concept_vector_size=7).embeddings.projection is None
    options = {"concept_embeddings": "file", "concept_vectors": vectors}
    assert build(**options).embeddings.projection.in_features == 5  # where it is known, there need be no file
    with pytest.raises(UserError, match=r"mine\.txt does not exist"):
        build_classifier(kind, load_encoder(encoder), 3, RELATIONS, options)
    (tmp_path / "mine.txt").write_text("zoo 1 2 3 4\n")
    read = build_classifier(kind, load_encoder(encoder), 3, RELATIONS, options)
    assert read.embeddings.projection.in_features == 4  # type: ignore[union-attr]  # of the kinds that have it


def test_vectors_are_opened_when_a_concept_is_looked_up(encoder: str, tmp_path: Path) -> None:
    options = {"concept_embeddings": "file", "concept_vectors": str(tmp_path / "mine.txt"), "max_concepts": 2}
    preprocessor = build_preprocessor(BagOfConcepts, load_tokenizer(encoder), 48, options)
    assert isinstance(preprocessor, ExternalPreprocessor)
    assert preprocessor.max_concepts == 2
    with pytest.raises(UserError, match=r"mine\.txt does not exist"):
        preprocessor.encode(random_samples())
