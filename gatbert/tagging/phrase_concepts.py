"""For which concepts a phrase stands: as a word with all its forms, or as a name."""

from collections.abc import Iterator, Mapping, Sequence, Set
from functools import cached_property

import numpy as np
import numpy.typing as npt

from gatbert.knowledge.graph import KnowledgeGraph
from gatbert.knowledge.languages import ENGLISH, Language
from gatbert.samples.phrases import PhraseCache, fold

FORM_OF = "FormOf"

CACHED_PHRASES = 1 << 19
"""Phrases whose concepts are remembered: those of 100,000 short posts, in about 120 MB."""

Concepts = tuple[int, ...]


class PhraseConcepts:
    """Look phrases up in a graph.

    As a **word**, a phrase stands for its concept and for the lemmas that the concept is a form of (``women``); one
    that the graph does not know is tried by its endings (``pipelines``). As a **name** it is not: ``Pence`` is no form
    of ``penny``, nor ``Sanders`` of ``sander``. A name stands for the names that it is a form of (``Biden`` of
    ``Joe Biden``), else for its own concept.

    Args:
        graph: The knowledge graph.
        stop_words: Lemmas for which no phrase stands.
        degree_cap: Concepts with more edges are not linked; 0 for no cap.
        allowed: Concepts that may be linked; by default all.
        names: Words that are names, whatever the graph takes them for.
        language: Language of the phrases, and of the concepts that they find.
    """

    def __init__(
        self,
        graph: KnowledgeGraph,
        stop_words: Set[str] = frozenset(),
        degree_cap: int = 0,
        allowed: Set[int] | None = None,
        names: Set[str] = frozenset(),
        language: Language = ENGLISH,
    ) -> None:
        self.graph, self.stop_words, self.degree_cap = graph, stop_words, degree_cap
        self.allowed, self.names, self.language = allowed, names, language
        relations = graph.relations
        self._form_of = relations.id(FORM_OF) if FORM_OF in relations.names else None
        self._ids = PhraseCache(self._find_ids, CACHED_PHRASES)
        self._of_words = PhraseCache(self._find_words, CACHED_PHRASES)
        self._of_names = PhraseCache(self._find_names, CACHED_PHRASES)

    def ids(self, phrases: Sequence[str] | Set[str]) -> Mapping[str, int | None]:
        """Return the concept of each phrase, as the language compares them, ``None`` where there is none."""
        return self._ids.look_up(phrases)

    def of_words(self, phrases: Sequence[str]) -> Mapping[str, Concepts]:
        """Return the concepts for which each phrase stands as a word."""
        return self._of_words.look_up(phrases)

    def of_names(self, phrases: Sequence[str]) -> Mapping[str, Concepts]:
        """Return the concepts for which each phrase stands as a name."""
        return self._of_names.look_up(phrases)

    def _find_ids(self, phrases: Sequence[str]) -> Sequence[int | None]:
        found = self.graph.concept_ids(phrases, self.language.code)
        if self.language is ENGLISH:
            return found
        folded = self.graph.concept_ids([*map(fold, phrases)], self.language.code)
        return [other if one is None else one for one, other in zip(found, folded, strict=True)]

    def _find_words(self, phrases: Sequence[str]) -> Iterator[Concepts]:
        # Phrases that are no concept are tried by the endings of their last words, all in two searches.
        concepts = self._ids.look_up(phrases)
        by_ending = {phrase: self._by_ending(phrase) for phrase in phrases if concepts[phrase] is None}
        lemmas = self._ids.look_up({lemma for candidates in by_ending.values() for lemma in candidates})
        for phrase in phrases:
            found: Concepts
            if (concept := concepts[phrase]) is not None:
                found = self._with_lemmas(concept)
            else:
                stems = (
                    lemmas[lemma] for lemma in by_ending[phrase] if self._may_be_lemma(phrase, lemma, lemmas[lemma])
                )
                found = next(((stem,) for stem in stems if stem is not None), ())
            yield self._linkable(found)

    def _may_be_lemma(self, phrase: str, lemma: str, concept: int | None) -> bool:
        """Tell whether a phrase may be a form of a lemma; of a name only the plural: ``muslims``, not ``waited``."""
        if concept is None or lemma in self.stop_words:
            return False
        return phrase == f"{lemma}s" or not self.graph.is_name(concept)

    def _find_names(self, phrases: Sequence[str]) -> Iterator[Concepts]:
        concepts = self._ids.look_up(phrases)
        for phrase in phrases:
            concept = concepts[phrase]
            yield () if concept is None else self._linkable(self._as_name(phrase, concept))

    def _as_name(self, phrase: str, concept: int) -> Concepts:
        """Return the concepts for which a phrase that is one stands as a name."""
        lemmas, is_only_form = self.lemmas(concept)
        is_name = self.graph.is_name(concept)
        itself = () if is_only_form else (concept,)
        if names := tuple(filter(self.graph.is_name, lemmas)):
            return (*itself, *names) if is_name else names
        if self.graph.may_be_name(concept):
            return itself or lemmas
        # A word like others for the graph, which the corpus knows as a name, is a name that the graph does not know.
        return () if phrase in self.names and " " not in phrase else itself

    def _with_lemmas(self, concept: int) -> Concepts:
        """Return the lemmas that a concept is a form of, and the concept, unless it is nothing but a form."""
        lemmas, is_only_form = self.lemmas(concept)
        content = tuple(lemma for lemma in lemmas if self.graph.label(lemma) not in self.stop_words)
        # What is no name stands for names only where it stands for nothing else.
        plain = tuple(lemma for lemma in content if not self.graph.is_name(lemma))
        return (plain or content) if is_only_form else (concept, *plain)

    def lemmas(self, concept: int) -> tuple[Concepts, bool]:
        """Return what a concept is a form of, and whether it is nothing else."""
        if not self._is_form[concept]:
            return (), False
        around = self.graph.neighbours(concept)
        # (edges,): a concept with FormOf alone is nothing but a form
        forms = around.relation_ids == self._form_of
        return tuple(dict.fromkeys(around.neighbours[forms].tolist())), bool(forms.all())

    def _linkable(self, concepts: Concepts) -> Concepts:
        return tuple(
            one
            for one in concepts
            if (not self.degree_cap or self.graph.degree(one) <= self.degree_cap)
            and (self.allowed is None or one in self.allowed)
        )

    def _by_ending(self, phrase: str) -> list[str]:
        """Return what a phrase may be a form of: the same with a lemma of its last word."""
        head, space, last = phrase.rpartition(" ")
        return [f"{head}{space}{lemma}" for lemma in self.language.by_ending(last)]

    @cached_property
    def _is_form(self) -> npt.NDArray[np.bool_]:
        """Which concepts are a form of another ``(concepts,)``."""
        is_form = np.zeros(len(self.graph), np.bool_)
        if self._form_of is not None:
            # (edges,) positions in the graph's rows; the row of a position is the last that begins at it or before
            edges = np.flatnonzero(self.graph.relation_ids == self._form_of)
            is_form[np.searchsorted(self.graph.offsets, edges, side="right") - 1] = True
        return is_form
