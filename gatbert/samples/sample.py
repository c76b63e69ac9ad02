"""What a corpus yields: one text, one target, and the stance if it is known; and what tagging adds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

LANGUAGE = "language"
"""Flag of a sample with the code of its language, such as ``de`` or ``de-CH``."""


class Origin(NamedTuple):
    """Say where a sample was read, for messages: ``FILE:ROW``.

    Attributes:
        file: The file, as it was opened.
        row: Line on which the sample begins; of a graph corpus, its number in the file, from 1.
    """

    file: str
    row: int

    def __str__(self) -> str:
        return f"{self.file}:{self.row}"


@dataclass(frozen=True, slots=True)
class Sample:
    """Hold one text with the target towards which its author takes a stance.

    Attributes:
        id: Stable name of the sample, unique in its corpus.
        text: The post, as raw text.
        target: What the stance is about, as raw text.
        stance: Gold stance, or ``None`` where the corpus gives none (prediction).
        meta: Flags to break scores down by, such as ``seen``, ``domain`` or ``type_idx``; plain strings.
        origin: Where it was read, for messages; ``None`` for samples that no file holds.
        label: How its corpus writes the stance; ``None`` where it has stances and no labels.
        context: What the text answers or belongs to, such as a headline or the post above it; empty where it is none.
        background: What is known of the target, in words; empty where nothing is.
    """

    id: str
    text: str
    target: str
    stance: str | None = None
    meta: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    origin: Origin | None = field(default=None, compare=False, kw_only=True)
    label: str | None = field(default=None, compare=False, kw_only=True)
    context: str = field(default="", kw_only=True)
    background: str = field(default="", kw_only=True)


@dataclass(frozen=True, eq=False)
class GraphSample(Sample):
    """Hold a sample with the part of a knowledge graph that belongs to it.

    Nodes are the words of the target, then those of the text, then the concepts.

    Attributes:
        words: Words of the target, then of the text; each is a piece of it, in order.
        num_target_words: How many of the words are the target's.
        concepts: Phrases of the concepts, best first, so that a cut keeps the best.
        concept_ids: Their ids in the graph; empty where the graph is not known.
        definitions: What each concept says, in words; empty where that was not kept.
        edges: Head node, tail node and relation id, by row ``(3, edges)``; the head attends to the tail. Links between
            words and concepts, and relations between concepts, stand there in both directions.
    """

    words: tuple[str, ...] = ()
    num_target_words: int = 0
    concepts: tuple[str, ...] = ()
    concept_ids: tuple[int, ...] = ()
    definitions: tuple[str, ...] = ()
    edges: npt.NDArray[np.int32] = field(default_factory=lambda: np.zeros((3, 0), np.int32))
