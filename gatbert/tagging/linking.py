"""Linking: which concepts of the graph the words of a text mention."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import cast

from gatbert.corpora.known_names import KnownNames
from gatbert.corpora.tagging_settings import LinkingSettings
from gatbert.knowledge.graph import KnowledgeGraph
from gatbert.knowledge.languages import ENGLISH, Language
from gatbert.samples.phrases import fold, lowered
from gatbert.samples.words import BREAK, Case, Part, parts_of
from gatbert.tagging.mentions import Linked, Mention
from gatbert.tagging.names import Mark, mark_names
from gatbert.tagging.phrase_concepts import Concepts, PhraseConcepts
from gatbert.tagging.word_pieces import split_hashtags, split_hyphens

References = Mapping[str, Concepts]
"""What words stand for, in folded form; for no concepts, they are not linked."""

NO_REFERENCES: References = MappingProxyType({})


class Linker:
    """Link words to concepts: the longest n-gram first, then the word, then its lemma.

    An n-gram neither begins nor ends with a function word, and has a word that is no stop word. What is written as a
    name is looked up as one, and the parts of a name of several words never stand for something alone.

    Args:
        graph: The knowledge graph.
        settings: How words are linked.
        allowed: Concepts that may be linked; by default all.
        known: What the corpus tells of names.
        language: Language of the words.
    """

    def __init__(
        self,
        graph: KnowledgeGraph,
        settings: LinkingSettings | None = None,
        allowed: Iterable[int] | None = None,
        known: KnownNames | None = None,
        language: Language = ENGLISH,
    ) -> None:
        self.graph, self.language = graph, language
        self.settings = settings or LinkingSettings()
        self.known = known or KnownNames()
        self.stop_words = language.stop_words if self.settings.stop_words else frozenset()
        only = None if allowed is None else frozenset(allowed)
        rest = (self.settings.degree_cap, only, self.known.names, language)
        self.concepts = PhraseConcepts(graph, self.stop_words, *rest)

    def link(self, words: Sequence[str], names: References = NO_REFERENCES) -> Linked:
        """Return what the words of a text mention.

        Args:
            words: The words.
            names: What the words of a name stand for, whatever their case, as ``link_target`` returns it.
        """
        return self._link(words, names, is_target=False)[0]

    def link_target(self, words: Sequence[str]) -> tuple[Linked, References]:
        """Return what the words of a target mention, and what those that are of a name stand for in its text."""
        linked, parts, marks = self._link(words, NO_REFERENCES, is_target=True)
        return linked, dict(self._references(parts, marks, linked))

    def _link(
        self, words: Sequence[str], names: References, is_target: bool
    ) -> tuple[Linked, Sequence[Part], Sequence[Mark]]:
        """Return what words mention, by which parts of them, and what is written as a name."""
        parts = split_hashtags(words, self._parts(words), self.concepts, self.language.stop_words)
        marks = mark_names(parts, self.known, is_target, self.language)
        linked = self._link_parts(words, parts, marks, names)
        # What hyphens join is tried apart where it mentions nothing as it is.
        if any("-" in part.folded for part in parts):
            apart = split_hyphens(words, parts, linked.covered)
            if apart != parts:
                parts, marks = apart, mark_names(apart, self.known, is_target, self.language)
                linked = self._link_parts(words, parts, marks, names)
        return linked, parts, marks

    def _parts(self, words: Sequence[str]) -> list[Part]:
        """Return the parts of words; but in English with diacritics, and without what an apostrophe joins to them."""
        parts = parts_of(words)
        return parts if self.language is ENGLISH else [self._as_written(part, words[part.word_index]) for part in parts]

    def _as_written(self, part: Part, word: str) -> Part:
        written = lowered(word.replace("\u2019", "'"))
        # A piece of a hashtag stands nowhere else.
        return part._replace(
            folded=self.language.without_elision(written if fold(written) == part.folded else part.folded)
        )

    def _lemmas(self, words: Sequence[str], parts: Sequence[Part]) -> list[str]:
        """Return the lemma of each part that the language's library knows; none where it says little."""
        if not self.language.has_library:
            return [""] * len(parts)
        written = [self.language.without_elision(words[part.word_index].replace("\u2019", "'")) for part in parts]
        whole = [
            word if lowered(word) == part.folded else part.folded for part, word in zip(parts, written, strict=True)
        ]
        found = [self.language.lemma(word) if word else "" for word in whole]
        return ["" if lemma in self.stop_words else lemma for lemma in found]

    def _link_parts(
        self, words: Sequence[str], parts: Sequence[Part], marks: Sequence[Mark], names: References
    ) -> Linked:
        """Return what the parts of words mention."""
        # All n-grams are looked up in one search, then the longest that mention something are chosen.
        ngrams = self._ngrams(parts)
        longest = self._look_up(ngrams, self._lemmas(words, parts), marks, names)
        mentions: dict[Mention, None] = {}
        start = 0
        while start < len(parts):  # from left to right; after an n-gram that mentions something, behind it
            size, concepts = longest(start)
            span = (parts[start].word_index, parts[start + size - 1].word_index)
            mentions |= {Mention(span, concept): None for concept in concepts}
            start += size
        linked = Linked(tuple(words), tuple(mentions), ())
        missed = (p.folded for p in parts if p.word_index not in linked.covered and self._is_missed(p.folded))
        return replace(linked, unlinked=tuple(missed))

    def _look_up(
        self, ngrams: Sequence[Sequence[str]], lemmas: Sequence[str], marks: Sequence[Mark], names: References
    ) -> Callable[[int], tuple[int, Concepts]]:
        """Return the function that tells, by its start, the longest n-gram that stands for something, and for what."""
        meaning = self._meanings(ngrams, lemmas, marks)

        def longest(start: int) -> tuple[int, Concepts]:
            row = ngrams[start]
            for size in range(len(row), 0, -1):
                if not (phrase := row[size - 1]):
                    continue
                found = meaning(phrase, start + size - 1)
                if size == 1 and phrase in names and self._is_short_for(start, ngrams, marks, names):
                    found = names[phrase]
                elif size == 1 and marks[start] is Mark.IN_NAME:
                    found = ()
                if found:
                    return size, found
            return 1, ()

        return longest

    def _meanings(
        self, ngrams: Sequence[Sequence[str]], lemmas: Sequence[str], marks: Sequence[Mark]
    ) -> Callable[[str, int], Concepts]:
        """Return the function that tells, by its phrase and its last part, for what an n-gram stands."""
        # An n-gram is a name if its last word is one: "Trump supporters" may be inflected, "Rush Limbaugh" may not.
        words: list[str] = []
        written: list[str] = []
        for start, row in enumerate(ngrams):
            for last, phrase in enumerate(row, start):
                if phrase:
                    (words if marks[last] is Mark.WORD else written).append(phrase)
                    if lemmas[last]:
                        words.append(_with_last(phrase, lemmas[last]))
        as_words, as_names = self.concepts.of_words(words), self.concepts.of_names(written)

        def meaning(phrase: str, last: int) -> Concepts:
            if marks[last] is not Mark.WORD:
                return as_names[phrase]
            return as_words[phrase] or (as_words[_with_last(phrase, lemmas[last])] if lemmas[last] else ())

        return meaning

    def _is_short_for(
        self, index: int, ngrams: Sequence[Sequence[str]], marks: Sequence[Mark], names: References
    ) -> bool:
        """Tell whether a part may be short for a name: ``Trump``, also of ``Donald J Trump``, not ``Trump Tower``."""
        beside = [other for other in (index - 1, index + 1) if 0 <= other < len(marks) and marks[other] is Mark.IN_NAME]
        return marks[index] is not Mark.IN_NAME or any(ngrams[other][0] in names for other in beside if ngrams[other])

    def _references(
        self, parts: Sequence[Part], marks: Sequence[Mark], linked: Linked
    ) -> Iterator[tuple[str, Concepts]]:
        """Yield the words of the names in a target, and what they stand for in its text.

        A word that the corpus writes in lower case, or that is one like another for the graph, may stand for itself
        there: ``black`` is no ``Black Lives Matter``, unless the graph knows it as a form of the name.
        """
        for part, mark in zip(parts, marks, strict=True):
            if not self._is_content(part.folded):
                continue
            concepts = linked.mentioned_by(part.word_index)
            own = self.concepts.ids([part.folded])[part.folded]
            if own is not None and set(self.concepts.lemmas(own)[0]) & set(concepts):
                yield part.folded, concepts
                continue
            # A headline's capitals make no name of what the graph takes for a word like others.
            is_name = any(map(self.graph.is_name, concepts)) or (mark is Mark.IN_NAME and not concepts)
            if part.folded in self.known.names or (is_name and own is None and part.folded not in self.known.common):
                yield part.folded, concepts
            elif is_name and own not in concepts and part.folded not in self.known.common:
                yield part.folded, concepts if self.graph.is_name(cast(int, own)) else ()

    def _is_content(self, folded: str) -> bool:
        return len(folded) > 1 and folded not in self.stop_words and not folded[0].isdigit()

    def _is_missed(self, folded: str) -> bool:
        """Tell whether a word that mentions nothing should have: it is no stop word, and no form of one."""
        return self._is_content(folded) and self.stop_words.isdisjoint(self.language.by_ending(folded))

    def _is_grammar(self, part: Part) -> bool:
        """Tell whether a part is a word of grammar, and not a capitalised one in a name, as in Second Amendment."""
        is_capital = part.case is Case.CAPITAL and not part.starts_sentence
        return part.folded in self.language.function_words and not is_capital

    def _ngrams(self, parts: Sequence[Part]) -> list[list[str]]:
        """Return, for each start, the n-grams that may be linked, by their number of words less one."""
        are_grammar = [self.settings.stop_words and self._is_grammar(part) for part in parts]
        are_content = [self._is_content(part.folded) for part in parts]
        rows: list[list[str]] = []
        for start in range(len(parts)):
            row: list[str] = []
            phrase, has_content = "", False
            # No n-gram begins with a word of grammar, or goes on over a full stop or the like.
            for end in range(start, start if are_grammar[start] else min(start + self.settings.max_words, len(parts))):
                folded = parts[end].folded
                if folded == BREAK:
                    break
                phrase = f"{phrase} {folded}" if phrase else folded
                has_content = has_content or are_content[end]
                row.append(phrase if has_content and not are_grammar[end] else BREAK)
            rows.append(row)
        return rows


def _with_last(phrase: str, lemma: str) -> str:
    """Return a phrase with a lemma in the place of its last word."""
    head, space, _ = phrase.rpartition(" ")
    return f"{head}{space}{lemma}"
