"""Log-odds of stances: on their scale, contributions add up."""

import numpy as np
import torch
from torch import Tensor

from gatbert.explanations.nodes import Floats


def log_odds(logits: Tensor) -> Tensor:
    """Return log p - log(1 - p) for the probability p of each stance, in fp64; as ``logits``, ``(batch, stances)``."""
    logits = logits.double()
    # (batch, stances, stances): row i has the logits of all stances but i
    others = logits.unsqueeze(-2).repeat_interleave(logits.shape[-1], dim=-2)
    own = torch.eye(logits.shape[-1], dtype=torch.bool, device=logits.device)
    return logits - others.masked_fill(own, -torch.inf).logsumexp(-1)


def probability(log_odds: Floats) -> Floats:
    """Return the probabilities that have some log-odds."""
    found: Floats = 1 / (1 + np.exp(-log_odds))
    return found
