"""Which words of a text are written as names."""

import pytest

from gatbert.corpora.known_names import KnownNames
from gatbert.samples.words import parts_of, split_words
from gatbert.tagging.names import Mark, mark_names

LETTERS = {Mark.WORD: ".", Mark.NAME: "N", Mark.IN_NAME: "I"}
KNOWN = KnownNames(frozenset({"trump", "joe biden"}), frozenset({"abortion", "gun control", "women"}))


def marked(text: str, known: KnownNames | None = None) -> str:
    """Return a letter for each word of a text that has no hashtags: ``.``, ``N`` or ``I``."""
    parts = parts_of(split_words(text))
    return "".join(LETTERS[mark] for mark in mark_names(parts, known or KnownNames()))


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("i like Trump a lot", "..N.."),
        ("i like Joe Biden a lot", "..II.."),
        ("i like Joe, Biden and so on", "..N.N..."),
        ("why does Black Lives Matter matter", "..III."),
        (
            "Thank God for the House of Lords",
            ".N..N.N",
        ),  # words of grammar, and a first word that says little, are none
        ("we saw President Obama and Senator Warren", "...N..N"),
        ("Dr. Fauci said no", ".N.."),
        ("we saw Anthony S. Fauci there", "..II."),  # an initial is no part
        ("we saw the GOP and the NRA", "...N..N"),
        ("i like J. Biden", "..II"),
        ("in Putin's Russia we", ".NN."),  # a possessive ends a name
        ("WOMEN DESERVE RIGHTS", "..."),
        ("Why Gun Control Fails America", "....."),  # a headline
        ("Gun Control", "II"),  # too short to tell
        ("donald trump", ".."),
        ("", ""),
    ],
)
def test_capitals_tell_names(text: str, marks: str) -> None:
    assert marked(text) == marks


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("i like trump", "..N"),
        ("i like joe biden, joe", "..II.."),
        ("WHY DO THEY LIKE TRUMP", "....N"),
        ("we need Gun Control and Abortion", "......"),
        ("Women deserve it", "..."),
        ("Women deserve Rights", "..N"),
    ],
)
def test_the_corpus_knows_better(text: str, marks: str) -> None:
    assert marked(text, KNOWN) == marks


def test_a_targets_capitals_may_be_those_of_a_headline() -> None:
    words = frozenset({"gun", "concern", "black", "lives", "matter"})
    known = KnownNames(frozenset({"black lives matter"}), words)
    for text, marks in {"Gun Concern": "WW", "Black Lives Matter": "III", "Gun Estate": "II"}.items():
        found = mark_names(parts_of(split_words(text)), known, is_target=True)
        assert "".join(LETTERS[mark] for mark in found) == marks.replace("W", ".")
        assert marked(text, known) == "I" * len(marks)  # in a text they tell a name


def test_every_piece_of_a_hashtag_has_a_capital_and_none_is_part_of_a_name() -> None:
    parts = parts_of(split_words("#BlackLivesMatter #climatechange"))
    found = {
        part.folded: mark for part, mark in zip(parts, mark_names(parts, KnownNames()), strict=True) if part.folded
    }
    assert found == {"black": Mark.NAME, "lives": Mark.NAME, "matter": Mark.NAME, "climatechange": Mark.WORD}
