"""Vectors of concepts, one per phrase: what others have trained, and what ``gatbert embed_graph`` trains."""

import hashlib
import shutil
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from gatbert.errors import UserError
from gatbert.files.checksums import sha256_of_files
from gatbert.files.paths import atomic_folder, cache_folder, resolve
from gatbert.files.text import utf8_lines
from gatbert.knowledge.arrays import open_array
from gatbert.samples.phrases import fold
from gatbert.samples.sentinels import NO_VECTOR

VECTORS, PHRASES = "vectors.npy", "phrases.txt"

ACCEPTED = (
    "accepted are a folder of gatbert embed_graph, an .npy file beside a .txt file with a phrase per line, and "
    "word2vec's text format (.txt, .vec, .gz)"
)

Floats = npt.NDArray[np.float32]


class ConceptVectors:
    """Look up vectors by phrase, whatever its case, diacritics and underscores.

    Files: a folder with ``vectors.npy`` and ``phrases.txt``, as ``gatbert embed_graph`` writes it; ``NAME.npy`` beside
    ``NAME.txt``; or word2vec's text format, plain or gzipped: count and size, then a phrase and its numbers per line.
    ConceptNet Numberbatch (https://github.com/commonsense/conceptnet-numberbatch, CC BY-SA 4.0) comes in it; of a file
    with the phrases of many languages (``/c/en/...``) those of one are read. Text is converted once, into the cache.

    Args:
        source: The file or folder; ``~``, ``$VARIABLES`` and ``pkg:`` are expanded.
        language: Which phrases to read of a file that names languages.

    Raises:
        UserError: If there is no such file, or it is none of these.
    """

    def __init__(self, source: str, language: str = "en") -> None:
        self.source = source
        self.language = language
        path = resolve(source)
        if not path.exists():
            raise UserError(f"concept_vectors {source}: {path} does not exist; {ACCEPTED}")
        if path.is_file() and path.suffix != ".npy":  # text, which is slow to read, is read once
            path = _converted(path, language)
        self._vectors_file, self._phrases_file = (
            (path / VECTORS, path / PHRASES) if path.is_dir() else (path, path.with_suffix(".txt"))
        )
        for file in (self._vectors_file, self._phrases_file):
            if not file.is_file():
                raise UserError(f"concept_vectors {source}: {file} is missing; {ACCEPTED}")
        try:
            self.vectors = open_array(self._vectors_file, num_axes=2)
        except UserError as error:
            raise UserError(f"concept_vectors {source}: {error}; {ACCEPTED}") from error
        if not self.size:
            raise UserError(f"concept_vectors {source}: {self._vectors_file} has vectors of no numbers; {ACCEPTED}")

    def __reduce__(self) -> tuple[type["ConceptVectors"], tuple[str, str]]:
        """Travel to a worker as a path."""
        return ConceptVectors, (self.source, self.language)

    @property
    def size(self) -> int:
        """Size of a vector."""
        return int(self.vectors.shape[1])

    @property
    def identity(self) -> list[Any]:
        """Plain values that change when the vectors do."""
        state = self._vectors_file.stat()
        return [str(self._vectors_file), state.st_size, state.st_mtime_ns]

    @cached_property
    def sha256(self) -> str:
        """Checksum of vectors and phrases: the same wherever they lie."""
        return sha256_of_files([self._vectors_file, self._phrases_file])

    def copy_to(self, folder: Path) -> None:
        """Copy vectors and phrases into a folder that exists, from which they can be read."""
        shutil.copyfile(self._vectors_file, folder / VECTORS)
        shutil.copyfile(self._phrases_file, folder / PHRASES)

    def rows(self, phrases: Sequence[str]) -> npt.NDArray[np.int32]:
        """Return the row of each phrase, ``NO_VECTOR`` where there is none ``(phrases,)``."""
        return np.array([self._row_of_phrase.get(fold(phrase), NO_VECTOR) for phrase in phrases], np.int32)

    def take(self, rows: npt.NDArray[np.integer[Any]]) -> Floats:
        """Return the vectors of rows, zeros for ``NO_VECTOR`` ``(rows, size)``."""
        taken = np.zeros((len(rows), self.size), np.float32)
        known = rows != NO_VECTOR
        taken[known] = self.vectors[rows[known]]
        if not np.isfinite(taken).all():
            raise UserError(f"concept_vectors {self.source}: {self._vectors_file} has numbers that are not finite")
        return taken

    @cached_property
    def _row_of_phrase(self) -> dict[str, int]:
        phrases = [line.rstrip("\r\n") for line in utf8_lines(self._phrases_file)]
        if len(phrases) != len(self.vectors):
            raise UserError(
                f"concept_vectors {self.source}: {self._phrases_file} names {len(phrases)} phrases for "
                f"{len(self.vectors)} vectors"
            )
        # Of two phrases with the same folded form, the first counts.
        return {fold(phrases[row]): row for row in reversed(range(len(phrases)))}


