"""What words mention: concepts, each by one word or several."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt


class Mention(NamedTuple):
    """Say that some words mention a concept.

    Attributes:
        word_index: First and last word, as positions in the text's words.
        concept: Concept id.
    """

    word_index: tuple[int, int]
    concept: int


@dataclass(frozen=True)
class Linked:
    """Hold the words of a text and what they mention.

    Attributes:
        words: Pieces of the text, in order.
        mentions: Mentions, in order; those of one n-gram do not overlap those of another.
        unlinked: Content words, in folded form, that mention nothing.
    """

    words: tuple[str, ...]
    mentions: tuple[Mention, ...]
    unlinked: tuple[str, ...]

    @cached_property
    def seeds(self) -> npt.NDArray[np.int64]:
        """The concepts that are mentioned, ascending, each once."""
        return np.asarray(sorted({mention.concept for mention in self.mentions}), np.int64)

    @cached_property
    def covered(self) -> frozenset[int]:
        """Positions of the words that mention something, alone or with others."""
        return frozenset(word for (first, last), _ in self.mentions for word in range(first, last + 1))

    def mentioned_by(self, word: int) -> tuple[int, ...]:
        """Return the concepts that a word mentions, alone or with others."""
        return tuple(concept for (first, last), concept in self.mentions if first <= word <= last)

    def links(self, first_word: int = 0) -> Iterator[tuple[int, int]]:
        """Yield word and concept of every mention, word by word, where the words count from ``first_word``."""
        for (first, last), concept in self.mentions:
            for word in range(first, last + 1):
                yield first_word + word, concept
