"""WordNet: lemmas as concepts, its pointers as ConceptNet's relations."""

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pyarrow as pa

from gatbert.errors import UserError
from gatbert.files.text import utf8_lines
from gatbert.knowledge.lemmas import candidate_lemmas
from gatbert.knowledge.sources.assertions import Assertions, Choice
from gatbert.knowledge.sources.rows import Row, add_rows
from gatbert.knowledge.sources.source import Source
from gatbert.knowledge.stop_words import STOP_WORDS

WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")

PARTS = {"noun": "n", "verb": "v", "adj": "a", "adv": "r"}
REMEDY = "give the dict/ folder of WordNet 3"

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
class Synset:
    """Hold one synset of a data file.

    Attributes:
        key: Part of speech and byte offset, such as ``n00001740``.
        lemmas: Its lemmas, in lower case, without syntactic markers.
        spelled: The same as they are written, ``Joe_Biden`` with its capitals.
        pointers: Pointer symbol, key of the other synset, and number of the lemma there and here, 0 for all.
        definition: What the synset means, without examples.
    """

    key: str
    lemmas: tuple[str, ...]
    spelled: tuple[str, ...]
    pointers: tuple[tuple[str, str, int, int], ...]
    definition: str


@dataclass(frozen=True)
class WordNet(Source):
    """WordNet, from its ``dict/`` folder (wndb(5)).

    Folder: ``data.*``, ``index.*`` and ``*.exc`` of WordNet 3.0 (https://wordnet.princeton.edu). Licence: WordNet's
    own, free for any use. 117,659 synsets: 82,115 nouns, 13,767 verbs, 18,156 adjectives, 3,621 adverbs.

    The weight of an edge is 1 / the larger sense number of its two lemmas, so that a rare sense of a common word
    (``power``, someone influential) weighs less than the usual one. Irregular forms (``*.exc``) become ``FormOf``.
    With ``glosses``, a lemma is ``RelatedTo`` each lemma in its definition, at half the weight, as ConceptNet does with
    the definitions of Wiktionary: that ties ``abortion`` to ``pregnancy``, and ``atheism`` to ``god``.

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
        for part in PARTS:
            for name in (f"data.{part}", f"index.{part}", f"{part}.exc"):
                if not (self.file / name).is_file():
                    raise UserError(f"wordnet: {self.file / name} is missing; {REMEDY}")

    def add(self, assertions: Assertions) -> int:
        """Add the relations of lemmas, and how these are spelled."""
        synsets = {synset.key: synset for part in PARTS for synset in read_synsets(self.file, part)}
        ranks = {key: rank for part in PARTS for key, rank in _sense_ranks(self.file, part).items()}
        rows = [*_synonyms(synsets, ranks), *_pointers(synsets, ranks, self.file), *_irregular_forms(self.file)]
        rows += _definitions(synsets, ranks) if self.glosses else []
        if not rows:
            raise UserError(f"wordnet: {self.file} has no lemma that is related to another; {REMEDY}")
        language = assertions.choice.languages[0]
        # WordNet minds case: every lemma as it is written, with its capitals, and irregular forms, which have none
        forms = (head for head, relation, _, _ in rows if relation == "FormOf")
        written = dict.fromkeys([*(lemma for synset in synsets.values() for lemma in synset.spelled), *forms])
        keys, phrases = zip(*((f"{language}/{one.lower()}", one.replace("_", " ")) for one in written), strict=True)
        assertions.add_spelled_table("spell WordNet", pa.table({"key": keys, "phrase": phrases}))
        related = (Row(f"{language}/{h}", name, f"{language}/{t}", weight, "WordNet") for h, name, t, weight in rows)
        return add_rows(assertions, f"read {self.file.name} of WordNet", related)


def read_synsets(folder: Path, part: str) -> Iterator[Synset]:
    """Yield the synsets of one part of speech: noun, verb, adj or adv."""
    letter = PARTS[part]
    for number, line in _lines(folder / f"data.{part}"):
        entry, _, gloss = line.partition("|")
        # Offset, file, part of speech, number of lemmas in hexadecimal; each lemma and its id; number of pointers, each
        # with symbol, offset, part of speech, and the two lemmas in hexadecimal; then frames, which nobody reads.
        fields = entry.split()
        try:
            num_lemmas = int(fields[3], 16)
            spelled = tuple(_spelled(word) for word in fields[4 : 4 + 2 * num_lemmas : 2])
            rest = fields[4 + 2 * num_lemmas :]
            num_pointers = int(rest[0])
            if num_pointers > len(rest):
                raise ValueError("pointers are missing")
            pointers = [rest[start : start + 4] for start in range(1, 1 + 4 * num_pointers, 4)]
            typed = tuple(
                (symbol, ("a" if pos == "s" else pos) + offset, int(lemma[2:], 16), int(lemma[:2], 16))
                for symbol, offset, pos, lemma in pointers
            )
            if len(spelled) != num_lemmas or not spelled:
                raise ValueError("lemmas are missing")
        except (ValueError, IndexError) as error:
            raise UserError(
                f"{folder / f'data.{part}'}:{number}: no synset as wndb(5) describes it ({error})"
            ) from error
        lemmas = tuple(map(str.lower, spelled))
        yield Synset(letter + fields[0], lemmas, spelled, typed, gloss.partition('"')[0].strip(" ;\n"))


def _sense_ranks(folder: Path, part: str) -> dict[tuple[str, str], int]:
    """Return which sense of a lemma a synset is, 1 for the most frequent, by synset and lemma."""
    ranks = {}
    for number, line in _lines(folder / f"index.{part}"):
        fields = line.split()
        try:
            senses = fields[-int(fields[2]) :]
        except (ValueError, IndexError) as error:
            raise UserError(f"{folder / f'index.{part}'}:{number}: no entry as wndb(5) describes it") from error
        for rank, offset in enumerate(senses, start=1):
            ranks[PARTS[part] + offset, fields[0]] = rank
    return ranks


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


def _irregular_forms(folder: Path) -> Iterator[Related]:
    """Yield each irregular form with its lemmas, as ``women`` with ``woman``."""
    forms: dict[tuple[str, str], None] = {}
    for part in PARTS:
        for number, line in _lines(folder / f"{part}.exc"):
            form, *lemmas = (_spelled(word).lower() for word in line.split()) if line.strip() else ("",)
            if not lemmas:
                raise UserError(
                    f"{folder / f'{part}.exc'}:{number}: no form and its lemmas, as morphy(7WN) describes them"
                )
            forms |= {(form, lemma): None for lemma in lemmas if lemma != form}
    for form, lemma in forms:
        yield form, "FormOf", lemma, 1.0


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the numbered lines of a file below its licence, whose lines start with white space."""
    for number, line in enumerate(utf8_lines(path), start=1):
        if not line.startswith("  "):
            yield number, line


def _spelled(word: str) -> str:
    """Return a lemma as a term, but for its case: without the marker of an adjective's position, as ``galore(ip)``."""
    return word.split("(")[0].replace("/", "_")
