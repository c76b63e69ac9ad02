"""How well facts that were held out are told from others: the rank of the true end among all concepts."""

from typing import NamedTuple

import torch
from torch import Tensor

from gatbert.knowledge.embedding.facts import Facts, KnownFacts
from gatbert.knowledge.embedding.scorer import Scorer

SCORES_AT_ONCE = 1 << 25
"""Scores of a block of queries against all concepts that are held at once."""


class Ranking(NamedTuple):
    """How well the missing end of a fact is found among all concepts, over both ends of all facts.

    Attributes:
        mrr: Mean reciprocal rank, 0 to 1.
        hits_at_1: Share of ranks up to 1.
        hits_at_3: Share of ranks up to 3.
        hits_at_10: Share of ranks up to 10.
        mean_rank: Mean rank, 1 or more.
    """

    mrr: float
    hits_at_1: float
    hits_at_3: float
    hits_at_10: float
    mean_rank: float


def rank(scorer: Scorer, facts: Facts, known: KnownFacts) -> Ranking:
    """Rank the true end of each fact among all concepts that do not make another fact, for both ends.

    Among equal scores the rank is the mean of the best and the worst, as in Ruffinelli et al. 2020, You CAN Teach an
    Old Dog New Tricks! (https://openreview.net/forum?id=BkxSmlBFvr).

    Args:
        scorer: Trained scorer.
        facts: Facts that were held out; at least one.
        known: All facts, these included: the filter of Bordes et al. 2013.
    """
    ranks = torch.cat([_ranks(scorer, facts, known, find_tails) for find_tails in (True, False)])
    hits = [float((ranks <= at).double().mean()) for at in (1, 3, 10)]
    return Ranking(float((1 / ranks).mean()), hits[0], hits[1], hits[2], float(ranks.mean()))


def _ranks(scorer: Scorer, facts: Facts, known: KnownFacts, find_tails: bool) -> Tensor:
    """Return the rank of the tail or the head of each fact ``(facts,)``, float64."""
    concepts = scorer.concepts()
    ends, answers = (facts.heads, facts.tails) if find_tails else (facts.tails, facts.heads)
    ranks = []
    for block in torch.split(torch.arange(len(ends)), max(1, SCORES_AT_ONCE // len(concepts))):
        # (block,)
        known_ends, relations, answer = ends[block], facts.relations[block], answers[block]
        # (block, concepts); (block, 1) of the true end
        scores = scorer.scores(concepts, known_ends.to(concepts.device), relations.to(concepts.device), find_tails)
        own = scores.gather(1, answer.to(scores.device).unsqueeze(-1))
        # All other true ends, and this one, are out of the race: (answers,) rows and concepts
        others = known.answers(known_ends.numpy(), relations.numpy(), find_tails)
        scores[tuple(torch.from_numpy(index).to(scores.device) for index in others)] = -torch.inf
        # (block,)
        ranks.append(1 + (scores > own).sum(-1).double().cpu() + (scores == own).sum(-1).double().cpu() / 2)
    return torch.cat(ranks)
