"""What splits share: found, and refused, dropped or allowed, before they are used.

A *duplicate* is a sample whose id, or whose text and target, another sample has; texts are the same if their normal
form is. A *leak* is a duplicate in another split: what is tested was trained on. Within one split, a sample *repeats*
an earlier one if all that a classifier sees is the same but for case and white space, or *contradicts* it where its
stance is another.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Literal, NamedTuple

from gatbert.corpora.splits import Splits
from gatbert.corpora.splits.hashing import split_key
from gatbert.corpora.splits.near_leaks import (
    NearDuplicates,
    NearLeak,
    find_near_leaks,
    near_leak_message,
    without_near_leaks,
)
from gatbert.corpora.splits.normal_form import folded
from gatbert.corpora.wording import where_read
from gatbert.errors import UserError
from gatbert.samples import GraphSample, Sample

Duplicates = Literal["refuse", "drop", "allow"]

MOST_LISTED = 10
"""Pairs of samples that a message lists."""


class Shared(NamedTuple):
    """Hold two samples of different splits with the same id, or with the same text and target.

    Attributes:
        earlier: Name of a split, of train, val, test the earlier.
        first: Its sample.
        later: Name of the other split.
        second: Its sample.
    """

    earlier: str
    first: Sample
    later: str
    second: Sample

    def __str__(self) -> str:
        same = f" (id {self.first.id!r})" if self.by_id_alone else ""
        return f"{self.earlier} {where_read(self.first)} and {self.later} {where_read(self.second)}{same}"

    @property
    def by_id_alone(self) -> bool:
        """Whether nothing but the id is the same."""
        return _text_and_target(self.first) != _text_and_target(self.second)


@dataclass(frozen=True)
class Resolved:
    """Hold splits of which it is known what they share.

    Attributes:
        splits: The samples of each split, without those that were dropped.
        shared: Pairs of samples of different splits, as they were before.
        dropped: How many samples each split lost.
        contradictions: Samples of each split whose text and target an earlier one has with another stance, each after
            the earliest such.
        repeated: How many samples of each split an earlier one equals in text, target and stance.
        skipped: How many rows were skipped as they were read, by label.
        near: What splits nearly share, before any of it was dropped; empty where it was not looked for.
    """

    splits: Splits
    shared: Sequence[Shared]
    dropped: Mapping[str, int]
    contradictions: Mapping[str, Sequence[tuple[Sample, Sample]]]
    repeated: Mapping[str, int]
    skipped: Mapping[str, int] = field(default_factory=dict)
    near: Sequence[NearLeak] = ()


def resolve_duplicates(
    splits: Mapping[str, Sequence[Sample]], how: Duplicates, near: NearDuplicates = "allow"
) -> Resolved:
    """Find what splits share, and refuse, drop or allow it.

    Samples are the same if their ids are, or both target and text, of which the normal form counts. They are dropped
    from train if val or test has them, and from val if test has them, never from test. ``predict`` may hold whatever it
    wants.

    Args:
        splits: Samples of train, val, test and predict, as far as there are any.
        how: What becomes of samples that stand in two splits.
        near: What becomes of those that stand there nearly; they are not looked for if they are allowed.

    Raises:
        UserError: If samples are shared, or nearly, and not allowed to be; or an id stands twice in a split that is
            not for training.
    """
    checked = {name: splits[name] for name in ("train", "val", "test") if name in splits}
    for name, samples in checked.items():
        if name != "train":  # predictions of val and test are joined by their ids; there are none of train
            _check_ids(name, samples)
    shared = _shared_pairs(checked)
    if shared and how == "refuse":
        raise UserError(leak_message(shared))
    kept = _without_shared(checked) if shared and how == "drop" else checked
    leaks = [] if near == "allow" else find_near_leaks(kept)
    if leaks and near == "refuse":
        raise UserError(near_leak_message(leaks))
    kept = without_near_leaks(kept, leaks) if near == "drop" else kept
    contradictions, repeated = {}, {}
    for name, samples in kept.items():
        contradictions[name], repeated[name] = _contradictions_and_repeats(samples)
    return Resolved(
        splits={name: list(kept.get(name, samples)) for name, samples in splits.items()},
        shared=shared,
        dropped={name: len(checked[name]) - len(samples) for name, samples in kept.items()},
        contradictions=contradictions,
        repeated=repeated,
        near=leaks,
    )


def leak_message(shared: Sequence[Shared]) -> str:
    """Say that splits share samples, which, and what to do."""
    pairs = "; ".join(map(str, shared[:MOST_LISTED]))
    more = f"; and {len(shared) - MOST_LISTED:,} more" if len(shared) > MOST_LISTED else ""
    ids = sum(pair.by_id_alone for pair in shared)
    hint = f" ({ids:,} of them share nothing but the id: where ids count the rows of a file, give columns {{id: null}})"
    count = "1 pair" if len(shared) == 1 else f"{len(shared):,} pairs"
    return (
        f"leak: {count} of the same sample in two splits: {pairs}{more}; remove them, or give "
        "--data.duplicates (--duplicates of tag) drop (takes them from train, and from val what test has) or allow"
        f"{hint if ids else ''}"
    )


def _check_ids(name: str, samples: Sequence[Sample]) -> None:
    first: dict[str, Sample] = {}
    for sample in samples:
        before = first.setdefault(sample.id, sample)
        if before is not sample:
            raise UserError(
                f"sample id {sample.id!r} stands twice in {name}, at {where_read(before)} and {where_read(sample)}; "
                "give the samples ids of their own, or give columns {id: null}"
            )


def _text_and_target(sample: Sample) -> tuple[str, str]:
    return split_key(sample, "text"), split_key(sample, "target")


def _id(sample: Sample) -> Hashable:
    return sample.id


def _shared_pairs(splits: Mapping[str, Sequence[Sample]]) -> list[Shared]:
    """Return pairs in which every sample stands at least once that another split has, too."""
    found: list[Shared] = []
    for earlier, later in combinations(splits, 2):
        told: set[int] = set()  # samples that stand in a pair already, as objects: ids may be shared
        for key in (_text_and_target, _id):
            firsts, seconds = _grouped(splits[earlier], key), _grouped(splits[later], key)
            for same in (value for value in firsts if value in seconds):
                ours, theirs = firsts[same], seconds[same]
                # Not every one of ours with every one of theirs: the side with fewer repeats its first.
                for number in range(max(len(ours), len(theirs))):
                    first, second = (group[number if number < len(group) else 0] for group in (ours, theirs))
                    if not {id(first), id(second)} <= told:
                        found.append(Shared(earlier, first, later, second))
                        told |= {id(first), id(second)}
    return found


def _grouped(samples: Sequence[Sample], key: Callable[[Sample], Hashable]) -> dict[Hashable, list[Sample]]:
    groups: dict[Hashable, list[Sample]] = {}
    for sample in samples:
        groups.setdefault(key(sample), []).append(sample)
    return groups


def _without_shared(splits: Mapping[str, Sequence[Sample]]) -> dict[str, Sequence[Sample]]:
    """Return the splits without the samples that a later one has."""
    kept: dict[str, Sequence[Sample]] = {}
    later: set[Hashable] = set()
    for name in reversed(list(splits)):  # test first, which is published and stays whole
        kept[name] = [sample for sample in splits[name] if later.isdisjoint((_id(sample), _text_and_target(sample)))]
        later.update(key for sample in kept[name] for key in (_id(sample), _text_and_target(sample)))
    return {name: kept[name] for name in splits}


def _contradictions_and_repeats(samples: Sequence[Sample]) -> tuple[list[tuple[Sample, Sample]], int]:
    """Return contradictions, each after the sample that it contradicts, and the number of repeats."""
    first: dict[Hashable, dict[str | None, Sample]] = {}
    contradictions, repeated = [], 0
    for sample in samples:
        # The first sample of each stance, in order, of those that look the same
        known = first.setdefault(_all_that_is_seen(sample), {})
        if sample.stance in known:
            repeated += 1
        elif known and sample.stance is not None and (golds := [s for s in known.values() if s.stance is not None]):
            contradictions.append((golds[0], sample))
        known.setdefault(sample.stance, sample)
    return contradictions, repeated


def _all_that_is_seen(sample: Sample) -> Hashable:
    """Return all that a classifier may see of a sample: of a tagged one, its graph, too."""
    graph = (sample.concepts, sample.edges.tobytes()) if isinstance(sample, GraphSample) else ()
    return folded(sample.text), folded(sample.target), sample.context, sample.background, graph
