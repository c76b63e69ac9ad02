"""The stances, under the names that every corpus is mapped to."""

AGAINST = "against"
FAVOR = "favor"
NEUTRAL = "neutral"

STANCES = (AGAINST, FAVOR, NEUTRAL)
"""Default label set. The position of a stance is its index in logits, confusion matrices and probability columns."""
