"""Texts that are nearly the same: found in time linear in the texts, by the hashes of their trigrams."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gatbert.corpora.splits.normal_form import normal_form

SIMILARITY = 0.7
"""Jaccard similarity of the sets of character trigrams from which on texts are near-duplicates."""

NUM_BANDS, BAND_SIZE = 26, 5
"""Of two texts at ``SIMILARITY``, one of so many bands of so many hashes agrees with 99 %; at 0.8, with 99.99 %."""

MAYBE = 0.5
"""Share of hashes that agree below which two texts are not compared: of near-duplicates, one in a million."""

CHUNK = 4096
"""Texts that are hashed at once: about a megabyte of trigrams."""

MOST_IN_BAND = 16
"""Others with which a text is compared for one band, unless some would be left out: of many that are all alike."""

Ints = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint32]


class NearPair(NamedTuple):
    """Hold the positions of two texts that are nearly the same, and their similarity, 0.7 to 1."""

    first: int
    second: int
    similarity: float


def near_pairs(texts: Sequence[str], others: Sequence[str]) -> list[NearPair]:
    """Return pairs in which each text that is nearly the same as one of the others stands, and each such other one.

    Source: MinHash and its banding, Broder 1997 (https://doi.org/10.1109/SEQUEN.1997.666900) and Leskovec, Rajaraman &
    Ullman, Mining of Massive Datasets, chapter 3 (http://www.mmds.org); pairs that it proposes are compared exactly.

    Args:
        texts: Posts, as raw text; as many as one likes, as their hashes are not kept.
        others: Posts with which they are compared.
    """
    ours, theirs = ([normal_form(text) for text in some] for some in (texts, others))
    if not ours or not theirs:
        return []
    their_hashes = np.concatenate(
        [_min_hashes(theirs[start : start + CHUNK]) for start in range(0, len(theirs), CHUNK)]
    )
    index = [_BandIndex(band) for band in _bands(their_hashes)]
    found: list[NearPair] = []
    # Of many texts that are all alike, one pair for each is enough.
    first_told, second_told = np.zeros(len(ours), np.bool_), np.zeros(len(theirs), np.bool_)
    for start in range(0, len(ours), CHUNK):
        hashes = _min_hashes(ours[start : start + CHUNK])
        for row, second in _proposed(hashes, their_hashes, index):
            first = start + row
            if first_told[first] and second_told[second]:
                continue
            similarity = jaccard(ours[first], theirs[second])
            if similarity >= SIMILARITY:
                found.append(NearPair(first, second, similarity))
                first_told[first] = second_told[second] = True
    return found


def jaccard(text: str, other: str) -> float:
    """Return the share of the character trigrams of two texts that both have, 0 to 1."""
    first, second = _trigrams(text), _trigrams(other)
    return len(first & second) / len(first | second)


def _trigrams(text: str) -> set[str]:
    padded = f" {text} "
    return {padded[start : start + 3] for start in range(max(len(padded) - 2, 1))}


class _BandIndex:
    """Look up which texts have the hashes of one band."""

    def __init__(self, keys: npt.NDArray[np.uint64]) -> None:
        self._order = np.argsort(keys, kind="stable")
        self._sorted = keys[self._order]

    def matches(self, keys: npt.NDArray[np.uint64]) -> tuple[Ints, Ints]:
        """Return pairs of a position among the given keys and one among the known, each ``(pairs,)``.

        Each position that has the key of another stands in a pair, but not in all, where many have one key.
        """
        starts, ends = (np.searchsorted(self._sorted, keys, side) for side in ("left", "right"))
        there = ends - starts
        # (keys,): how many of the given have the key, and which of them this one is
        _, group, sizes = np.unique(keys, return_inverse=True, return_counts=True)
        rank = np.empty(len(keys), np.int64)
        rank[np.argsort(group, kind="stable")] = np.arange(len(keys)) - np.repeat(sizes.cumsum() - sizes, sizes)
        each = np.minimum(there, np.maximum(MOST_IN_BAND, -(-there // sizes[group])))
        # (pairs,): each goes on where the one before it has ended
        rows = np.repeat(np.arange(len(keys)), each)
        within = np.arange(each.sum()) - np.repeat(each.cumsum() - each, each)
        place = (rank[rows] * each[rows] + within) % there[rows]
        return rows, self._order[starts[rows] + place]


def _proposed(hashes: Hashes, their_hashes: Hashes, index: Sequence[_BandIndex]) -> Iterator[tuple[int, int]]:
    """Yield pairs that agree in a band and in many hashes, in order."""
    of_bands = [known.matches(band) for known, band in zip(index, _bands(hashes), strict=True)]
    # (pairs,): both positions as one number
    pairs = np.unique(np.concatenate([rows * len(their_hashes) + others for rows, others in of_bands]))
    rows, others = np.divmod(pairs, len(their_hashes))
    for start in range(0, len(rows), CHUNK):
        some, some_others = rows[start : start + CHUNK], others[start : start + CHUNK]
        alike = (hashes[some] == their_hashes[some_others]).mean(1) >= MAYBE
        yield from zip(some[alike].tolist(), some_others[alike].tolist(), strict=True)


def _bands(hashes: Hashes) -> Iterator[npt.NDArray[np.uint64]]:
    """Yield the key of each text in each band ``(texts,)``."""
    for band in np.split(hashes.astype(np.uint64), NUM_BANDS, axis=1):
        key = np.zeros(len(band), np.uint64)
        for column in band.T:
            key = (key ^ column) * np.uint64(0x9E3779B97F4A7C15)
            key ^= key >> np.uint64(29)
        yield key


def _min_hashes(texts: Sequence[str]) -> Hashes:
    """Return the least of each hash over the trigrams of each text ``(texts, hashes)``."""
    random = np.random.default_rng(0)
    factors = random.integers(2**32, size=NUM_BANDS * BAND_SIZE, dtype=np.uint32) | np.uint32(1)
    offsets = random.integers(2**32, size=NUM_BANDS * BAND_SIZE, dtype=np.uint32)
    padded = [np.frombuffer(f" {text} ".ljust(3).encode("utf-32-le"), np.uint32) for text in texts]
    # (texts,): where each begins
    starts = np.cumsum([0, *(len(one) - 2 for one in padded[:-1])])
    trigrams = np.concatenate([_mixed(one) for one in padded])
    found = np.empty((len(texts), len(factors)), np.uint32)
    for number, (factor, offset) in enumerate(zip(factors, offsets, strict=True)):
        found[:, number] = np.minimum.reduceat(trigrams * factor + offset, starts)
    return found


def _mixed(letters: npt.NDArray[np.uint32]) -> Hashes:
    """Return a hash of each trigram ``(letters - 2,)``."""
    mixed: Hashes = (
        letters[:-2] * np.uint32(0x9E3779B1)
        ^ letters[1:-1] * np.uint32(0x85EBCA6B)
        ^ letters[2:] * np.uint32(0xC2B2AE35)
    )
    mixed ^= mixed >> np.uint32(15)
    mixed *= np.uint32(0x2C1B3C6D)
    mixed ^= mixed >> np.uint32(12)
    return mixed
