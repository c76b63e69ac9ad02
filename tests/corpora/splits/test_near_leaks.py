"""Texts that splits nearly share: told, refused, or dropped from the earlier split."""

import pytest

from gatbert.corpora.splits.duplicates import resolve_duplicates
from gatbert.corpora.splits.near_leaks import find_near_leaks
from gatbert.errors import UserError
from gatbert.samples import Origin, Sample

TEXT = "Wind turbines are noisy and they kill birds, but coal is much worse for all of us"


def sample(name: str, text: str, row: int) -> Sample:
    return Sample(name, text, f"target of {name}", "favor", origin=Origin("a.csv", row))


TRAIN = [sample("a", TEXT, 2), sample("b", "Homework should be abolished in all schools", 3)]
VAL = [sample("c", "Zoos are no place for animals of the savanna", 4)]
TEST = [sample("d", TEXT.replace("birds", "bats"), 5), sample("e", "Zoos are no place for animals of the savannah", 6)]
SPLITS = {"train": TRAIN, "val": VAL, "test": TEST, "predict": TRAIN}

TOLD = r"1 of 2 samples of test \(50\.0%\) have nearly the text of one of train, such as a\.csv:2 and a\.csv:5"


def test_near_leaks_are_told_with_share_and_place() -> None:
    found = resolve_duplicates(SPLITS, "refuse", "warn")
    assert found.splits == SPLITS
    assert [(leak.earlier, leak.later, len(leak.firsts)) for leak in found.near] == [
        ("train", "test", 1),
        ("val", "test", 1),
    ]
    with pytest.raises(UserError, match=f"leak: {TOLD} \\(similarity .*near_duplicates drop"):
        resolve_duplicates(SPLITS, "refuse", "refuse")
    assert not resolve_duplicates(SPLITS, "refuse", "allow").near


def test_dropped_are_those_of_the_earlier_split() -> None:
    found = resolve_duplicates(SPLITS, "refuse", "drop")
    assert found.splits == {"train": TRAIN[1:], "val": [], "test": TEST, "predict": TRAIN}
    assert found.dropped == {"train": 1, "val": 1, "test": 0}
    assert not find_near_leaks({name: found.splits[name] for name in ("train", "val", "test")})
