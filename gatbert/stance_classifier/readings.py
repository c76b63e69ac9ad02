"""What an encoder reads in concepts and their definitions, as the vectors that stand for them."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from gatbert.batches import Encoded
from gatbert.console.terminal import Steps
from gatbert.pretrained.text_reader import Floats, TextReader
from gatbert.samples import GraphSample
from gatbert.samples.background import concept_texts
from gatbert.samples.phrases import PhraseCache

CACHED_TEXTS = 1 << 16
"""Texts whose vectors are remembered: 100 MB for vectors of 384 numbers."""

AT_ONCE = 1000
"""Texts that are read between two signs of progress."""


class Readings:
    """Give samples the readings of their concepts, each text read once.

    Args:
        open_reader: Opens the reader, when it is first needed: a model can be loaded where its encoder is not.
    """

    def __init__(self, open_reader: Callable[[], TextReader]) -> None:
        self._open = open_reader
        self._known = PhraseCache(self._read, CACHED_TEXTS)

    @property
    def identity(self) -> str:
        """A string that changes when the readings do."""
        return self._open().sha256

    def added(self, encoded: Sequence[Encoded], samples: Sequence[GraphSample]) -> list[Encoded]:
        """Return encoded samples with the readings of their concepts, and the row of each in ``vector_rows``.

        Raises:
            UserError: If concepts have no definitions.
        """
        texts = [
            concept_texts(sample)[: len(item.arrays["concept_lengths"])]
            for item, sample in zip(encoded, samples, strict=True)
        ]
        row = {text: number for number, text in enumerate(sorted({text for some in texts for text in some}))}
        known = self._known.look_up(row)
        # (rows, size), one for each text that the samples have
        vectors = np.stack([known[text] for text in row]) if row else np.zeros((0, self._open().size), np.float32)
        rows = [np.array([row[text] for text in some], np.int32) for some in texts]
        return [
            replace(item, arrays={**item.arrays, "vector_rows": own}, vectors=vectors)
            for item, own in zip(encoded, rows, strict=True)
        ]

    def _read(self, texts: Sequence[str]) -> Floats:
        """Return the vector of each text ``(texts, size)``; show progress where there are many, which take minutes."""
        reader = self._open()
        if len(texts) <= AT_ONCE:
            return reader(texts)
        parts = []
        with Steps() as progress:
            for start in range(0, len(texts), AT_ONCE):
                parts.append(reader(texts[start : start + AT_ONCE]))
                progress("read definitions", (start + AT_ONCE) / len(texts))
        return np.concatenate(parts)
