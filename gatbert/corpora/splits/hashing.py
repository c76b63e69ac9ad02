"""Splits and folds drawn by a hash: the same on every machine, stable under added rows."""

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
    return part_at(hash_fraction(key, seed), fractions)


def part_at(position: float, fractions: Sequence[float]) -> int:
    """Return the part in which a position, 0 to 1, falls; as in ``split_index``."""
    bound = 0.0
    for index, fraction in enumerate(fractions):
        bound += fraction
        if position < bound:
            return index
    # Rounding can leave the sum of fractions just below 1: the last part that is not empty takes the rest.
    return max(index for index, fraction in enumerate(fractions) if fraction > 0)


def fold_part(position: float, fractions: Sequence[float], folds: int, fold: int) -> int:
    """Return the part in which a position, 0 to 1, falls in one fold of a cross-validation.

    The positions are a ring of ``folds`` arcs: that of the fold is test. The others, from the one that follows it
    around to it, are train and then val, as the fractions of these two are to each other.

    Args:
        position: Where on the ring.
        fractions: Shares of train, val and test; the last is superseded.
        folds: Number of folds.
        fold: Which of them, from 0.

    Returns:
        0, 1 or 2.
    """
    if min(int(position * folds), folds - 1) == fold:
        return 2
    turned = (position - (fold + 1) / folds) % 1 * folds / (folds - 1)
    return part_at(turned, without_test(fractions))


def without_test(fractions: Sequence[float]) -> list[float]:
    """Return the shares of train and val where test is decided otherwise; they sum to 1."""
    return [fraction / sum(fractions[:2]) for fraction in fractions[:2]]


def check_folds(folds: int | None = None, fold: int | None = None) -> None:
    """Refuse a fold that is none.

    Raises:
        UserError: If only one of the two is given, or there are not as many folds.
    """
    if (folds is None) != (fold is None):
        there, lacking = ("fold", "folds N") if folds is None else ("folds", "fold K")
        raise UserError(f"--data.{there} is given without --data.{lacking}; fold K of N is tested, K from 0 to N-1")
    if folds is not None and fold is not None and not 0 <= fold < folds:
        raise UserError(f"--data.fold {fold} is not accepted; accepted is 0 to {folds - 1}, as --data.folds is {folds}")


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
