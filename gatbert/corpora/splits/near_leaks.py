"""Samples whose text another split has nearly: found, and told, refused or dropped."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Literal, NamedTuple

from gatbert.corpora.splits.near_duplicates import near_pairs
from gatbert.corpora.wording import where_read
from gatbert.samples import Sample

NearDuplicates = Literal["warn", "refuse", "drop", "allow"]


class NearLeak(NamedTuple):
    """Hold what two splits nearly share.

    Attributes:
        earlier: Name of a split, of train, val, test the earlier.
        later: Name of the other split.
        firsts: Samples of the earlier one whose text is nearly that of one of the later.
        seconds: Those of the later one.
        size: Samples of the later split.
        example: One of each, and how similar they are, 0.7 to 1.
    """

    earlier: str
    later: str
    firsts: Sequence[Sample]
    seconds: Sequence[Sample]
    size: int
    example: tuple[Sample, Sample, float]

    def __str__(self) -> str:
        first, second, similarity = self.example
        count, share = len(self.seconds), len(self.seconds) / self.size
        return (
            f"{count:,} of {self.size:,} samples of {self.later} ({share:.1%}) have nearly the text of one of "
            f"{self.earlier}, such as {where_read(first)} and {where_read(second)} (similarity {similarity:.2f})"
        )


def find_near_leaks(splits: Mapping[str, Sequence[Sample]]) -> list[NearLeak]:
    """Find the texts that two of train, val and test nearly share, whatever their targets."""
    found = []
    for earlier, later in combinations(splits, 2):
        ours, theirs = splits[earlier], splits[later]
        pairs = near_pairs([sample.text for sample in ours], [sample.text for sample in theirs])
        if pairs:
            firsts, seconds = {pair.first for pair in pairs}, {pair.second for pair in pairs}
            example = (ours[pairs[0].first], theirs[pairs[0].second], pairs[0].similarity)
            found.append(
                NearLeak(
                    earlier,
                    later,
                    [ours[place] for place in sorted(firsts)],
                    [theirs[place] for place in sorted(seconds)],
                    len(theirs),
                    example,
                )
            )
    return found


def without_near_leaks(
    splits: Mapping[str, Sequence[Sample]], leaks: Sequence[NearLeak]
) -> dict[str, Sequence[Sample]]:
    """Return the splits without the samples of an earlier one that a later one nearly has."""
    kept = dict(splits)
    for leak in leaks:
        gone = {id(sample) for sample in leak.firsts}
        kept[leak.earlier] = [sample for sample in kept[leak.earlier] if id(sample) not in gone]
    return kept


def near_leak_message(leaks: Sequence[NearLeak]) -> str:
    """Say that splits nearly share texts, which, and what to do."""
    told = "; ".join(map(str, leaks))
    return (
        f"leak: {told}; remove them, or give --data.near_duplicates drop (takes them from train, and from val what "
        "test has), warn or allow"
    )
