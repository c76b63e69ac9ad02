"""The one form in which phrases are compared: case, diacritics and white space do not distinguish them."""

import hashlib
import unicodedata
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt


def fold(phrase: str) -> str:
    """Return a phrase in lower case, without diacritics, its words joined by single spaces."""
    if not phrase.isascii():
        decomposed = unicodedata.normalize("NFKD", phrase.casefold())
        phrase = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(phrase.lower().replace("_", " ").split())


def fold_hash(folded: str, language: str) -> int:
    """Return 64 bits that stand for a folded phrase of a language, the same on every machine."""
    digest = hashlib.blake2b(f"{language}/{folded}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little")


def fold_hashes(folded: Iterable[str], language: str) -> npt.NDArray[np.uint64]:
    """Return ``fold_hash`` of each phrase ``(phrases,)``."""
    digests = b"".join(hashlib.blake2b(f"{language}/{f}".encode(), digest_size=8).digest() for f in folded)
    return np.frombuffer(digests, dtype="<u8")
