"""Ranks are filtered, and ties are no luck."""

from typing import get_args

import numpy as np
import pytest
import torch

from gatbert.knowledge import KnowledgeGraph
from gatbert.knowledge.embedding.facts import KnownFacts, graph_facts
from gatbert.knowledge.embedding.ranking import rank
from gatbert.knowledge.embedding.scorer import Scorer
from gatbert.knowledge.embedding.settings import KgeModelName

MODELS = get_args(KgeModelName)


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
