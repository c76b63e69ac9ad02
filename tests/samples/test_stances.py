"""The order of the label set is that of logits and columns, so it stays for ever."""

import pytest

from gatbert.errors import UserError
from gatbert.samples.stances import AGAINST, FAVOR, NEUTRAL, STANCES, label_set


def test_the_order_stays() -> None:
    assert STANCES == (AGAINST, FAVOR, NEUTRAL) == ("against", "favor", "neutral")


def test_a_label_set_has_two_names_or_more() -> None:
    assert label_set(None) == STANCES
    assert label_set(["pro", "con"]) == ("pro", "con")
    for names in (["pro"], ["pro", "con", "pro"]):
        with pytest.raises(UserError, match=r"^--data\.stances .* is no label set"):
            label_set(names)
