"""Log-odds are those of the probability, and lead back to it."""

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st

from gatbert.explanations.log_odds import log_odds, probability


def test_log_odds_are_those_of_the_probability() -> None:
    logits = torch.tensor([[1.0, -2.0, 0.5], [30.0, 0.0, -30.0]])
    probability = logits.double().softmax(-1)
    torch.testing.assert_close(log_odds(logits), (probability / (1 - probability)).log(), rtol=1e-3, atol=1e-6)


@given(st.lists(st.floats(-50, 50), min_size=2, max_size=5))
def test_they_lead_back_to_the_probabilities(values: list[float]) -> None:
    logits = torch.tensor([values])
    found = probability(log_odds(logits).numpy())
    np.testing.assert_allclose(found, logits.double().softmax(-1).numpy(), atol=1e-9)
