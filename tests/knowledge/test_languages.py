"""Languages: English by itself, others by two libraries, which are asked for by name where they are missing."""

import sys

import pytest

from gatbert.errors import UserError
from gatbert.knowledge.languages import ELISIONS, ENGLISH, language
from gatbert.knowledge.lemmas import candidate_lemmas
from gatbert.knowledge.stop_words import FUNCTION_WORDS, STOP_WORDS


def test_english_goes_by_its_own_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("simplemma", "stopwordsiso"):
        monkeypatch.setitem(sys.modules, name, None)
    english = language("en")
    assert english is ENGLISH
    assert (english.function_words, english.stop_words) == (FUNCTION_WORDS, STOP_WORDS)
    assert list(english.by_ending("reactors")) == list(candidate_lemmas("reactors"))
    assert (english.lemma("reactors"), english.without_elision("o'clock")) == ("", "o'clock")


@pytest.mark.parametrize(
    ("code", "word", "lemma"),
    [
        ("de", "Häuser", "haus"),
        ("de", "Krankenkassen", "krankenkasse"),
        ("de", "gefördert", "fördern"),
        ("de", "Gefördert", "fördern"),  # at the beginning of a sentence
        ("de", "Haus", ""),
        ("fr", "impôts", "impôt"),
        ("it", "cittadini", "cittadino"),
        ("xx", "impôts", ""),
    ],
)
def test_a_lemma_is_looked_up_as_the_word_is_written(code: str, word: str, lemma: str) -> None:
    assert language(code).lemma(word) == lemma
    assert list(language(code).by_ending(word)) == []


def test_stop_words_are_known_with_diacritics_and_without() -> None:
    for code, words in {"de": {"für", "fur", "nicht"}, "fr": {"été", "ete", "les"}, "it": {"perché", "perche"}}.items():
        assert words <= language(code).stop_words
    assert "steuer" not in language("de").stop_words
    assert language("xx").stop_words == frozenset()


def test_capitals_tell_names_but_where_nouns_have_them() -> None:
    assert {code: language(code).capitals_tell_names for code in ("en", "de", "fr", "it")} == {
        "en": True, "de": False, "fr": True, "it": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("code", "word", "rest"),
    [
        ("fr", "l'impôt", "impôt"),
        ("fr", "Qu'elle", "elle"),
        ("fr", "aujourd'hui", "aujourd'hui"),
        ("fr", "l'", "l'"),
        ("it", "dell'acqua", "acqua"),
        ("it", "un'idea", "idea"),
        ("ca", "d'aigua", "aigua"),
        ("de", "gibt's", "gibt's"),
    ],
)
def test_what_an_apostrophe_joins_is_taken_off(code: str, word: str, rest: str) -> None:
    assert language(code).without_elision(word) == rest
    assert set(ELISIONS) == {"ca", "fr", "it"}


def test_a_missing_library_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "stopwordsiso", None)
    with pytest.raises(
        UserError, match=r'language sv needs the package stopwordsiso.*; pip install "gatbert\[languages\]"'
    ):
        language("sv")
