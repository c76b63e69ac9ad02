"""What is remembered of phrases is bounded, and nothing that is still needed is dropped."""

from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from gatbert.samples.phrases import PhraseCache, fold, lowered


@given(st.lists(st.sets(st.text("abc", max_size=3), max_size=9)), st.integers(1, 5))
def test_all_that_is_asked_for_is_there_however_little_is_remembered(asked: list[set[str]], limit: int) -> None:
    found: list[str] = []

    def shout(phrase: str) -> str:
        found.append(phrase)
        return phrase.upper()

    cache = PhraseCache[str](partial(map, shout), limit)
    given_out = [(phrases, cache.look_up(phrases)) for phrases in asked]
    for phrases, known in given_out:
        assert {phrase: known[phrase] for phrase in phrases} == {phrase: phrase.upper() for phrase in phrases}
    assert len(cache._known) < limit + 9


def test_with_much_room_each_phrase_is_found_once() -> None:
    found: list[str] = []

    def shout(phrase: str) -> str:
        found.append(phrase)
        return phrase.upper()

    cache = PhraseCache[str](partial(map, shout), 100)
    for phrases in (["a", "bb"], ["bb", "ccc"], ["a", "ccc"]):
        cache.look_up(phrases)
    assert found == ["a", "bb", "ccc"]


@given(st.text())
def test_folding_twice_changes_nothing(phrase: str) -> None:
    assert fold(fold(phrase)) == fold(phrase)


@given(st.text())
def test_lower_case_keeps_diacritics_and_goes_before_folding(phrase: str) -> None:
    assert lowered(" Scho\u0308n_FÖRDERN ") == "schön fördern"
    assert lowered(lowered(phrase)) == lowered(phrase)
    if phrase.isascii():
        assert lowered(phrase) == fold(phrase)