def write_vectors(folder: Path, phrases: Sequence[str], vectors: Floats) -> None:
    """Write vectors and their phrases into a folder that exists.

    Args:
        folder: The folder.
        phrases: One a vector.
        vectors: ``(phrases, size)``.
    """
    np.save(folder / VECTORS, vectors.astype(np.float32))
    (folder / PHRASES).write_text("".join(f"{phrase}\n" for phrase in phrases), encoding="utf-8")


def _converted(path: Path, language: str) -> Path:
    """Convert word2vec's text format into a folder of the cache, unless it is there."""
    state = path.stat()
    name = hashlib.sha256(f"{path.resolve()} {state.st_size} {state.st_mtime_ns} {language}".encode()).hexdigest()[:32]
    folder = cache_folder() / "concept_vectors" / name
    if not folder.is_dir():
        with atomic_folder(folder, same_for_all=True) as aside:  # several runs may begin at the same time
            write_vectors(aside, *_read_text(path, language))
    return folder


def _read_text(path: Path, language: str) -> tuple[list[str], Floats]:
    """Return the phrases of word2vec's text format that are in a language, and their vectors ``(phrases, size)``."""
    phrases: list[str] = []
    vectors: list[Floats] = []
    promised = None
    number = 0
    for number, line in enumerate(utf8_lines(path), start=1):
        phrase, _, numbers = line.strip(" \t\r\n").partition(" ")
        if number == 1 and phrase.isdecimal() and numbers.isdecimal():
            promised = int(phrase)  # count and size
            continue
        if phrase.startswith("/c/"):  # /c/LANGUAGE/PHRASE; nothing behind the language is named below
            of_language, phrase = [*phrase.split("/")[2:4], ""][:2]
            if of_language != language and phrase:
                continue
        if not phrase:
            raise UserError(f"{path}:{number}: {line[:40]!r} names no concept; accepted is a phrase, then numbers")
        vectors.append(_vector(f"{path}:{number}", numbers, len(vectors[0]) if vectors else None))
        phrases.append(phrase)
    if promised is not None and promised != number - 1:
        raise UserError(f"{path}: {number - 1} lines of vectors, and its first line says {promised}; it is cut short")
    if not vectors:
        raise UserError(f"{path}: there is no vector of language {language!r}; {ACCEPTED}")
    return phrases, np.stack(vectors)


def _vector(where: str, numbers: str, size: int | None) -> Floats:
    """Return the vector that is written in a line; ``size`` is that of the others, if there are any."""
    try:
        with np.errstate(over="ignore"):  # infinity is refused below
            vector = np.array(numbers.split(), np.float32)
    except ValueError as error:
        raise UserError(f"{where}: {error}; accepted is a phrase without spaces, then numbers") from error
    if not np.isfinite(vector).all():
        raise UserError(f"{where}: a number is not finite; accepted is a phrase without spaces, then numbers")
    if not len(vector) or (size is not None and len(vector) != size):
        raise UserError(f"{where}: {len(vector)} numbers where there are {size or 'some'} in others")
    return vector
