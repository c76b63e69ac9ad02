"""Scores order concepts as the model of torch_geometric does."""

from typing import get_args

import pytest
import torch

from gatbert.knowledge.embedding.scorer import Scorer
from gatbert.knowledge.embedding.settings import KgeModelName

MODELS = get_args(KgeModelName)


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
