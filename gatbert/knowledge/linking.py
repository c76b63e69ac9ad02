"""Linking: which concepts of the graph the words of a text mention."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from gatbert.knowledge.graph import KnowledgeGraph
from gatbert.knowledge.lemmas import candidate_lemmas
from gatbert.knowledge.stop_words import FUNCTION_WORDS, STOP_WORDS
from gatbert.knowledge.words import BREAK, Part, parts_of

FORM_OF = "FormOf"


class Mention(NamedTuple):
    """Say that some words mention a concept.

    Attributes:
        word_index: First and last word, as positions in the text's words.
        concept: Concept id.
    """

    word_index: tuple[int, int]
    concept: int


@dataclass(frozen=True)
class LinkingSettings:
    """Say how words are linked.

    Attributes:
        max_words: Most words of an n-gram.
        stop_words: Whether words that carry no topic (the list of ``stop_words.py``) are left out.
        degree_cap: Concepts with more edges are not linked; 0 for no cap.
    """

    max_words: int = 4
    stop_words: bool = True
    degree_cap: int = 0


class Linker:
    """Link words to concepts: the longest n-gram first, then the word, then its lemma.

    An n-gram neither begins nor ends with a function word, and has a word that is no stop word. An inflected form that
    the graph knows (``women``) stands for the lemma that its ``FormOf`` edges name; one that it does not know is tried
    by its endings (``pipelines``).

    Args:
        graph: The knowledge graph.
        settings: How words are linked.
        allowed: Concepts that may be linked; by default all.
    """

    def __init__(
        self, graph: KnowledgeGraph, settings: LinkingSettings | None = None, allowed: Iterable[int] | None = None
    ) -> None:
        self.graph = graph
        self.settings = settings or LinkingSettings()
        self.allowed = None if allowed is None else frozenset(allowed)
        self.stop_words = STOP_WORDS if self.settings.stop_words else frozenset()
        self.function_words = FUNCTION_WORDS & self.stop_words
        names = graph.relation_vocabulary.names
        self._form_of = graph.relation_vocabulary.id(FORM_OF) if FORM_OF in names else -1
        self._concepts: dict[str, int] = {}
        self._lemmas: dict[int, tuple[int, ...]] = {}

    def link(self, words: Sequence[str]) -> list[Mention]:
        """Return the mentions of a text, in order; those of one n-gram do not overlap those of another."""
        parts = self._split_hashtags(words, parts_of(words))
        ngrams = self._ngrams(parts)
        self._look_up({phrase for row in ngrams for phrase in row if phrase})
        mentions: list[Mention] = []
        start = 0
        while start < len(parts):
            size, concepts = self._longest(parts, start, ngrams[start])
            span = (parts[start].word_index, parts[start + size - 1].word_index)
            mentions += (Mention(span, concept) for concept in concepts)
            start += size
        return list(dict.fromkeys(mentions))

    def unlinked(self, words: Sequence[str], mentions: Sequence[Mention]) -> list[str]:
        """Return the folded words that are no stop words and mention nothing."""
        covered = {i for mention in mentions for i in range(mention.word_index[0], mention.word_index[1] + 1)}
        parts = parts_of(words)
        return [part.folded for part in parts if part.word_index not in covered and self._is_content(part.folded)]

    def _is_content(self, folded: str) -> bool:
        return len(folded) > 1 and folded not in self.stop_words and not folded[0].isdigit()

    def _ngrams(self, parts: Sequence[Part]) -> list[list[str]]:
        """Return, for each start, the n-grams that may be linked, by their number of words less one."""
        rows: list[list[str]] = []
        for start, part in enumerate(parts):
            row: list[str] = []
            phrase, has_content = "", False
            for other in parts[start : start + self.settings.max_words]:
                if other.folded == BREAK or part.folded in self.function_words:
                    break
                phrase = f"{phrase} {other.folded}" if phrase else other.folded
                has_content = has_content or self._is_content(other.folded)
                row.append(phrase if has_content and other.folded not in self.function_words else BREAK)
            rows.append(row)
        return rows

    def _longest(self, parts: Sequence[Part], start: int, row: Sequence[str]) -> tuple[int, tuple[int, ...]]:
        for size in range(len(row), 0, -1):
            phrase = row[size - 1]
            if phrase and (concepts := self._usable(phrase)):
                return size, concepts
        return 1, ()

    def _usable(self, phrase: str) -> tuple[int, ...]:
        """Return the concepts that stand for a phrase, as far as they may be linked."""
        concept = self._concepts[phrase]
        found = self._with_lemmas(concept) if concept >= 0 else self._by_ending(phrase)
        if self.settings.degree_cap:
            found = tuple(c for c in found if self.graph.degree(c) <= self.settings.degree_cap)
        return found if self.allowed is None else tuple(c for c in found if c in self.allowed)

    def _with_lemmas(self, concept: int) -> tuple[int, ...]:
        """Return the lemmas that a concept is a form of, and the concept, unless it is nothing but a form."""
        if concept not in self._lemmas:
            around = self.graph.neighbours(concept)
            forms = around.relations == self._form_of
            lemmas = tuple(dict.fromkeys(around.neighbours[forms].tolist()))
            content = tuple(lemma for lemma in lemmas if self.graph.label(lemma) not in self.stop_words)
            self._lemmas[concept] = content if lemmas and forms.all() else (concept, *content)
        return self._lemmas[concept]

    def _by_ending(self, phrase: str) -> tuple[int, ...]:
        """Return the concept of a phrase whose last word is inflected."""
        head, _, last = phrase.rpartition(" ")
        candidates = [f"{head} {lemma}".strip() for lemma in candidate_lemmas(last)]
        self._look_up(candidates)
        found = (self._concepts[c] for c in candidates if self._concepts[c] >= 0 and c not in self.stop_words)
        return next(((concept,) for concept in found), ())

    def _look_up(self, phrases: Iterable[str]) -> None:
        """Learn the concepts of phrases, all unknown ones in one search."""
        new = [phrase for phrase in phrases if phrase not in self._concepts]
        if len(self._concepts) > CACHED_PHRASES:
            self._concepts.clear()
            new = list(phrases)
        self._concepts |= zip(new, self.graph.concept_ids(new).tolist(), strict=True)

    def _split_hashtags(self, words: Sequence[str], parts: list[Part]) -> list[Part]:
        """Split hashtags in lower case, such as ``#climatechange``, into the fewest words that the graph knows."""
        result = []
        for part in parts:
            if part.folded and words[part.word_index][0] == "#" and len(part.folded) > LEAST_SPLIT:
                result += [replace(part, folded=piece) for piece in self._fewest_words(part.folded)]
            else:
                result.append(part)
        return result

    def _fewest_words(self, letters: str) -> list[str]:
        pieces = {letters[i:j] for i in range(len(letters)) for j in range(i + 1, min(len(letters), i + 16) + 1)}
        self._look_up(pieces)
        known = {
            piece: self._concepts[piece] >= 0 or piece in STOP_WORDS
            for piece in pieces
            if len(piece) > 2 or piece in STOP_WORDS
        }
        if known.get(letters):
            return [letters]
        best: list[list[str] | None] = [[], *[None] * len(letters)]
        for end in range(1, len(letters) + 1):
            splits = [
                [*before, letters[start:end]]
                for start in range(max(0, end - 16), end)
                if (before := best[start]) is not None and known.get(letters[start:end])
            ]
            best[end] = min(splits, key=len, default=None)
        return best[-1] or [letters]


CACHED_PHRASES = 1 << 20
"""Phrases whose concepts are remembered at most; natural language repeats itself."""

LEAST_SPLIT = 5
"""Hashtags this short are words or initials."""


def seeds_of(mentions: Iterable[Mention]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the concepts that are mentioned, ascending, each once."""
    return np.unique(np.fromiter((mention.concept for mention in mentions), np.int64))


def words_of(mentions: Iterable[Mention]) -> Mapping[int, set[int]]:
    """Return the words of each concept that is mentioned."""
    words: dict[int, set[int]] = {}
    for mention in mentions:
        first, last = mention.word_index
        words.setdefault(mention.concept, set()).update(range(first, last + 1))
    return words
