"""Knowledge-graph embeddings: scores against torch_geometric, ranks against the definition, and what is learnt."""

import json
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
import torch

from gatbert.errors import UserError
from gatbert.knowledge import KnowledgeGraph
from gatbert.knowledge.concept_vectors import ConceptVectors
from gatbert.knowledge.embedding.facts import KnownFacts, graph_facts
from gatbert.knowledge.embedding.ranking import rank
from gatbert.knowledge.embedding.scorer import Scorer
from gatbert.knowledge.embedding.settings import EmbeddingSettings, KgeModelName
from gatbert.knowledge.embedding.training import embed_graph
from gatbert.samples.sentinels import NO_VECTOR
from tests.knowledge.dump import graph_of

MODELS = get_args(KgeModelName)
STEPS = (1, 2, 3, 5, 7, 11)


@pytest.fixture
def circle(tmp_path: Path) -> KnowledgeGraph:
    """Concepts in a circle; each relation leads some steps on, so that every fact follows from others."""
    size = 60
    return graph_of(tmp_path, [(f"c{i}", f"On{step}", f"c{(i + step) % size}") for i in range(size) for step in STEPS])


@pytest.fixture
def mixed(tmp_path: Path) -> KnowledgeGraph:
    """Directed, symmetric and parallel facts, several answers to one question."""
    triples = [("a", "Causes", "b"), ("a", "Causes", "c"), ("b", "IsA", "c"), ("b", "Causes", "c"), ("c", "IsA", "b")]
    return graph_of(tmp_path, [*triples, ("a", "RelatedTo", "d"), ("d", "RelatedTo", "b"), ("e", "IsA", "a")])


def test_each_fact_comes_once(mixed: KnowledgeGraph) -> None:
    facts = graph_facts(mixed)
    names = mixed.relations.names
    columns = (facts.heads.tolist(), facts.relations.tolist(), facts.tails.tolist())
    found = [
        (mixed.label(head), names[relation], mixed.label(tail)) for head, relation, tail in zip(*columns, strict=True)
    ]
    assert len(found) == len(set(found)) == mixed.num_edges
    directed = {fact for fact in found if fact[1] != "RelatedTo"}
    assert directed == {
        ("a", "Causes", "b"),
        ("a", "Causes", "c"),
        ("b", "Causes", "c"),
        ("b", "IsA", "c"),
        ("c", "IsA", "b"),
        ("e", "IsA", "a"),
    }
    assert {frozenset((head, tail)) for head, name, tail in found if name == "RelatedTo"} == {
        frozenset("ad"),
        frozenset("bd"),
    }


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("find_tails", [True, False])
def test_scores_order_concepts_as_the_model_of_torch_geometric(name: KgeModelName, find_tails: bool) -> None:
    torch.manual_seed(0)
    scorer = Scorer(name, 11, 3, 8)
    known, relations, every = torch.tensor([4, 0, 7, 4]), torch.tensor([2, 0, 1, 1]), torch.arange(11)
    scores = scorer.scores(scorer.concepts(), known, relations, find_tails)
    for row, end, relation in zip(scores, known, relations, strict=True):
        ends = (end.expand(11), every) if find_tails else (every, end.expand(11))
        expected = scorer.model(ends[0], relation.expand(11), ends[1])
        torch.testing.assert_close(row - row[0], expected - expected[0], atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("name", MODELS)
def test_ranks_are_filtered(name: KgeModelName, mixed: KnowledgeGraph) -> None:
    torch.manual_seed(1)
    facts = graph_facts(mixed)
    scorer = Scorer(name, len(mixed), len(mixed.relations.names), 6)
    rows = list(zip(facts.heads.tolist(), facts.relations.tolist(), facts.tails.tolist(), strict=True))
    ranks = []
    for head, relation, tail in rows:
        for place in (0, 2):
            candidates = [(head, relation, c) if place else (c, relation, tail) for c in range(len(mixed))]
            candidates = [fact for fact in candidates if fact not in rows or fact == (head, relation, tail)]
            scores = scorer.model(*torch.tensor(candidates).T)
            own = scores[candidates.index((head, relation, tail))]
            ranks.append(1 + int((scores > own + 1e-6).sum()))
    ranking = rank(scorer, facts, KnownFacts(facts, len(mixed)))
    assert ranking.mrr == pytest.approx(np.mean(1 / np.array(ranks)))
    assert ranking.mean_rank == pytest.approx(np.mean(ranks))
    assert ranking.hits_at_1 == pytest.approx(np.mean(np.array(ranks) == 1))


def test_ties_rank_in_the_middle(mixed: KnowledgeGraph) -> None:
    facts = graph_facts(mixed)
    scorer = Scorer("DistMult", len(mixed), len(mixed.relations.names), 4)
    torch.nn.init.zeros_(scorer.model.node_emb.weight)
    ranking = rank(scorer, facts, KnownFacts(facts, len(mixed)))
    assert 2 < ranking.mean_rank <= 3  # five concepts at most, all alike: nobody gets rank 1 for nothing
    assert ranking.hits_at_1 == 0


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
