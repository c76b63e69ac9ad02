"""The knowledge graph on disk: one folder of arrays, opened by memory map in milliseconds."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from gatbert.errors import UserError
from gatbert.files.paths import resolve
from gatbert.knowledge.arrays import ascends, positions_in_rows
from gatbert.knowledge.graph_files import ARRAYS, AS_NAME, IN_LOWER_CASE, open_graph_array, read_meta
from gatbert.samples.phrases import fold, fold_hashes, lowered

IdArray = npt.NDArray[np.int32]

UNSIGNED = {2: np.uint16, 4: np.uint32}
"""Unsigned type of as many bytes as an id has."""


class Adjacency(NamedTuple):
    """The edges that leave some nodes, row by row.

    Attributes:
        source: Position, among the nodes asked for, of the node that each edge leaves ``(edges,)``.
        neighbours: Concept id at the other end ``(edges,)``, ascending within a row.
        relation_ids: Relation id ``(edges,)``; an edge that points at the node has the reverse's id.
        weights: Weight ``(edges,)``.
    """

    source: npt.NDArray[np.int64]
    neighbours: IdArray
    relation_ids: npt.NDArray[np.int16]
    weights: npt.NDArray[np.float32]


class KnowledgeGraph:
    """Read a graph that ``python -m gatbert build_graph`` wrote.

    Nothing is loaded before it is needed, and a worker process gets the path alone, so all workers share one copy.

    Args:
        folder: The graph's folder; ``~``, ``$VARIABLES`` and ``pkg:`` are expanded.

    Sizes, headers and offsets are checked here, which takes a millisecond for a million concepts; ids as they are used;
    all else by ``gatbert.knowledge.verification``.

    Raises:
        UserError: If the folder holds no graph, a graph of another format version, or a damaged file.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = resolve(folder)
        self.meta = read_meta(self.folder)
        self.relations = self.meta.relations
        self.languages = list(self.meta.languages)
        self.arrays = arrays = {name: open_graph_array(self.folder, name, self.meta) for name in ARRAYS}
        self._key_bytes, self._key_offsets = arrays["key_bytes"], arrays["key_offsets"]
        self._gloss_bytes, self._gloss_offsets = arrays["gloss_bytes"], arrays["gloss_offsets"]
        self._hashes, self._hash_ids = arrays["hashes"], arrays["hash_ids"]
        self._spellings = arrays["spellings"]
        self.offsets, self._neighbours = arrays["offsets"], arrays["neighbours"]
        self.relation_ids, self._weights = arrays["relations"], arrays["weights"]
        if not self._fits_together():
            raise UserError(f"the graph {self.folder} is damaged: its arrays do not fit together; build it again")

    def _fits_together(self) -> bool:
        """Tell whether lengths and offsets agree."""
        num_edges = len(self._neighbours)
        # Offsets lead into the arrays: one that is wrong would be read as other concepts' edges.
        return (
            len(self.offsets) == len(self._key_offsets) == len(self._spellings) + 1 == self.meta.num_concepts + 1
            and len(self._gloss_offsets) == len(self._key_offsets)
            and len(self._hashes) == len(self._hash_ids)
            and num_edges == len(self.relation_ids) == len(self._weights)
            and ascends(self.offsets, num_edges)
            and ascends(self._key_offsets, len(self._key_bytes))
            and ascends(self._gloss_offsets, len(self._gloss_bytes))
            and bool(self.languages)
        )

    def __len__(self) -> int:
        """Return the number of concepts."""
        return len(self._key_offsets) - 1

    def __reduce__(self) -> tuple[type["KnowledgeGraph"], tuple[Path]]:
        """Travel to a worker as a path."""
        return KnowledgeGraph, (self.folder,)

    @property
    def checksum(self) -> str:
        """SHA-256 over all arrays: the same sources and settings give the same."""
        return self.meta.checksum

    @property
    def num_edges(self) -> int:
        """Number of edges, each counted in one direction."""
        return self.meta.num_edges

    def key(self, concept: int) -> str:
        """Return language and term as ConceptNet writes them, such as ``en/climate_change``."""
        return self._text(self._key_bytes, self._key_offsets, concept)

    def gloss(self, concept: int) -> str:
        """Return what a source says that a concept is; empty for a concept of which none does."""
        return self._text(self._gloss_bytes, self._gloss_offsets, concept)

    def label(self, concept: int) -> str:
        """Return the phrase of a concept, such as ``climate change``."""
        _, found, rest = self.key(concept).partition("/")
        if not found:
            raise self._damaged()
        return rest.partition("/")[0].replace("_", " ")

    def concept_id(self, phrase: str, language: str | None = None) -> int | None:
        """Return the concept of a phrase, whatever its case and diacritics, or ``None`` if there is none."""
        exact, folded = self.concept_ids([lowered(phrase), fold(phrase)], language)
        return folded if exact is None else exact

    def concept_ids(self, phrases: Sequence[str], language: str | None = None) -> list[int | None]:
        """Return the concept of each phrase, ``None`` where there is none, all in one search.

        Args:
            phrases: Phrases in folded form; or, but in English, in lower case with diacritics, which tell words apart.
            language: Their language; by default the first.
        """
        # (phrases,)
        hashes = fold_hashes(phrases, language or self.languages[0])
        if not len(self._hashes):
            return [None] * len(hashes)
        # The place of each hash among those of the graph; one that is larger than all has the last.
        position = np.minimum(np.searchsorted(self._hashes, hashes), len(self._hashes) - 1)
        ids = self._hash_ids[position]
        self._check_ids(ids, len(self))
        found = (self._hashes[position] == hashes).tolist()
        return [concept if is_there else None for concept, is_there in zip(ids.tolist(), found, strict=True)]

    def is_name(self, concept: int) -> bool:
        """Tell whether the sources write a concept as a name, such as ``Joe Biden``, and never in lower case."""
        return int(self._spellings[concept]) == AS_NAME

    def may_be_name(self, concept: int) -> bool:
        """Tell whether a source writes a concept as a name, such as ``God``, maybe beside others, as ``god``."""
        return bool(self._spellings[concept] & AS_NAME)

    def is_common(self, concept: int) -> bool:
        """Tell whether a source writes a concept in lower case; where none minds case, none does."""
        return bool(self._spellings[concept] & IN_LOWER_CASE)

    def degree(self, concept: int) -> int:
        """Return the number of edges at a concept, whichever way they point."""
        return int(self.offsets[concept + 1] - self.offsets[concept])

    def degrees(self, concepts: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return the number of edges at each of some concepts, whichever way they point ``(concepts,)``."""
        counts: npt.NDArray[np.int64] = self.offsets[concepts + 1] - self.offsets[concepts]
        return counts

    def neighbours(self, concepts: int | npt.ArrayLike) -> Adjacency:
        """Return the edges at one concept or several, in both directions."""
        # (concepts,): where the edges of each begin and end
        rows = np.atleast_1d(np.asarray(concepts, np.int64))
        starts, ends = self.offsets[rows], self.offsets[rows + 1]
        lengths = ends - starts
        # (edges,): the row of each edge, and its position among all
        source = np.repeat(np.arange(len(rows)), lengths)
        edges = positions_in_rows(starts, lengths)
        neighbours, relation_ids = self._neighbours[edges], self.relation_ids[edges]
        # A file from elsewhere may hold any number, and NumPy reads a negative one from behind.
        self._check_ids(neighbours, len(self))
        self._check_ids(relation_ids, len(self.relations))
        return Adjacency(source, neighbours, relation_ids, self._weights[edges])

    def marks(self, concepts: npt.NDArray[np.int64], among: npt.NDArray[np.integer[Any]]) -> npt.NDArray[np.bool_]:
        """Tell for each concept of ``among`` whether it is one of ``concepts``, in a few nanoseconds each."""
        # (graph's concepts,) looked up by (among,): no search, whatever the sizes
        self._scratch[concepts] = True
        marked: npt.NDArray[np.bool_] = self._scratch[among]
        self._scratch[concepts] = False
        return marked

    def among(self, concepts: npt.NDArray[np.int64]) -> Adjacency:
        """Return the edges between distinct concepts, in both directions.

        Args:
            concepts: Concept ids, ascending ``(nodes,)``.

        Returns:
            The edges, whose ``source`` and ``neighbours`` are positions in ``concepts``.
        """
        # (edges,), then those alone that end in one of the concepts
        around = self.neighbours(concepts)
        inside = np.flatnonzero(self.marks(concepts, around.neighbours))
        position = np.searchsorted(concepts, around.neighbours[inside]).astype(np.int32)
        return Adjacency(around.source[inside], position, around.relation_ids[inside], around.weights[inside])

    def _text(self, letters: npt.NDArray[np.uint8], offsets: npt.NDArray[np.int64], concept: int) -> str:
        """Return the text of a concept, of those that lie one after another."""
        start, end = offsets[concept : concept + 2]
        try:
            return bytes(letters[start:end]).decode()
        except UnicodeDecodeError as error:
            raise self._damaged() from error

    def _check_ids(self, ids: npt.NDArray[np.signedinteger[Any]], count: int) -> None:
        """Refuse ids that are none of 0 to ``count - 1``; as unsigned numbers, negative ones are the largest."""
        if len(ids) and ids.view(UNSIGNED[ids.itemsize]).max() >= count:
            raise self._damaged()

    def _damaged(self) -> UserError:
        return UserError(
            f"the graph {self.folder} is damaged: it holds an id that does not exist; "
            f"gatbert inspect_graph --graph {self.folder} --verify true says more; build it again"
        )

    @cached_property
    def _scratch(self) -> npt.NDArray[np.bool_]:
        """All False between two calls: to clear what was set is cheaper than to make a new array each time."""
        return np.zeros(len(self), np.bool_)
