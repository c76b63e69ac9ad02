"""Languages of texts: what their words of grammar and their endings are, and what their capitals tell."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from types import ModuleType

from gatbert.errors import UserError
from gatbert.knowledge.lemmas import candidate_lemmas
from gatbert.knowledge.stop_words import FUNCTION_WORDS, STOP_WORDS
from gatbert.samples.phrases import fold, lowered

CACHED_WORDS = 1 << 18
"""Words whose lemmas are remembered."""

CAPITALISED_NOUNS = frozenset({"de", "lb", "nds"})
"""Languages that write every noun with a capital: German, Luxembourgish, Low German."""

_ELISION = r"^(?:{})(?=\w)"
ELISIONS = {
    "ca": "[ldmtsn]'",
    "fr": "(?:[ldjmtsnc]|qu|jusqu|lorsqu|puisqu|quoiqu)'",
    "it": "(?:[ldcmstvn]|un|[dn]ell|d?all|sull|quell)'",
}
"""What stands before a word without a space, as in ``l'impôt``, by language."""


@dataclass(frozen=True)
class Language:
    """Say how the words of a language are told apart; English by gatbert's own lists, others by two libraries.

    Attributes:
        code: Its code in the graph, such as ``de``.
        function_words: Words of grammar, in folded form and in lower case: no phrase begins or ends with one.
        stop_words: With them, words that say little alone.
        capitals_tell_names: Whether a capital within a sentence is that of a name.
        elision: What is taken from the beginning of a word, if anything.
        has_library: Whether lemmas come from ``simplemma``.
    """

    code: str
    function_words: frozenset[str]
    stop_words: frozenset[str]
    capitals_tell_names: bool = True
    elision: re.Pattern[str] | None = None
    has_library: bool = False

    def by_ending(self, word: str) -> Iterable[str]:
        """Return the lemmas of which a word in folded form could be a form, by its ending; none but in English."""
        return candidate_lemmas(word) if self.code == ENGLISH.code else ()

    def lemma(self, word: str) -> str:
        """Return the lemma of a word as it is written, in lower case; empty where the library knows no other."""
        return _lemma(self.code, word) if self.has_library else ""

    def without_elision(self, word: str) -> str:
        """Return a word without what is joined to it by an apostrophe."""
        return word if self.elision is None else self.elision.sub("", word)


ENGLISH = Language("en", FUNCTION_WORDS, STOP_WORDS)


@cache
def language(code: str) -> Language:
    """Return the language of a code of ConceptNet, which for most is that of ISO 639-1.

    Stop words are those of stopwords-iso (https://github.com/stopwords-iso), none for a language that it lacks.

    Raises:
        UserError: If the libraries are needed and not installed.
    """
    if code == ENGLISH.code:
        return ENGLISH
    words = _library("stopwordsiso", code)
    listed = words.stopwords(code) if words.has_lang(code) else ()
    stop_words = frozenset(form for word in listed for form in (lowered(word), fold(word)))
    elision = re.compile(_ELISION.format(ELISIONS[code]), re.IGNORECASE) if code in ELISIONS else None
    return Language(code, stop_words, stop_words, code not in CAPITALISED_NOUNS, elision, has_library=True)


@lru_cache(CACHED_WORDS)
def _lemma(code: str, word: str) -> str:
    """Return the lemma of a word, or else of the word in lower case, as at the beginning of a sentence."""
    simplemma = _library("simplemma", code)
    try:
        found = simplemma.lemmatize(word, lang=code)
        if found == word and not simplemma.is_known(word, lang=code):
            found = simplemma.lemmatize(word.lower(), lang=code)
    except ValueError:  # a language that it does not know: there are the forms in the graph alone
        return ""
    return "" if lowered(found) == lowered(word) else lowered(found)


def _library(name: str, code: str) -> ModuleType:
    """Return one of the two libraries, which are loaded where a language needs them."""
    try:
        return __import__(name)
    except ImportError as error:
        raise UserError(
            f"linking in the language {code} needs the package {name}, which is not installed; "
            'pip install "gatbert[languages]"'
        ) from error
