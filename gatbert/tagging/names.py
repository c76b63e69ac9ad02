"""Names: which words of a text are written as names, alone or within a name of several words."""

from collections import Counter
from collections.abc import Iterator, Sequence
from enum import Enum

from gatbert.corpora.known_names import KnownNames
from gatbert.knowledge.languages import ENGLISH, Language
from gatbert.samples.words import Case, Part

_TITLES = """
president senator sen governor gov congressman congresswoman representative rep secretary justice judge mayor pope
pastor chancellor premier minister mr mrs ms dr prof professor rev reverend gen general
"""
TITLES = frozenset(_TITLES.split())
"""Words before a name that are no part of it, in folded form."""

MOST_WORDS = 4
"""Words of the longest name of which a corpus is asked how it is spelled."""

ALSO_SURNAMES = frozenset({"may", "will"})
"""Words of grammar that are names, too, where they have a capital within a sentence."""

HEADLINE_WORDS = 5
"""Words with capitals that a headline has at least, all of them but ``MINOR_WORDS``: its capitals tell nothing."""

_MINOR = "a an and as at but by for from in is nor of on or so the to up vs with yet"
MINOR_WORDS = frozenset(_MINOR.split())
"""Words that have no capital in a headline."""


class Mark(Enum):
    """Say how a part may be linked."""

    WORD = "a word, with all its forms"
    NAME = "a name, as it stands"
    IN_NAME = "a part of a name of several words: never alone"


def mark_names(
    parts: Sequence[Part], known: KnownNames, is_target: bool = False, language: Language = ENGLISH
) -> list[Mark]:
    """Return for each part whether it is a word, a name, or a part of a name.

    Capitals tell it, unless the corpus knows better: what it spells in lower case as often is no name, and what it
    spells with capitals elsewhere is one, even in lower case. Where every noun has a capital, they tell nothing.

    Args:
        parts: Parts of a text, or of a target.
        known: What the corpus tells.
        is_target: Whether it is a target, whose words may all have capitals: words that the corpus writes in lower case
            are then no name, unless it writes them all as one.
        language: Their language.
    """
    marks = [Mark.WORD] * len(parts)
    if language.capitals_tell_names and tells_case(parts):
        _mark_capitals(marks, parts, known, is_target, language)
    for index, part in enumerate(parts):
        if marks[index] is Mark.WORD and part.folded in known.names:
            marks[index] = Mark.NAME
        if part.folded in known.first_words:
            for end in range(index + 2, min(index + MOST_WORDS, len(parts)) + 1):
                if phrase_of(parts[index:end]) in known.names:
                    marks[index:end] = [Mark.IN_NAME] * (end - index)
    return marks


def _mark_capitals(
    marks: list[Mark], parts: Sequence[Part], known: KnownNames, is_target: bool, language: Language
) -> None:
    """Mark what has capitals, and is not spelled without them as often."""
    for start, end in capitalised_runs(parts, language):
        run = parts[start:end]
        phrase = phrase_of(run)
        are_words = is_target and phrase not in known.names and all(part.folded in known.common for part in run)
        if phrase not in known.common and not are_words:
            marks[start:end] = [Mark.NAME if end - start == 1 else Mark.IN_NAME] * (end - start)
    for index, part in enumerate(parts):
        if part.case in (Case.UPPER, Case.PIECE) and part.folded not in known.common:
            marks[index] = Mark.NAME


def tells_case(parts: Sequence[Part]) -> bool:
    """Tell whether the capitals of a text say anything: not where all or most words have them."""
    cases = Counter(part.case for part in parts if part.folded and part.folded not in MINOR_WORDS)
    num_words = cases[Case.LOWER] + cases[Case.CAPITAL] + cases[Case.UPPER]
    is_shouted = num_words > 0 and num_words == cases[Case.UPPER]
    is_headline = num_words >= HEADLINE_WORDS and cases[Case.LOWER] == 0
    return not (is_shouted or is_headline)


def capitalised_runs(parts: Sequence[Part], language: Language = ENGLISH) -> Iterator[tuple[int, int]]:
    """Yield start and end of every longest run of capitalised words, less titles before it and words of grammar."""
    start = 0
    while start < len(parts):
        end = start
        while end < len(parts) and parts[end].case is Case.CAPITAL and not is_grammar(parts[end], language):
            end += 1
            if parts[end - 1].is_possessive:
                break
        first = start
        while first < end and _is_before_name(parts[first], end - first == 1, language):
            first += 1
        if first < end:
            yield first, end
        start = max(end, start + 1)


def is_grammar(part: Part, language: Language = ENGLISH) -> bool:
    """Tell whether a part is a word of grammar: may, but not that of Theresa May."""
    is_surname = part.folded in ALSO_SURNAMES and part.case is Case.CAPITAL and not part.starts_sentence
    return part.folded in language.function_words and not is_surname


def _is_before_name(part: Part, alone: bool, language: Language) -> bool:
    """Tell whether a capitalised word at the start of a run is no part of the name: a title, or the first word."""
    return (not alone and part.folded in TITLES) or (part.starts_sentence and part.folded in language.stop_words)


def phrase_of(parts: Sequence[Part]) -> str:
    """Return some parts as a phrase in folded form."""
    return " ".join(part.folded for part in parts)
