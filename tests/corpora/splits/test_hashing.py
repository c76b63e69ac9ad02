"""Splits: the same everywhere and for ever, stable under added rows, without leaks."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatbert.corpora.splits.hashing import SplitBy, check_fractions, hash_fraction, split_index, split_key
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
