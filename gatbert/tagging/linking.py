"""Linking: which concepts of the graph the words of a text mention."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gatbert.corpora.tagging_settings import LinkingSettings
from gatbert.knowledge.graph import KnowledgeGraph
from gatbert.knowledge.lemmas import candidate_lemmas
from gatbert.knowledge.stop_words import FUNCTION_WORDS, STOP_WORDS
from gatbert.samples.phrases import PhraseCache
from gatbert.samples.words import BREAK, Part, parts_of

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

    def links(self, first_word: int = 0) -> Iterator[tuple[int, int]]:
        """Yield word and concept of every mention, word by word, where the words count from ``first_word``."""
        for (first, last), concept in self.mentions:
            for word in range(first, last + 1):
                yield first_word + word, concept


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
        names = graph.relations.names
        self._form_of = graph.relations.id(FORM_OF) if FORM_OF in names else None
        self._concepts = PhraseCache(graph.concept_ids, CACHED_PHRASES)
        self._usable_concepts = PhraseCache(self._find_usable, CACHED_PHRASES)

    def link(self, words: Sequence[str]) -> Linked:
        """Return what the words of a text mention."""
        # All n-grams are looked up in one search, then the longest that mention something are chosen.
        parts = self._split_hashtags(words, parts_of(words))
        ngrams = self._ngrams(parts)
        usable = self._usable_concepts.look_up(phrase for row in ngrams for phrase in row if phrase)
        mentions: dict[Mention, None] = {}
        covered: set[int] = set()
        start = 0
        while start < len(parts):  # from left to right; after an n-gram that mentions something, behind it
            size, concepts = _longest(ngrams[start], usable)
            span = (parts[start].word_index, parts[start + size - 1].word_index)
            mentions |= {Mention(span, concept): None for concept in concepts}
            covered.update(range(span[0], span[1] + 1) if concepts else ())
            start += size
        unlinked = (part.folded for part in parts if part.word_index not in covered and self._is_missed(part.folded))
        return Linked(tuple(words), tuple(mentions), tuple(unlinked))

    def _is_content(self, folded: str) -> bool:
        return len(folded) > 1 and folded not in self.stop_words and not folded[0].isdigit()

    def _is_missed(self, folded: str) -> bool:
        """Tell whether a word that mentions nothing should have: it is no stop word, and no form of one."""
        return self._is_content(folded) and self.stop_words.isdisjoint(candidate_lemmas(folded))

    def _ngrams(self, parts: Sequence[Part]) -> list[list[str]]:
        """Return, for each start, the n-grams that may be linked, by their number of words less one."""
        rows: list[list[str]] = []
        for start, part in enumerate(parts):
            row: list[str] = []
            phrase, has_content = "", False
            for other in parts[start : start + self.settings.max_words]:
                # No n-gram goes on over a full stop or the like, or begins with a function word.
                if other.folded == BREAK or part.folded in self.function_words:
                    break
                phrase = f"{phrase} {other.folded}" if phrase else other.folded
                has_content = has_content or self._is_content(other.folded)
                row.append(phrase if has_content and other.folded not in self.function_words else BREAK)
            rows.append(row)
        return rows

    def _find_usable(self, phrases: Sequence[str]) -> Iterator[tuple[int, ...]]:
        """Yield the concepts for which each phrase stands, as far as they may be linked, all in two searches."""
        # Phrases that are no concept are tried by the endings of their last words.
        concepts = self._concepts.look_up(phrases)
        by_ending = {phrase: _by_ending(phrase) for phrase in phrases if concepts[phrase] is None}
        lemmas = self._concepts.look_up({lemma for candidates in by_ending.values() for lemma in candidates})
        for phrase in phrases:
            found: tuple[int, ...]
            if (concept := concepts[phrase]) is not None:
                found = self._with_lemmas(concept)
            else:
                stems = (lemmas[lemma] for lemma in by_ending[phrase] if lemma not in self.stop_words)
                found = next(((stem,) for stem in stems if stem is not None), ())
            yield tuple(one for one in found if self._may_be_linked(one))

    def _may_be_linked(self, concept: int) -> bool:
        cap = self.settings.degree_cap
        return (not cap or self.graph.degree(concept) <= cap) and (self.allowed is None or concept in self.allowed)

    def _with_lemmas(self, concept: int) -> tuple[int, ...]:
        """Return the lemmas that a concept is a form of, and the concept, unless it is nothing but a form."""
        if not self._is_form[concept]:
            return (concept,)
        around = self.graph.neighbours(concept)
        # (edges,): a concept with FormOf alone is nothing but a form
        forms = around.relation_ids == self._form_of
        lemmas = dict.fromkeys(around.neighbours[forms].tolist())
        content = tuple(lemma for lemma in lemmas if self.graph.label(lemma) not in self.stop_words)
        return content if forms.all() else (concept, *content)

    @cached_property
    def _is_form(self) -> npt.NDArray[np.bool_]:
        """Which concepts are a form of another ``(concepts,)``."""
        is_form = np.zeros(len(self.graph), np.bool_)
        if self._form_of is not None:
            # (edges,) positions in the graph's rows; the row of a position is the last that begins at it or before
            edges = np.flatnonzero(self.graph.relation_ids == self._form_of)
            is_form[np.searchsorted(self.graph.offsets, edges, side="right") - 1] = True
        return is_form

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
        """Return letters as the fewest words that are concepts or stop words, or whole if they are none."""
        ends = {start: range(start + 1, min(len(letters), start + MOST_LETTERS) + 1) for start in range(len(letters))}
        pieces = {letters[start:end] for start in ends for end in ends[start]}
        concepts = self._concepts.look_up(pieces)
        known = {
            piece: concepts[piece] is not None or piece in STOP_WORDS
            for piece in pieces
            if len(piece) > 2 or piece in STOP_WORDS
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


def _by_ending(phrase: str) -> list[str]:
    """Return what a phrase may be a form of: the same with a lemma of its last word."""
    head, space, last = phrase.rpartition(" ")
    return [f"{head}{space}{lemma}" for lemma in candidate_lemmas(last)]


def _longest(row: Sequence[str], usable: Mapping[str, tuple[int, ...]]) -> tuple[int, tuple[int, ...]]:
    """Return the number of words and the concepts of the longest n-gram of a row that mentions any."""
    for size in range(len(row), 0, -1):
        phrase = row[size - 1]
        if phrase and (concepts := usable[phrase]):
            return size, concepts
    return 1, ()


CACHED_PHRASES = 1 << 19
"""Phrases whose concepts are remembered: those of 100,000 short posts, in about 120 MB."""

LEAST_SPLIT = 5
"""Hashtags this short are words or initials."""

MOST_LETTERS = 16
"""Letters of the longest word that is looked for in a hashtag."""
