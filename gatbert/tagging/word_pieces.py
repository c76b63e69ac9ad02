"""Words that the graph does not know whole: hashtags in lower case, and what hyphens join."""

from collections.abc import Container, Sequence, Set

from gatbert.knowledge.stop_words import STOP_WORDS
from gatbert.samples.words import Part, part_of
from gatbert.tagging.phrase_concepts import PhraseConcepts

LEAST_SPLIT = 5
"""Hashtags this short are words or initials."""

MOST_LETTERS = 16
"""Letters of the longest word that is looked for in a hashtag."""

PREFIXES = frozenset(
    ["anti", "co", "ex", "multi", "neo", "non", "post", "pre", "pro", "re", "self", "semi", "ultra", "un"]
)
"""What is no word by itself before a hyphen: the ``pro`` of ``pro-choice`` is no professional."""


def split_hashtags(
    words: Sequence[str], parts: Sequence[Part], concepts: PhraseConcepts, stop_words: Set[str] = STOP_WORDS
) -> list[Part]:
    """Return the parts of a text, hashtags in lower case in the fewest words that the graph knows.

    Args:
        words: The words of the text.
        parts: Its parts.
        concepts: The phrases of the graph.
        stop_words: Words that may be in one though the graph does not know them.
    """
    result: list[Part] = []
    for part in parts:
        if part.folded and words[part.word_index][0] == "#" and len(part.folded) > LEAST_SPLIT:
            result += [part._replace(folded=piece) for piece in _fewest_words(part.folded, concepts, stop_words)]
        else:
            result.append(part)
    return result


def split_hyphens(words: Sequence[str], parts: Sequence[Part], covered: Container[int]) -> list[Part]:
    """Return the parts of a text, what hyphens join apart, but for words that are covered, and less prefixes.

    Args:
        words: The words of the text.
        parts: Its parts.
        covered: Positions of words that mention something as they are, maybe with others: ``four-day work week``.
    """
    result: list[Part] = []
    for part in parts:
        if "-" not in part.folded or part.word_index in covered:
            result.append(part)
            continue
        pieces = [piece for piece in words[part.word_index].split("-") if piece.lower() not in PREFIXES]
        result += [part_of(piece, part.word_index, part.starts_sentence) for piece in pieces]
    return result


def _fewest_words(letters: str, concepts: PhraseConcepts, stop_words: Set[str]) -> list[str]:
    """Return letters as the fewest words that are concepts or stop words, or whole if they are none."""
    ends = {start: range(start + 1, min(len(letters), start + MOST_LETTERS) + 1) for start in range(len(letters))}
    pieces = {letters[start:end] for start in ends for end in ends[start]}
    ids = concepts.ids(pieces)
    known = {
        piece: ids[piece] is not None or piece in stop_words
        for piece in pieces
        if len(piece) > 2 or piece in stop_words
    }
    if known.get(letters):
        return [letters]
    # The fewest words for the first letters, by how many letters: those for fewer letters, and one word more.
    best: list[list[str] | None] = [[], *[None] * len(letters)]
    for end in range(1, len(letters) + 1):
        splits = [
            [*before, letters[start:end]]
            for start in range(max(0, end - MOST_LETTERS), end)
            if (before := best[start]) is not None and known.get(letters[start:end])
        ]
        best[end] = min(splits, key=len, default=None)
    return best[-1] or [letters]
