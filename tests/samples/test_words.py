"""Words are pieces of their text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatbert.samples.words import parts_of, split_words, word_spans


@given(st.text())
def test_words_are_pieces_of_their_text(text: str) -> None:
    words = split_words(text)
    spans = word_spans(text, words)
    assert [text[start:end] for start, end in spans] == words
    assert "".join(words) == "".join(text.split()) or "_" in text or any(c.isspace() for c in text)
    # All words are parts but initials in a name, and the stop after what is short.
    left_out = set(range(len(words))) - {part.word_index for part in parts_of(words)}
    assert all(words[index] == "." or (len(words[index]) == 1 and words[index + 1] == ".") for index in left_out)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Anthony S. Fauci, M.D. said", ["anthony", "fauci", "", "m.d.", "said"]),
        ("Roe v. Wade", ["roe", "v.", "wade"]),
        ("Sen. Warren vs. Dr. Oz", ["sen", "warren", "vs", "dr", "oz"]),
        ("the U.S. Senate", ["the", "u.s.", "senate"]),
        ("So do I. Trump too.", ["so", "do", "i", "", "trump", "too", ""]),
    ],
)
def test_the_stop_after_what_is_short_ends_nothing(text: str, parts: list[str]) -> None:
    assert [part.folded for part in parts_of(split_words(text))] == parts


def test_parts_tell_case_and_where_a_sentence_may_begin() -> None:
    parts = parts_of(split_words("Yes, McCain said: NO to #GunControl. But why?"))
    told = [(part.folded, part.case.name, part.starts_sentence) for part in parts if part.folded]
    assert told == [
        ("yes", "CAPITAL", True),
        ("mccain", "CAPITAL", False),
        ("said", "LOWER", False),
        ("no", "UPPER", True),
        ("to", "LOWER", False),
        ("gun", "PIECE", False),
        ("control", "PIECE", False),
        ("but", "CAPITAL", True),
        ("why", "LOWER", False),
    ]


def test_hashtags_are_parted_at_their_capitals() -> None:
    parted = {
        "#ISupportTrump": ["i", "support", "trump"],
        "#JohnFKennedy": ["john", "f", "kennedy"],
        "#McConnell": ["mcconnell"],
        "#NRAlies": ["nr", "alies"],
        "#MAGA": ["maga"],
        "#Vote2020": ["vote", "2020"],
    }
    for tag, pieces in parted.items():
        assert [part.folded for part in parts_of([tag]) if part.folded] == pieces
