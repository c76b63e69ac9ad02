"""Words are pieces of their text."""

from hypothesis import given
from hypothesis import strategies as st

from gatbert.samples.words import parts_of, split_words, word_spans


@given(st.text())
def test_words_are_pieces_of_their_text(text: str) -> None:
    words = split_words(text)
    spans = word_spans(text, words)
    assert [text[start:end] for start, end in spans] == words
    assert "".join(words) == "".join(text.split()) or "_" in text or any(c.isspace() for c in text)
    assert {part.word_index for part in parts_of(words)} == set(range(len(words)))
