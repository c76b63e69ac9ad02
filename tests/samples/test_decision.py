"""What becomes of logits before they are probabilities."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from gatbert.errors import UserError
from gatbert.samples.decision import Decision
from gatbert.samples.stances import STANCES

LOGITS = torch.randn(20, 3, generator=torch.Generator().manual_seed(0))


def test_no_decision_changes_nothing() -> None:
    assert torch.equal(Decision().logits(LOGITS, STANCES), LOGITS)


@given(st.floats(0.1, 10), st.lists(st.floats(0.1, 10), min_size=3, max_size=3))
def test_probabilities_are_those_of_the_formula(temperature: float, thresholds: list[float]) -> None:
    decision = Decision(temperature, dict(zip(STANCES, thresholds, strict=True)))
    expected = (LOGITS.double() / temperature).softmax(-1) / torch.tensor(thresholds, dtype=torch.float64)
    found = decision.logits(LOGITS, STANCES).softmax(-1).double()
    assert torch.allclose(found, expected / expected.sum(-1, keepdim=True), atol=1e-5)


@given(st.floats(0.1, 10))
def test_a_temperature_changes_no_predicted_stance(temperature: float) -> None:
    assert torch.equal(Decision(temperature).logits(LOGITS, STANCES).argmax(-1), LOGITS.argmax(-1))


@pytest.mark.parametrize("wrong", [{"temperature": -1.0}, {"thresholds": {"favor": 0.0}}])
def test_numbers_that_make_no_probabilities_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(UserError, match="is not accepted"):
        Decision(**wrong)  # type: ignore[arg-type]
