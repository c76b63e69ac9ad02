"""Texts to words: pieces of the text as it stands, and the parts of them that can be linked."""

import re
from collections.abc import Sequence
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from gatbert.samples.phrases import fold

WORD = re.compile(
    r"https?://\S+|www\.\S+"  # addresses
    r"|[@#]\w+"  # user names and hashtags
    r"|[^\W_]+(?:['\u2019.-][^\W_]+)*"  # words, with what joins them: don't, co-op, U.S
    r"|[^\w\s]|_+"
)
CAMEL = re.compile(r"Ma?c[A-Z][a-z]+|[A-Z]+(?=[A-Z][a-z]|\d|$)|[A-Z]?[a-z]+|[A-Z]+|\d+")


class Case(Enum):
    """Say what the letters of a word tell of it: only ``CAPITAL`` can begin, or go on with, a name of several words."""

    LOWER = "in lower case, or no letters"
    CAPITAL = "a capital, and lower case after it"
    UPPER = "in capitals alone"
    PIECE = "a capitalised piece of a hashtag, where every piece is"


class Part(NamedTuple):
    """Hold a piece of a word that takes part in n-grams; a hashtag has several, an ordinary word one.

    Attributes:
        word_index: Position of its word.
        folded: The piece in folded form; empty where n-grams end, as at punctuation.
        case: What its letters tell.
        starts_sentence: Whether a sentence may begin with it, so that its capital tells little.
        is_possessive: Whether it had the ending of a possessive: a name ends with it.
    """

    word_index: int
    folded: str
    case: Case = Case.LOWER
    starts_sentence: bool = False
    is_possessive: bool = False


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
    """Return what can be linked: words and pieces of hashtags; addresses, user names and punctuation end n-grams.

    The stop after an abbreviation ends nothing (``Sen. Warren``, ``Roe v. Wade``), and initials within a name are left
    out (``Anthony S. Fauci``), as the names in a graph rarely have them.
    """
    parts: list[Part] = []
    starts_sentence = True
    for index, word in enumerate(words):
        if word[0] == "#" and len(word) > 1:
            parts.append(Part(index, BREAK))
            parts += (_piece(index, piece) for piece in CAMEL.findall(word.replace("_", " ")))
            parts.append(Part(index, BREAK))
            starts_sentence = True
        elif word == "." and index and ABBREVIATION.fullmatch(words[index - 1]):
            parts[-1:] = _with_stop(parts, words[index - 1])
        elif not word[0].isalnum() or word.startswith(("http://", "https://", "www.")):
            parts.append(Part(index, BREAK))
            starts_sentence = word not in WITHIN_SENTENCE
        else:
            parts.append(part_of(word, index, starts_sentence))
            starts_sentence = False
    return parts


def part_of(word: str, word_index: int, starts_sentence: bool = False) -> Part:
    """Return an ordinary word, or a piece of one, as a part."""
    folded, case, is_possessive = _folded(word)
    return Part(word_index, folded, case, starts_sentence, is_possessive)


def _piece(index: int, piece: str) -> Part:
    return Part(index, fold(piece), Case.LOWER if piece.islower() else Case.PIECE)


def _with_stop(parts: Sequence[Part], word: str) -> list[Part]:
    """Return the last part, of an abbreviation, with its full stop; nothing of an initial in the middle of a name."""
    if len(word) == 1 and word.isupper() and parts[-2:-1] and parts[-2].case is Case.CAPITAL:
        return []
    return [parts[-1] if len(word) > 1 and "." not in word else parts[-1]._replace(folded=f"{parts[-1].folded}.")]


@lru_cache(maxsize=1 << 18)
def _folded(word: str) -> tuple[str, Case, bool]:
    """Fold a word without the ending of a possessive, and tell its case, and whether it had that ending."""
    straight = word.replace("\u2019", "'")
    plain = straight.removesuffix("'s").removesuffix("'S")
    if plain == plain.lower():
        case = Case.LOWER
    else:
        case = Case.UPPER if len(plain) > 1 and plain == plain.upper() else Case.CAPITAL
    return fold(plain), case, plain != straight


ABBREVIATION = re.compile(
    r"(?!I)[^\W\d_]|(?:[^\W\d_]\.)+[^\W\d_]|(?i:mr|mrs|ms|dr|prof|sen|gov|rep|gen|col|lt|st|jr|sr|hon|rev|vs)"
)
"""A letter, letters with stops between them, or what is short for a title: v, U.S, Sen. A sentence goes on after it."""

WITHIN_SENTENCE = frozenset(",;-\u2013\u2014/&'\u2019()+*%$")
"""Punctuation after which a capital is not that of a new sentence."""
