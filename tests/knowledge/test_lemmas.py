"""Lemmas of inflected words, and of those that only look so."""

import pytest

from gatbert.knowledge.lemmas import candidate_lemmas


@pytest.mark.parametrize(
    ("form", "lemma"),
    [
        ("running", "run"),
        ("policies", "policy"),
        ("taxed", "tax"),
        ("bigger", "big"),
        ("women", "woman"),
        ("dying", "die"),
    ],
)
def test_lemmas(form: str, lemma: str) -> None:
    assert lemma in candidate_lemmas(form)


def test_lemmas_of_words_that_only_look_inflected() -> None:
    assert list(candidate_lemmas("class")) == []
    assert list(candidate_lemmas("us")) == []
