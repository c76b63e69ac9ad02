"""The arrays of a graph, written from its tables, a million rows at a time."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from gatbert.knowledge.arrays import ArrayWriter
from gatbert.knowledge.graph_files import ARRAYS, AS_NAME, IN_LOWER_CASE
from gatbert.knowledge.sources.assertions import Assertions
from gatbert.knowledge.sources.rows import ENGLISH
from gatbert.samples.phrases import fold, fold_hashes, lowered

SPELLINGS = f"""
    SELECT CAST({AS_NAME} * coalesce(bool_or(is_name), false)::INTEGER
        + {IN_LOWER_CASE} * coalesce(bool_or(NOT is_name), false)::INTEGER AS UTINYINT) AS spelling
    FROM concepts LEFT JOIN spellings USING (key) GROUP BY id ORDER BY id
"""  # noqa: S608 - two numbers of ours
"""How the sources write each concept; those that do not mind case say nothing."""

ROWS = 1 << 20
"""Rows that are held in memory at once."""


def write_adjacency(assertions: Assertions, folder: Path) -> npt.NDArray[np.int64]:
    """Write the edges of every concept in order, and return how many each has ``(concepts,)``."""
    num_edges = int(assertions.value("SELECT count(*) FROM adjacency"))
    degrees = np.zeros(int(assertions.value("SELECT count(*) FROM concepts")), np.int64)
    writers = {
        name: ArrayWriter(folder / f"{name}s.npy", np.dtype(ARRAYS[f"{name}s"]), num_edges)
        for name in ("neighbour", "relation", "weight")
    }
    last = written = 0
    # Each column (rows,): concept, neighbour, relation, weight
    for batch in _batches(assertions, "SELECT * FROM adjacency ORDER BY concept, neighbour, relation"):
        concepts = batch["concept"]
        # The offsets below hold only for edges in order: to read them wrongly would be silent.
        if concepts[0] < last or (np.diff(concepts) < 0).any():
            raise RuntimeError("the edges came out of order")
        last = concepts[-1]
        degrees += np.bincount(concepts, minlength=len(degrees))
        for name, writer in writers.items():
            writer.append(batch[name])
        written += len(concepts)
        assertions.progress("write the edges", written / num_edges)
    for writer in writers.values():
        writer.close()
    np.save(folder / "offsets.npy", np.concatenate([[0], np.cumsum(degrees)]))
    return degrees


def write_glosses(assertions: Assertions, folder: Path) -> None:
    """Write what each concept says, and nothing for those of which no source says it."""
    query = "SELECT coalesce(gloss, '') AS gloss FROM concepts LEFT JOIN glosses USING (key) ORDER BY id"
    num_bytes = int(assertions.value(f"SELECT coalesce(sum(strlen(gloss)), 0) FROM ({query})"))  # noqa: S608
    writer = ArrayWriter(folder / "gloss_bytes.npy", np.dtype(ARRAYS["gloss_bytes"]), num_bytes)
    lengths = [_append_texts(writer, batch["gloss"].tolist()) for batch in _batches(assertions, query)]
    writer.close()
    _write_offsets(folder / "gloss_offsets.npy", lengths)


def write_keys(assertions: Assertions, folder: Path, degrees: npt.NDArray[np.int64]) -> None:
    """Write the names of all concepts, and the index by which a phrase finds its concept."""
    num_bytes = int(assertions.value("SELECT coalesce(sum(strlen(key)), 0) FROM concepts"))
    writer = ArrayWriter(folder / "key_bytes.npy", np.dtype(ARRAYS["key_bytes"]), num_bytes)
    lengths: list[npt.NDArray[np.int64]] = []
    phrases: list[_Phrases] = []
    written = 0
    for batch in _batches(assertions, "SELECT key FROM concepts ORDER BY id"):
        # (rows,)
        keys: list[str] = batch["key"].tolist()
        lengths.append(_append_texts(writer, keys))
        phrases.append(_phrases(keys, written))
        written += len(keys)
        assertions.progress("write the concepts", written / max(1, len(degrees)))
    writer.close()
    _write_offsets(folder / "key_offsets.npy", lengths)
    _write_index(folder, _Phrases(*map(np.concatenate, zip(*phrases, strict=True))), degrees)


class _Phrases(NamedTuple):
    """Hold the phrases of some concepts.

    Attributes:
        hashes: Hash of each ``(phrases,)``.
        owners: Its concept ``(phrases,)``.
        as_written: Whether the term of the concept is the phrase ``(phrases,)``.
    """

    hashes: npt.NDArray[np.uint64]
    owners: npt.NDArray[np.int64]
    as_written: npt.NDArray[np.bool_]


def _phrases(keys: Sequence[str], first: int) -> _Phrases:
    """Return the phrases by which concepts are found, of which the first has the id ``first``.

    Each is found in folded form. But in English, where diacritics are ornament, one is found with them, too, as they
    make another word: ``fordern``, ``fördern``.
    """
    # Language, term and, where senses are kept, the rest
    parts = [key.split("/", 2) for key in keys]
    languages, folded, exact = [p[0] for p in parts], [fold(p[1]) for p in parts], [lowered(p[1]) for p in parts]
    others = [n for n, phrase in enumerate(folded) if languages[n] != ENGLISH and exact[n] != phrase]
    plain = [len(p) == 2 and p[1] == f.replace(" ", "_") for p, f in zip(parts, folded, strict=True)]
    phrases = [*folded, *(exact[n] for n in others)]
    return _Phrases(
        hashes=_hashes_by_language([*languages, *(languages[n] for n in others)], phrases),
        owners=first + np.array([*range(len(keys)), *others], np.int64),
        as_written=np.array([*plain, *(len(parts[n]) == 2 for n in others)], np.bool_),
    )


def write_spellings(assertions: Assertions, folder: Path) -> None:
    """Write how the sources spell each concept."""
    spellings = [batch["spelling"] for batch in _batches(assertions, SPELLINGS)]
    np.save(folder / "spellings.npy", np.concatenate(spellings))


def _append_texts(writer: ArrayWriter, texts: Sequence[str]) -> npt.NDArray[np.int64]:
    """Write texts one after another, and return how many bytes each has ``(texts,)``."""
    encoded = [text.encode() for text in texts]
    writer.append(np.frombuffer(b"".join(encoded), np.uint8))
    return np.fromiter(map(len, encoded), np.int64, len(encoded))


def _write_offsets(path: Path, lengths: Sequence[npt.NDArray[np.int64]]) -> None:
    np.save(path, np.concatenate([[0], np.cumsum(np.concatenate(lengths))]))


def _write_index(folder: Path, phrases: _Phrases, degrees: npt.NDArray[np.int64]) -> None:
    """Write the hashes of all phrases, ascending, and the concept of each.

    Of several concepts with the same phrase, a term as it is written goes before one with accents or a sense that folds
    to it, and then the one with the most edges.

    Args:
        folder: Where they come.
        phrases: The phrases of all concepts.
        degrees: Number of edges of each concept ``(concepts,)``.
    """
    order = np.lexsort([-degrees[phrases.owners], ~phrases.as_written, phrases.hashes])  # the last key counts first
    # (hashes,): of the concepts with each hash, the first
    unique, first = np.unique(phrases.hashes[order], return_index=True)
    np.save(folder / "hashes.npy", unique)
    np.save(folder / "hash_ids.npy", phrases.owners[order[first]].astype(np.int32))


def _hashes_by_language(languages: Sequence[str], phrases: Sequence[str]) -> npt.NDArray[np.uint64]:
    """Return the hash of each phrase in its language ``(phrases,)``."""
    hashes = np.zeros(len(phrases), np.uint64)
    for language in set(languages):
        rows = [row for row, other in enumerate(languages) if other == language]
        hashes[rows] = fold_hashes([phrases[row] for row in rows], language)
    return hashes


def _batches(assertions: Assertions, query: str) -> Iterator[Mapping[str, npt.NDArray[Any]]]:
    """Yield the rows of a query as arrays by column, each ``(rows,)``."""
    for batch in assertions.connection.sql(query).to_arrow_reader(ROWS):
        yield {name: batch.column(name).to_numpy(zero_copy_only=False) for name in batch.schema.names}
