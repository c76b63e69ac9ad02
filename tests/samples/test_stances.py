"""The order of the label set is that of logits and columns, so it stays for ever."""

from gatbert.samples.stances import AGAINST, FAVOR, NEUTRAL, STANCES


def test_the_order_stays() -> None:
    assert STANCES == (AGAINST, FAVOR, NEUTRAL) == ("against", "favor", "neutral")
