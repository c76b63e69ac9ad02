"""WordNet: lemmas as concepts, its pointers as ConceptNet's relations."""

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pyarrow as pa

from gatbert.errors import UserError
from gatbert.knowledge.lemmas import candidate_lemmas
from gatbert.knowledge.sources.assertions import Assertions, Choice
from gatbert.knowledge.sources.rows import Row, add_rows
from gatbert.knowledge.sources.source import Source
from gatbert.knowledge.sources.wordnet_files import (
    PARTS,
    Synset,
    check_wordnet,
    irregular_forms,
    read_synsets,
    sense_ranks,
)
from gatbert.knowledge.stop_words import STOP_WORDS

WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")

MOST_SENSES = 1000
"""More than any word has: the rank of a sense that the index does not list."""

HEAD_FIRST = {
    "@": "IsA",
    "@i": "InstanceOf",
    "#p": "PartOf",
    "#m": "PartOf",
    "%s": "MadeOf",
    "!": "Antonym",
    "*": "Entails",
    ">": "Causes",
    "&": "SimilarTo",
    "$": "SimilarTo",
    "^": "RelatedTo",
    "=": "RelatedTo",
    "+": "DerivedFrom",
    "\\": "DerivedFrom",
    "<": "DerivedFrom",
    ";c": "HasContext",
    ";u": "HasContext",
}
"""Relation of each pointer from a synset to another (wninput(5)). Pointers that only turn these round (hyponyms, parts,
members of a domain) are left out: the graph has every relation in both directions. ``;r``, the region in which a word
is used, is left out as well: it ties words of every topic to a country."""


@dataclass(frozen=True)
class WordNet(Source):
    """WordNet, from its ``dict/`` folder (wndb(5)).

    Folder: ``data.*``, ``index.*`` and ``*.exc`` of WordNet 3.0 (https://wordnet.princeton.edu). Licence: WordNet's
    own, free for any use. 117,659 synsets: 82,115 nouns, 13,767 verbs, 18,156 adjectives, 3,621 adverbs.

    The weight of an edge is 1 / the larger sense number of its two lemmas, so that a rare sense of a common word
    (``power``, someone influential) weighs less than the usual one. The definition of its most frequent sense is the
    gloss of a lemma. Irregular forms (``*.exc``) become ``FormOf``. With ``glosses``, a lemma is ``RelatedTo``
    each lemma in its definition, at half the weight, as ConceptNet does with the definitions of Wiktionary: that ties
    ``abortion`` to ``pregnancy``, and ``atheism`` to ``god``.

    Attributes:
        glosses: Whether lemmas are related to those of their definitions.
    """

    glosses: bool = True

    kind: ClassVar[str] = "wordnet"

    def name(self) -> str:
        """Return its name and that of the folder above: all are called dict."""
        return f"{self.file.parent.name}/{self.file.name}"

    def files(self) -> Sequence[Path]:
        """Return the files with the synsets."""
        return sorted(self.file.glob("data.*"))

    def check(self, choice: Choice) -> None:
        """Look for the files."""
        check_wordnet(self.file)

    def add(self, assertions: Assertions) -> int:
        """Add the relations of lemmas, what they mean, and how they are spelled."""
        synsets = {synset.key: synset for part in PARTS for synset in read_synsets(self.file, part)}
        ranks = {key: rank for part in PARTS for key, rank in sense_ranks(self.file, part).items()}
        forms = [(form, "FormOf", lemma, 1.0) for form, lemma in irregular_forms(self.file)]
        rows = [*_synonyms(synsets, ranks), *_pointers(synsets, ranks, self.file), *forms]
        rows += _definitions(synsets, ranks) if self.glosses else []
        if not rows:
            raise UserError(
                f"wordnet: {self.file} has no lemma that is related to another; give the dict/ folder of WordNet 3"
            )
        language = assertions.choice.languages[0]
        assertions.add_glosses(_glosses(synsets, ranks, language))
        # WordNet minds case: every lemma as it is written, with its capitals, and irregular forms, which have none
        lemmas = (lemma for synset in synsets.values() for lemma in synset.spelled)
        written = dict.fromkeys([*lemmas, *(form for form, _, _, _ in forms)])
        keys, phrases = zip(*((f"{language}/{one.lower()}", one.replace("_", " ")) for one in written), strict=True)
        assertions.add_spelled_table("spell WordNet", pa.table({"key": keys, "phrase": phrases}))
        related = (Row(f"{language}/{h}", name, f"{language}/{t}", weight, "WordNet") for h, name, t, weight in rows)
        return add_rows(assertions, f"read {self.file.name} of WordNet", related)


