"""The posts that come with the package keep what their README promises."""

from collections import Counter, defaultdict
from importlib.resources import files

import pytest

from gatbert.corpora import read_corpus
from gatbert.samples import Sample
from gatbert.samples.stances import STANCES

SPLITS = ("train", "val", "test")


@pytest.fixture(scope="module")
def splits() -> dict[str, list[Sample]]:
    folder = files("gatbert") / "assets" / "demo"
    return {name: list(read_corpus(str(folder / f"{name}.csv"), "csv", {"style": "style"})) for name in SPLITS}


def test_there_are_enough_posts_and_targets(splits: dict[str, list[Sample]]) -> None:
    samples = [sample for split in splits.values() for sample in split]
    assert len(samples) >= 600
    assert len({sample.target for sample in samples}) >= 30
    assert len({sample.text.casefold() for sample in samples}) == len(samples)
    assert max(len(sample.text) for sample in samples) <= 280


def test_targets_of_the_splits_are_disjoint(splits: dict[str, list[Sample]]) -> None:
    targets = [{sample.target.casefold() for sample in split} for split in splits.values()]
    assert sum(map(len, targets)) == len(set.union(*targets))


def test_no_target_gives_its_stance_away(splits: dict[str, list[Sample]]) -> None:
    stances: dict[str, Counter[str]] = defaultdict(Counter)
    for sample in (sample for split in splits.values() for sample in split):
        stances[sample.target][str(sample.stance)] += 1
    for target, counts in stances.items():
        assert set(counts) == set(STANCES), target
        assert max(counts.values()) <= 0.6 * counts.total(), target


def test_many_posts_are_hard(splits: dict[str, list[Sample]]) -> None:
    samples = [sample for split in splits.values() for sample in split]
    styles = Counter(sample.meta["style"] for sample in samples)
    assert styles["irony"] >= 30
    assert styles["quote"] >= 30
    unnamed = [s for s in samples if not any(word in s.text.casefold() for word in s.target.casefold().split())]
    assert len(unnamed) >= len(samples) / 3
