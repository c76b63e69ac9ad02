"""What the corpora of a mix are to the loss: how much the samples of each weigh, and which stances they can have."""

import torch
from torch import Tensor, nn

from gatbert.corpora.splits.corpus_splits import CorpusSplits


class CorpusMixture(nn.Module):
    """Know the corpora of a mix; before ``use``, and for data that are no mix, there is one that has all stances.

    Args:
        num_stances: Size of the label set.
    """

    weights: Tensor
    stances: Tensor

    def __init__(self, num_stances: int) -> None:
        super().__init__()
        # Of the data, not of the model: no checkpoint holds them. (corpora,) and (corpora, stances)
        self.register_buffer("weights", torch.ones(1), persistent=False)
        self.register_buffer("stances", torch.ones(1, num_stances, dtype=torch.bool), persistent=False)

    def use(self, corpus: CorpusSplits) -> None:
        """Take weights and stances from the parts of a corpus, in their order."""
        parts, device = corpus.parts.values(), self.weights.device
        self.weights = torch.tensor([float(part.weight) for part in parts], device=device)
        has = [[stance in part.stances for stance in corpus.stances] for part in parts]
        self.stances = torch.tensor(has, device=device)

    def forward(self, logits: Tensor, corpus_index: Tensor) -> Tensor:
        """Return logits that are minus infinity for stances that a sample's corpus does not have.

        Args:
            logits: ``(batch, stances)``.
            corpus_index: ``(batch,)``.
        """
        return logits.masked_fill(~self.stances[corpus_index], -torch.inf)