def _glosses(synsets: Mapping[str, Synset], ranks: Mapping[tuple[str, str], int], language: str) -> pa.Table:
    """Return the definition of each lemma in its most frequent sense, as ``Assertions.add_glosses`` takes them.

    WordNet ranks the senses of each part of speech by themselves: of the first ones, that of the noun counts.
    """
    senses: dict[str, list[tuple[int, int, str]]] = {}
    for synset in synsets.values():
        for lemma in synset.lemmas:
            rank = ranks.get((synset.key, lemma), MOST_SENSES)
            part = [*PARTS.values()].index(synset.key[0])
            senses.setdefault(lemma, []).append((rank, part, synset.definition))
    glosses = [min(some)[2] for some in senses.values()]
    return pa.table({"key": [f"{language}/{lemma}" for lemma in senses], "gloss": glosses})


Related = tuple[str, str, str, float]
"""Head, relation, tail and weight."""

Ranks = Mapping[tuple[str, str], int]
"""Which sense of a lemma a synset is, by the synset's key and the lemma."""


def _synonyms(synsets: Mapping[str, Synset], ranks: Ranks) -> Iterator[Related]:
    """Yield each two lemmas of a synset once: synonymy has no direction."""
    for synset in synsets.values():
        for index, head in enumerate(synset.lemmas):
            for tail in synset.lemmas[index + 1 :]:
                yield head, "Synonym", tail, _weight(ranks, (synset.key, head), (synset.key, tail))


def _pointers(synsets: Mapping[str, Synset], ranks: Ranks, folder: Path) -> Iterator[Related]:
    """Yield an assertion for each two lemmas that a pointer relates: all of two synsets, or one of each."""
    for synset in synsets.values():
        for symbol, key, there, here in synset.pointers:
            if symbol not in HEAD_FIRST:
                continue
            if key not in synsets:
                raise UserError(f"{folder}: synset {synset.key} points to {key}, which is not there; a file is damaged")
            # What a noun is a kind of, a verb is a manner of.
            relation = "MannerOf" if symbol == "@" and synset.key[0] == "v" else HEAD_FIRST[symbol]
            # Lemmas are numbered from 1; 0 stands for all.
            for head in synset.lemmas[here - 1 : here] if here else synset.lemmas:
                for tail in synsets[key].lemmas[there - 1 : there] if there else synsets[key].lemmas:
                    yield head, relation, tail, _weight(ranks, (synset.key, head), (key, tail))


def _definitions(synsets: Mapping[str, Synset], ranks: Ranks) -> Iterator[Related]:
    """Yield each lemma with the lemmas in its definition."""
    # Stop words are lemmas, too ("be", "have"), and would tie everything together.
    lemmas = {lemma for synset in synsets.values() for lemma in synset.lemmas} - STOP_WORDS
    for synset in synsets.values():
        for tail in dict.fromkeys(_lemmas_in(synset.definition, lemmas)):
            for head in synset.lemmas:
                yield head, "RelatedTo", tail, 0.5 * _weight(ranks, (synset.key, head), (synset.key, head))


def _lemmas_in(definition: str, lemmas: Container[str]) -> Iterator[str]:
    """Yield the lemmas that a definition names, pairs of words before single ones."""
    words = WORD.findall(definition.lower())
    start = 0
    while start < len(words):
        pair = "_".join(words[start : start + 2])
        if pair != words[start] and pair in lemmas and not STOP_WORDS & set(words[start : start + 2]):
            yield pair
            start += 1
        elif words[start] not in STOP_WORDS:
            found = next((word for word in (words[start], *candidate_lemmas(words[start])) if word in lemmas), None)
            if found is not None:
                yield found
        start += 1


def _weight(ranks: Ranks, head: tuple[str, str], tail: tuple[str, str]) -> float:
    return 1 / max(ranks.get(head, 1), ranks.get(tail, 1))
