"""Splits that do not leak: drawn by hash, stable under added rows, and checked before they are used."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from gatbert.errors import UserError
from gatbert.samples import GraphSample, Sample

SplitBy = Literal["text", "target", "id"]


def hash_fraction(key: str, seed: int) -> float:
    """Return a number in [0, 1) that depends on ``key`` and ``seed`` alone, the same on every machine."""
    digest = hashlib.sha256(f"{seed}\x1f{key}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def split_index(sample: Sample, fractions: Sequence[float], seed: int, split_by: SplitBy = "text") -> int:
    """Return the part in which a sample falls.

    Args:
        sample: The sample.
        fractions: Share of each part; they sum to 1.
        seed: Another seed draws another split.
        split_by: Samples with the same text (or target, or id) fall in the same part. Text is the default because a
            post that is annotated for several targets would otherwise be trained on and tested on.

    Returns:
        Index into ``fractions``.
    """
    position = hash_fraction(split_key(sample, split_by), seed)
    bound = 0.0
    for index, fraction in enumerate(fractions):
        bound += fraction
        if position < bound:
            return index
    # Rounding can leave the sum of fractions just below 1: the last part that is not empty takes the rest.
    return max(index for index, fraction in enumerate(fractions) if fraction > 0)


def split_key(sample: Sample, split_by: SplitBy) -> str:
    """Return what two samples share if they must fall in the same part; case and white space do not distinguish."""
    return " ".join({"text": sample.text, "target": sample.target, "id": sample.id}[split_by].casefold().split())


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


def check_disjoint(splits: Mapping[str, Iterable[Sample]]) -> None:
    """Refuse splits that share a sample, and ids that do not tell the samples of predictions apart.

    Raises:
        UserError: If an id, or a pair of the same text and target, stands in two splits; or an id twice in one that is
            not for training.
    """
    ids: dict[str, str] = {}
    pairs: dict[tuple[str, str], tuple[str, str]] = {}
    for split, samples in splits.items():
        for sample in samples:
            pair = (split_key(sample, "text"), split_key(sample, "target"))
            if split != "train" and ids.get(sample.id) == split:
                raise UserError(
                    f"sample id {sample.id!r} stands in two files of {split}; give their samples ids of their own"
                )
            other_id = ids.setdefault(sample.id, split)
            other_pair, other_sample = pairs.setdefault(pair, (split, sample.id))
            if other_id != split:
                raise UserError(
                    f"leak: sample id {sample.id!r} stands in {other_id} and in {split}; remove one of them"
                )
            if other_pair != split:
                raise UserError(
                    f"leak: samples {other_sample!r} in {other_pair} and {sample.id!r} in {split} have the same text "
                    "and target; remove one of them"
                )


def with_flags(splits: Mapping[str, Sequence[Sample]]) -> dict[str, list[Sample]]:
    """Add the flags by which every corpus can be broken down, unless it has flags of these names.

    ``target_seen``: whether the target is one of the training samples'; ``linked``: whether the graph of the sample has
    a concept; both yes or no, and missing where there is nothing to train on, or no graph.
    """
    trained = {split_key(sample, "target") for sample in splits.get("train", ())}
    flagged: dict[str, list[Sample]] = {}
    for split, samples in splits.items():
        flagged[split] = []
        for sample in samples:
            flags = {}
            if trained and split != "train":
                flags["target_seen"] = _yes_or_no(split_key(sample, "target") in trained)
            if isinstance(sample, GraphSample):
                flags["linked"] = _yes_or_no(bool(sample.concepts))
            flagged[split].append(replace(sample, meta={**flags, **sample.meta}))
    return flagged


def _yes_or_no(value: bool) -> str:
    return "yes" if value else "no"


def split_manifest(splits: Mapping[str, Sequence[Sample]]) -> dict[str, dict[str, int | str]]:
    """Return size and checksum of the ids of each split: equal manifests mean equal splits."""
    manifest: dict[str, dict[str, int | str]] = {}
    for split, samples in splits.items():
        digest = hashlib.sha256("\n".join(sorted(sample.id for sample in samples)).encode()).hexdigest()
        manifest[split] = {"num_samples": len(samples), "ids_sha256": digest}
    return manifest
