"""The stances, under the names that every corpus is mapped to, and label sets of them."""

from collections.abc import Sequence

from gatbert.errors import UserError

AGAINST = "against"
FAVOR = "favor"
NEUTRAL = "neutral"

STANCES = (AGAINST, FAVOR, NEUTRAL)
"""Default label set. The position of a stance is its index in logits, confusion matrices and probability columns."""


def label_set(given: Sequence[str] | None) -> tuple[str, ...]:
    """Return a label set, by default that of all stances.

    Raises:
        UserError: If it has fewer than two names, or one of them twice.
    """
    stances = tuple(given or STANCES)
    if len(set(stances)) < max(len(stances), 2):
        raise UserError(f"--data.stances {list(stances)} is no label set; accepted are two names or more")
    return stances
