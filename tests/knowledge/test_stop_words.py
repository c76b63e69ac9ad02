"""Stop words are words as linking compares them."""

from gatbert.knowledge.stop_words import FUNCTION_WORDS, STOP_WORDS
from gatbert.samples.phrases import fold


def test_words_are_folded_and_single() -> None:
    assert {fold(word) for word in STOP_WORDS} == STOP_WORDS
    assert not [word for word in STOP_WORDS if " " in word or "_" in word]


def test_words_of_grammar_are_stop_words_and_topics_are_none() -> None:
    assert FUNCTION_WORDS < STOP_WORDS
    assert "work" in STOP_WORDS - FUNCTION_WORDS
    assert not STOP_WORDS & {"abortion", "climate", "gun", "tax", "school", "religion", "woman", "zoo"}
