"""Near-duplicates: what comparing every text with every other one finds."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatbert.corpora.splits.near_duplicates import SIMILARITY, jaccard, near_pairs
from gatbert.corpora.splits.normal_form import normal_form

WORDS = [
    "".join(random.Random(number).choices("abcdefghijklmnopqrstuvwxyz", k=2 + number % 7))  # noqa: S311
    for number in range(500)
]


def changed(text: str, draw: random.Random) -> str:
    """Return a text with a few other letters."""
    letters = list(text)
    for _ in range(draw.randrange(1, 12)):
        letters[draw.randrange(len(letters))] = draw.choice("abcxyz ")
    return "".join(letters)


def test_every_text_that_has_a_near_duplicate_stands_in_a_pair() -> None:
    draw = random.Random(0)  # noqa: S311
    texts = [" ".join(draw.choices(WORDS, k=draw.randrange(6, 20))) for _ in range(150)]
    others = [changed(text, draw) for text in texts[:100]] + [" ".join(draw.choices(WORDS, k=9)) for _ in range(50)]
    pairs = near_pairs(texts, others)
    exact = {(i, j): jaccard(normal_form(a), normal_form(b)) for i, a in enumerate(texts) for j, b in enumerate(others)}
    assert all(exact[i, j] == similarity >= SIMILARITY for i, j, similarity in pairs)
    near = [pair for pair, similarity in exact.items() if similarity >= SIMILARITY]
    assert 30 < len(near) < 100
    assert {i for i, _, _ in pairs} == {i for i, _ in near}
    assert {j for _, j, _ in pairs} == {j for _, j in near}


@given(st.lists(st.text(max_size=8), max_size=6), st.lists(st.text(max_size=8), max_size=6))
@settings(max_examples=50)
def test_texts_of_any_kind_are_compared(texts: list[str], others: list[str]) -> None:
    same = {(normal_form(one), normal_form(other)) for one in texts for other in others}
    found = near_pairs(texts, others)
    assert {one for one, other in same if one == other} <= {normal_form(texts[i]) for i, _, _ in found}
    assert near_pairs(texts, []) == near_pairs([], others) == []


def test_the_similarity_is_the_share_of_trigrams() -> None:
    assert jaccard("abcd", "abcd") == 1
    assert jaccard("abcd", "abce") == 2 / 6  # of " ab abc bcd cd  bce ce ", the first two
    assert jaccard("abcd", "wxyz") == 0


@pytest.mark.parametrize(("num_texts", "num_others"), [(3_000, 1_000), (1, 1_000), (1_000, 1)])
def test_of_many_texts_that_are_all_alike_each_stands_in_a_pair(num_texts: int, num_others: int) -> None:
    spam = "win a free trip to the moon today, with all your friends and a dog"
    pairs = near_pairs([spam] * num_texts, [f"{spam} {number % 7}" for number in range(num_others)])
    assert {first for first, _, _ in pairs} == set(range(num_texts))
    assert {second for _, second, _ in pairs} == set(range(num_others))
    assert len(pairs) <= num_texts + num_others
