"""Phrases: the one form in which they are compared, and what is known of them, remembered up to a limit."""

import hashlib
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt

Known = TypeVar("Known")


def fold(phrase: str) -> str:
    """Return a phrase in lower case, without diacritics, its words joined by single spaces."""
    if not phrase.isascii():
        decomposed = unicodedata.normalize("NFKD", phrase.casefold())
        phrase = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(phrase.lower().replace("_", " ").split())


def lowered(phrase: str) -> str:
    """Return a phrase in lower case with its diacritics, its words joined by single spaces: ``schön``."""
    return " ".join(unicodedata.normalize("NFC", phrase.lower()).replace("_", " ").split())


def fold_hashes(phrases: Iterable[str], language: str) -> npt.NDArray[np.uint64]:
    """Return 64 bits that stand for each phrase of a language, the same on every machine ``(phrases,)``."""
    digests = b"".join(hashlib.blake2b(f"{language}/{one}".encode(), digest_size=8).digest() for one in phrases)
    return np.frombuffer(digests, dtype="<u8")


class PhraseCache(Generic[Known]):
    """Remember what is known of phrases, which come up again and again; finds that of new ones many at once.

    Args:
        find: Returns what is to be known of each of some phrases, in order.
        limit: Phrases from which on all are forgotten before more are found.
    """

    def __init__(self, find: Callable[[Sequence[str]], Iterable[Known]], limit: int) -> None:
        self.find = find
        self.limit = limit
        self._known: dict[str, Known] = {}

    def look_up(self, phrases: Iterable[str]) -> Mapping[str, Known]:
        """Return what is known of some phrases, and maybe of others; it stays whole, whatever is asked for later."""
        if len(self._known) >= self.limit:
            self._known = {}  # a new one: what was returned before is still in use
        known = self._known
        if new := list(dict.fromkeys(phrase for phrase in phrases if phrase not in known)):
            known.update(zip(new, self.find(new), strict=True))
        return known
