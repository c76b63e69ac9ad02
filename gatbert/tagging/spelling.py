"""How a corpus spells its phrases: with capitals, or in lower case."""

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence

from gatbert.corpora.known_names import KnownNames
from gatbert.knowledge.graph import KnowledgeGraph
from gatbert.knowledge.languages import Language, language
from gatbert.samples import Sample
from gatbert.samples.words import Case, Part, parts_of, split_words
from gatbert.tagging.linkers import language_of
from gatbert.tagging.names import MOST_WORDS, capitalised_runs, phrase_of, tells_case
from gatbert.tagging.phrase_concepts import PhraseConcepts


def find_names(samples: Iterable[Sample], graph: KnowledgeGraph) -> KnownNames:
    """Return what the spelling of a corpus tells.

    A capital counts within a sentence only, and in no headline. A phrase is in lower case where its last word is, as
    ``Trump supporters``. Targets are asked for, but are no evidence: they are often written as headlines.

    Texts of other languages than the graph's first are left out; where every noun has a capital, nothing is told.

    Args:
        samples: The corpus.
        graph: The knowledge graph: words that could mention none of its concepts are left out.
    """
    code = graph.languages[0]
    own = language(code)
    samples = [sample for sample in samples if language_of(sample, graph.languages) == code]
    if not own.capitals_tell_names:
        return KnownNames()
    # A text may stand there with several targets.
    texts = list(dict.fromkeys(sample.text for sample in samples))
    targets = {
        phrase for target in {s.target for s in samples} for phrase in _ngrams(own, parts_of(split_words(target)))
    }
    capitalised: Counter[str] = Counter(dict.fromkeys(targets, 0))
    in_names: set[str] = set()
    for parts in _telling(texts):
        for phrase, counts in _capitalised(own, parts):
            capitalised[phrase] += counts
            in_names.update(phrase.split() if " " in phrase else ())
    # Phrases that are never written with capitals are of no interest.
    first_words = {phrase.partition(" ")[0] for phrase in capitalised}
    lower: Counter[str] = Counter()
    for parts in _telling(texts):
        # Who sets no capital but those of "I" and first words may write a name in lower case, such as the target's.
        sets_capitals = any(p.case is Case.CAPITAL and not p.starts_sentence and p.folded != "i" for p in parts)
        found = (phrase for phrase in _ngrams(own, parts, first_words, Case.LOWER) if phrase in capitalised)
        lower.update(phrase for phrase in found if sets_capitals or phrase not in targets)
    known = PhraseConcepts(graph, language=own).of_words([phrase for phrase in capitalised if " " not in phrase])
    kept = [phrase for phrase in capitalised if known.get(phrase, lower[phrase]) or phrase in targets]

    def is_sure(phrase: str) -> bool:
        # A single word that has a capital once may be emphasised; one in a name of several words is not.
        return " " in phrase or phrase in in_names or capitalised[phrase] > 1

    return KnownNames(
        names=frozenset(phrase for phrase in kept if capitalised[phrase] > lower[phrase] and is_sure(phrase)),
        common=frozenset(phrase for phrase in kept if 0 < lower[phrase] >= capitalised[phrase]),
    )


def _telling(texts: Iterable[str]) -> Iterator[list[Part]]:
    """Yield the parts of each text whose writer sets capitals, and not everywhere."""
    for text in texts:
        parts = parts_of(split_words(text))
        if any(part.case is Case.CAPITAL for part in parts) and tells_case(parts):
            yield parts


def _capitalised(own: Language, parts: Sequence[Part]) -> Iterator[tuple[str, int]]:
    """Yield the phrases of a text that have capitals, and for how many times each counts: not at all, or once."""
    for start, end in capitalised_runs(parts, own):
        if 1 < end - start <= MOST_WORDS:
            yield phrase_of(parts[start:end]), 1
        for part in parts[start:end]:
            yield part.folded, int(not part.starts_sentence)
    yield from ((part.folded, 0) for part in parts if part.case in (Case.UPPER, Case.PIECE))


def _ngrams(
    own: Language, parts: Sequence[Part], first_words: Container[str] | None = None, last: Case | None = None
) -> Iterator[str]:
    """Yield the n-grams of a text.

    Args:
        own: Its language.
        parts: Its parts.
        first_words: Words with which one may begin; by default all that are no words of grammar.
        last: Case of the last word; by default any.
    """
    for start, part in enumerate(parts):
        if part.folded in own.function_words or (first_words is not None and part.folded not in first_words):
            continue
        phrase = ""
        for other in parts[start : start + MOST_WORDS]:
            if not other.folded:
                break
            phrase = f"{phrase} {other.folded}" if phrase else other.folded
            if last is None or other.case is last:
                yield phrase
