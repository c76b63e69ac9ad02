"""Splits drawn by a hash: the same on every machine, stable under added rows."""

import hashlib
from collections.abc import Sequence
from typing import Literal

from gatbert.corpora.splits.normal_form import folded, normal_form
from gatbert.errors import UserError
from gatbert.samples import Sample

SplitBy = Literal["text", "target", "id"]


def split_key(sample: Sample, split_by: SplitBy) -> str:
    """Return what two samples share if they must fall in the same part.

    Text is what splits are drawn by unless told otherwise, as a post that is annotated for several targets would be
    trained on and tested on. Of texts it is the normal form, so that a retweet goes with the post.
    """
    if split_by == "text":
        return normal_form(sample.text)
    return folded({"target": sample.target, "id": sample.id}[split_by])


def hash_fraction(key: str, seed: int) -> float:
    """Return a number in [0, 1) that depends on ``key`` and ``seed`` alone, the same on every machine."""
    # Python's own hash of a string is another in each process.
    digest = hashlib.sha256(f"{seed}\x1f{key}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def split_index(key: str, fractions: Sequence[float], seed: int) -> int:
    """Return the part in which samples fall.

    Args:
        key: What they share, as ``split_key`` gives it.
        fractions: Share of each part; they sum to 1.
        seed: Another seed draws another split.

    Returns:
        Index into ``fractions``.
    """
    position = hash_fraction(key, seed)
    bound = 0.0
    for index, fraction in enumerate(fractions):
        bound += fraction
        if position < bound:
            return index
    # Rounding can leave the sum of fractions just below 1: the last part that is not empty takes the rest.
    return max(index for index, fraction in enumerate(fractions) if fraction > 0)


def check_fractions(fractions: Sequence[float], where: str) -> None:
    """Refuse fractions that are no split.

    Raises:
        UserError: Unless there are three, each 0 to 1, that sum to 1.
    """
    if len(fractions) != 3 or any(not 0 <= f <= 1 for f in fractions) or abs(sum(fractions) - 1) > 1e-6:
        raise UserError(
            f"{where}: {list(fractions)} is no split; accepted are three numbers from 0 to 1 for train, val and test "
            "that sum to 1, such as [0.8, 0.1, 0.1]"
        )
