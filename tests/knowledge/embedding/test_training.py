"""Knowledge-graph embeddings: scores against torch_geometric, ranks against the definition, and what is learnt."""

import json
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from gatbert.errors import UserError
from gatbert.knowledge import KnowledgeGraph
from gatbert.knowledge.concept_vectors import ConceptVectors
from gatbert.knowledge.embedding.settings import EmbeddingSettings, KgeModelName
from gatbert.knowledge.embedding.training import embed_graph
from gatbert.samples.sentinels import NO_VECTOR
from tests.knowledge.dump import graph_of

MODELS = get_args(KgeModelName)


@pytest.mark.slow
def test_what_follows_from_other_facts_is_learnt(circle: KnowledgeGraph, tmp_path: Path) -> None:
    """A rotation fits steps on a circle; a diagonal bilinear form cannot even tell there from back."""
    rotation, diagonal = (
        embed_graph(circle, tmp_path / name, EmbeddingSettings(model=name, size=32, batch_size=64, patience=20))
        for name in ("RotatE", "DistMult")
    )
    assert rotation.mrr > 0.9
    assert diagonal.hits_at_1 < 0.6


def test_vectors_are_found_by_phrase_and_the_same_each_time(circle: KnowledgeGraph, tmp_path: Path) -> None:
    settings = EmbeddingSettings(model="ComplEx", size=8, epochs=2, batch_size=64)
    for name in ("one", "two"):
        ranking = embed_graph(circle, tmp_path / name, settings, device="cpu")
    one, two = (ConceptVectors(str(tmp_path / name)) for name in ("one", "two"))
    phrases = [circle.label(concept) for concept in range(len(circle))]
    assert (one.rows(phrases) != NO_VECTOR).all()
    assert one.size == 8
    np.testing.assert_array_equal(one.take(one.rows(phrases)), two.take(two.rows(phrases)))
    meta = json.loads((tmp_path / "two" / "embedding.json").read_text())
    assert meta["test"]["mrr"] == ranking.mrr
    assert meta["graph_checksum"] == circle.checksum


def test_what_cannot_be_done_is_refused(circle: KnowledgeGraph, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="size 7 is odd"):
        EmbeddingSettings(model="RotatE", size=7)
    with pytest.raises(UserError, match="epochs 0"):
        EmbeddingSettings(epochs=0)
    with pytest.raises(UserError, match="device 'abacus' cannot be used"):
        embed_graph(circle, tmp_path / "out", EmbeddingSettings(), device="abacus")
    with pytest.raises(UserError, match="exists already"):
        embed_graph(circle, tmp_path, EmbeddingSettings())
    (tmp_path / "few").mkdir()
    few = graph_of(tmp_path / "few", [("a", "IsA", "b"), ("b", "IsA", "c"), ("c", "IsA", "d")])
    with pytest.raises(UserError, match="3 facts, too few"):
        embed_graph(few, tmp_path / "out", EmbeddingSettings())
    assert not (tmp_path / "out").exists()
