"""The phrases of a corpus, or of a list, that may be names of concepts: a large source is limited to them."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from gatbert.corpora import CorpusType, read_corpus
from gatbert.errors import UserError
from gatbert.files.paths import resolve
from gatbert.files.text import decoded_lines
from gatbert.knowledge.stop_words import FUNCTION_WORDS, STOP_WORDS
from gatbert.samples.phrases import fold
from gatbert.samples.words import BREAK, parts_of, split_words

PhrasesType = Literal["phrases", CorpusType]
"""A file of one phrase per line, or a corpus."""

BY_ENDING: dict[str, PhrasesType] = {".txt": "phrases", ".csv": "csv", ".tsv": "tsv", ".jsonl": "jsonl"}

MAX_WORDS = 4
"""Words of the longest phrase that is taken from a corpus."""


def read_phrases(paths: Sequence[str], kind: PhrasesType | None = None) -> frozenset[str]:
    """Return the phrases of some files, in folded form.

    Of a corpus these are all targets, and all runs of up to ``MAX_WORDS`` words of its targets and texts that neither
    begin nor end with a function word and have a word that says something.

    Args:
        paths: The files.
        kind: What they are; by default what their names end in.

    Raises:
        UserError: If a file is missing, is of an unknown kind, or has no phrase.
    """
    found: set[str] = set()
    for path in map(resolve, paths):
        one = kind or BY_ENDING.get(path.suffix)
        if one is None:
            raise UserError(
                f"{path}: no phrases are read from a file of this name; accepted are {', '.join(BY_ENDING)}"
            )
        phrases = set(_listed(path) if one == "phrases" else _in_corpus(path, one))
        if not phrases:
            raise UserError(f"{path}: the file has no phrase; accepted is one per line, or a corpus")
        found |= phrases
    return frozenset(found)


def _listed(path: Path) -> Iterator[str]:
    if not path.is_file():
        raise UserError(f"the file of phrases {path} does not exist")
    yield from (phrase for line in decoded_lines(path, "utf-8") if (phrase := fold(line)))


def _in_corpus(path: Path, corpus_type: CorpusType) -> Iterator[str]:
    """Yield the phrases of each sample; its stance, which may be unknown, does not matter."""
    columns = {"stance": None} if corpus_type != "graph" else {}
    for sample in read_corpus(path, corpus_type, columns, require_stance=False):
        yield fold(sample.target)
        yield from _ngrams(sample.target)
        yield from _ngrams(sample.text)


def _ngrams(text: str) -> Iterator[str]:
    """Yield the phrases of a text."""
    words = [part.folded for part in parts_of(split_words(text))]
    for start, first in enumerate(words):
        if first in FUNCTION_WORDS:
            continue
        for size in range(1, MAX_WORDS + 1):
            phrase = words[start : start + size]
            if phrase[-1] == BREAK or len(phrase) < size:
                break
            if phrase[-1] not in FUNCTION_WORDS and any(_says_something(word) for word in phrase):
                yield " ".join(phrase)


def _says_something(word: str) -> bool:
    return len(word) > 1 and word not in STOP_WORDS and not word[0].isdigit()
