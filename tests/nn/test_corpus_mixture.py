"""Weights and stances of the corpora of a mix."""

import torch

from gatbert.corpora.splits.given_splits import GivenSplits
from gatbert.corpora.splits.mixed_splits import splits_from_options
from gatbert.nn.corpus_mixture import CorpusMixture


def test_a_sample_has_the_stances_of_its_corpus() -> None:
    corpora = [{"name": "two", "train": "a", "stances": ["favor", "against"], "weight": 3}, {"train": "b"}]
    mixture = CorpusMixture(3)
    mixture.use(splits_from_options({"corpora": corpora}))
    logits = torch.randn(3, 3)
    found = mixture(logits, torch.tensor([0, 1, 0]))
    assert found[:, :2].equal(logits[:, :2])
    assert found[:, 2].isinf().tolist() == [True, False, True]
    assert found.softmax(-1)[[0, 2], 2].tolist() == [0, 0]
    assert mixture.weights.tolist() == [3, 1]
    assert not mixture.state_dict()  # checkpoints know nothing of it


def test_one_corpus_leaves_logits_as_they_are() -> None:
    logits, index = torch.randn(2, 3), torch.zeros(2, dtype=torch.int64)
    mixture = CorpusMixture(3)
    assert mixture(logits, index).equal(logits)
    mixture.use(GivenSplits(train="a"))
    assert mixture(logits, index).equal(logits)
    assert mixture.weights.tolist() == [1]
