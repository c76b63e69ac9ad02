"""Texts to words: pieces of the text as it stands, and the parts of them that can be linked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from gatbert.samples.phrases import fold

WORD = re.compile(
    r"https?://\S+|www\.\S+"  # addresses
    r"|[@#]\w+"  # user names and hashtags
    r"|[^\W_]+(?:['\u2019.-][^\W_]+)*"  # words, with what joins them: don't, co-op, U.S
    r"|[^\w\s]|_+"
)
CAMEL = re.compile(r"[A-Z]{2,}(?=[A-Z][a-z]|\d|$)|[A-Z]?[a-z]+|[A-Z]+|\d+")


@dataclass(frozen=True)
class Part:
    """Hold a piece of a word that takes part in n-grams; a hashtag has several, an ordinary word one.

    Attributes:
        word_index: Position of its word.
        folded: The piece in folded form; empty where n-grams end, as at punctuation.
    """

    word_index: int
    folded: str


BREAK = ""


def split_words(text: str) -> list[str]:
    """Return the words of a text in order: each is a piece of it, and what lies between them is white space."""
    return WORD.findall(text)


def word_spans(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """Return start and end of each word in its text.

    Raises:
        ValueError: If the words are not those of the text, in order.
    """
    spans, position = [], 0
    for word in words:
        start = text.index(word, position)
        position = start + len(word)
        spans.append((start, position))
    return spans


def parts_of(words: Sequence[str]) -> list[Part]:
    """Return what can be linked: words and pieces of hashtags; addresses, user names and punctuation end n-grams."""
    parts: list[Part] = []
    for index, word in enumerate(words):
        if word[0] == "#" and len(word) > 1:
            parts.append(Part(index, BREAK))
            parts += (Part(index, fold(piece)) for piece in CAMEL.findall(word.replace("_", " ")))
            parts.append(Part(index, BREAK))
        elif not word[0].isalnum() or word.startswith(("http://", "https://", "www.")):
            parts.append(Part(index, BREAK))
        else:
            parts.append(Part(index, _folded(word)))
    return parts


@lru_cache(maxsize=1 << 18)
def _folded(word: str) -> str:
    """Fold a word without the ending of a possessive."""
    return fold(word.replace("\u2019", "'").removesuffix("'s"))
