"""Splits: the same everywhere and for ever, stable under added rows, without leaks."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatbert.corpora.splits.hashing import (
    SplitBy,
    check_folds,
    check_fractions,
    fold_part,
    hash_fraction,
    split_index,
    split_key,
)
from gatbert.errors import UserError
from gatbert.samples import Sample

FRACTIONS = (0.6, 0.1, 0.3)
SAMPLES = [Sample(f"p{i}", f"post number {i}", f"target {i % 7}", "favor") for i in range(2000)]


def test_hashes_never_change_between_versions() -> None:
    golden = {("", 0): 0.043414, ("post", 0): 0.578769, ("post", 1): 0.86499, ("Ünïcode", 7): 0.828247}
    assert {key: round(hash_fraction(*key), 6) for key in golden} == golden


def test_shares_are_respected_and_seeds_differ() -> None:
    parts = [[split_index(sample.text, FRACTIONS, seed) for sample in SAMPLES] for seed in (0, 1)]
    for part in parts:
        counts = Counter(part)
        for index, fraction in enumerate(FRACTIONS):
            assert counts[index] / len(SAMPLES) == pytest.approx(fraction, abs=0.04)
    assert parts[0] != parts[1]


@given(st.sampled_from(["text", "target", "id"]), st.from_regex("[a-z]+( [a-z]+)*", fullmatch=True), st.integers(0, 9))
def test_what_is_split_by_is_never_divided(split_by: SplitBy, shared: str, seed: int) -> None:
    def made(other: str, key: str) -> Sample:
        fields = {**dict.fromkeys(("id", "text", "target"), other), split_by: key}
        return Sample(fields["id"], fields["text"], fields["target"])

    first, second = made("one", shared), made("two", f" {shared.upper()}\n".replace(" ", "\t "))
    parts = {split_index(split_key(sample, split_by), FRACTIONS, seed) for sample in (first, second)}
    assert len(parts) == 1


def test_an_empty_part_gets_nothing_even_by_rounding() -> None:
    thirds = (0.1 + 0.2, 0.7 - 1e-9, 0.0)
    assert 2 not in {split_index(sample.text, thirds, 0) for sample in SAMPLES}


@pytest.mark.parametrize("fractions", [[0.8, 0.1], [0.8, 0.1, 0.2], [1.1, -0.1, 0.0], []])
def test_shares_that_are_no_split_are_refused(fractions: list[float]) -> None:
    with pytest.raises(UserError, match=r"partitions of a\.csv"):
        check_fractions(fractions, "partitions of a.csv")


@given(st.floats(0, 1), st.integers(2, 12), st.lists(st.integers(0, 5), min_size=2, max_size=2).filter(any))
def test_each_position_is_tested_in_one_fold(position: float, folds: int, shares: list[int]) -> None:
    parts = [fold_part(position, (*shares, 1), folds, fold) for fold in range(folds)]
    assert parts.count(2) == 1
    assert not [part for part in parts if part < 2 and not shares[part]]


@pytest.mark.parametrize("folds", [2, 5, 10])
def test_train_and_val_share_the_other_folds_in_their_proportion(folds: int) -> None:
    for fold in range(folds):
        counts = Counter(fold_part((2 * i + 1) / 4000, (0.6, 0.3, 0.1), folds, fold) for i in range(2000))
        expected = {2: 1 / folds, 0: (1 - 1 / folds) * 2 / 3, 1: (1 - 1 / folds) / 3}
        assert {part: count / 2000 for part, count in counts.items()} == pytest.approx(expected, abs=0.002)


@pytest.mark.parametrize(
    ("folds", "fold", "words"),
    [
        (5, None, "--data.folds is given without --data.fold K"),
        (None, 0, "--data.fold is given without --data.folds N"),
        (5, 5, "--data.fold 5 is not accepted; accepted is 0 to 4"),
    ],
)
def test_a_fold_that_is_none_is_refused(folds: int | None, fold: int | None, words: str) -> None:
    check_folds(5, 4)
    with pytest.raises(UserError, match=words):
        check_folds(folds, fold)
