"""From sources to one folder: merge, number, sort, write aside, rename when whole."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt

from gatbert.errors import UserError
from gatbert.files.paths import atomic_folder, new_folder, resolve
from gatbert.files.records import to_plain
from gatbert.knowledge.graph_files import ARRAYS, FORMAT_VERSION, META, GraphMeta, graph_checksum
from gatbert.knowledge.sources import (
    Assertions,
    Triples,
    add_conceptnet,
    add_triples,
    add_wordnet,
    check_conceptnet,
    check_triples,
    check_wordnet,
)
from gatbert.knowledge.sources.assertions import MANY_RELATIONS, Choice, Progress, Threads
from gatbert.ranges import check_ranges
from gatbert.samples.phrases import fold, fold_hashes
from gatbert.samples.relations import Relations, vocabulary
from gatbert.version import __version__

ROWS = 1 << 20
"""Rows that are held in memory at once."""


def build_graph(
    output: str | Path,
    conceptnet: Sequence[str] = (),
    wordnet: Sequence[str] = (),
    triples: Sequence[Triples] = (),
    glosses: bool = True,
    choice: Choice | None = None,
    symmetric: Sequence[str] = (),
    memory_limit: str = "1GB",
    threads: Threads | None = None,
    progress: Progress = lambda what, done: None,
) -> Path:
    """Build a knowledge graph from any number of sources.

    An assertion that several sources make stands in the graph once, with its greatest weight.

    Args:
        output: Folder to write; it must not exist.
        conceptnet: Dumps of ConceptNet 5.
        wordnet: ``dict/`` folders of WordNet 3.
        triples: Files of triples.
        glosses: Whether lemmas of WordNet are related to those of their definitions.
        choice: Which assertions are wanted.
        symmetric: Relations of triples that have no direction, beside those of ConceptNet.
        memory_limit: Most memory of DuckDB.
        threads: Most threads of DuckDB; by default all cores.
        progress: Told what is being done and how far it is.

    Returns:
        The folder.

    Raises:
        UserError: If there is no source, a source is wrong, or ``output`` exists.
    """
    folder = new_folder(output)
    check_ranges(build_graph, {"threads": threads})
    choice = choice or Choice()
    if not (conceptnet or wordnet or triples):
        raise UserError("no source is given; give conceptnet, wordnet or triples")
    for path in conceptnet:
        check_conceptnet(resolve(path), choice)
    for path in wordnet:
        check_wordnet(resolve(path))
    for some in triples:
        check_triples(some, resolve(some.path), choice)
    try:
        with (
            atomic_folder(folder) as aside,
            closing(Assertions(aside, choice, progress, memory_limit, threads)) as assertions,
        ):
            sources = _add_sources(assertions, conceptnet, wordnet, triples, glosses)
            relations = _write_arrays(assertions, aside, symmetric)
            meta = _meta(assertions, aside, sources, relations)
            (aside / META).write_text(json.dumps(to_plain(meta), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    except duckdb.OutOfMemoryException as error:
        raise UserError(f"memory_limit {memory_limit} is too little for these sources; nothing was written") from error
    except (duckdb.IOException, OSError) as error:
        raise UserError(f"the build of {folder} stopped, nothing was written: {str(error).splitlines()[0]}") from error
    return folder


def _add_sources(
    assertions: Assertions,
    conceptnet: Sequence[str],
    wordnet: Sequence[str],
    triples: Sequence[Triples],
    glosses: bool,
) -> list[dict[str, Any]]:
    """Read every source and return what is to be known of each."""
    files = [triple_file.path for triple_file in triples]
    sources = [
        *(_described("conceptnet", path, add_conceptnet(assertions, path)) for path in map(resolve, conceptnet)),
        *(_described("wordnet", path, add_wordnet(assertions, path, glosses)) for path in map(resolve, wordnet)),
        *(
            _described("triples", p, add_triples(assertions, t, p))
            for t, p in zip(triples, map(resolve, files), strict=True)
        ),
    ]
    for description in sources:
        if not description["num_assertions"]:
            raise UserError(
                f"{description['name']} has no assertion that languages, relations and min_weight let through"
            )
    return sources


def _described(kind: str, path: Path, added: int) -> dict[str, Any]:
    files = sorted(path.glob("data.*")) if path.is_dir() else [path]
    size = sum(file.stat().st_size for file in files)
    digest = hashlib.sha256()
    for file in files:
        with file.open("rb") as opened:
            while block := opened.read(1 << 22):
                digest.update(block)
    name = path.name if kind != "wordnet" else f"{path.parent.name}/{path.name}"
    return {"kind": kind, "name": name, "bytes": size, "sha256": digest.hexdigest(), "num_assertions": added}


def _write_arrays(assertions: Assertions, folder: Path, symmetric: Sequence[str]) -> Relations:
    """Number concepts and relations, sort the edges by concept, and write all arrays."""
    names = [row[0] for row in assertions.rows("SELECT DISTINCT relation FROM assertions")]
    if len(names) > (most := assertions.choice.max_relations or MANY_RELATIONS):
        raise UserError(
            f"the sources have {len(names):,} different relations, such as {', '.join(map(repr, sorted(names)[:3]))}, "
            f"more than max_relations {most:,}; say what each column is, or allow more"
        )
    relations = vocabulary(names, symmetric)
    assertions.run(
        "number the concepts",
        """CREATE TABLE concepts AS SELECT CAST(row_number() OVER (ORDER BY key) - 1 AS INTEGER) AS id, key
        FROM (SELECT head AS key FROM assertions UNION SELECT tail FROM assertions)""",
    )
    numbers = list(enumerate(relations.names, start=relations.id(relations.names[0])))
    reverse = relations.reverse_ids().tolist()
    assertions.connection.execute("CREATE TABLE numbers(name VARCHAR, there SMALLINT, back SMALLINT)")
    assertions.connection.executemany(
        "INSERT INTO numbers VALUES (?, ?, ?)", [(name, number, reverse[number]) for number, name in numbers]
    )
    assertions.run(
        "join the edges",
        """CREATE TABLE edges AS SELECT h.id AS head, t.id AS tail, n.there, n.back, max(a.weight) AS weight
        FROM assertions a JOIN concepts h ON a.head = h.key JOIN concepts t ON a.tail = t.key
            JOIN numbers n ON a.relation = n.name
        GROUP BY h.id, t.id, n.there, n.back""",
    )
    assertions.run(
        "sort the edges",
        """CREATE TABLE adjacency AS SELECT concept, neighbour, relation, max(weight) AS weight FROM (
            SELECT head AS concept, tail AS neighbour, there AS relation, weight FROM edges
            UNION ALL SELECT tail, head, back, weight FROM edges)
        GROUP BY concept, neighbour, relation""",
    )
    degrees = _write_adjacency(assertions, folder)
    _write_keys(assertions, folder, degrees)
    return relations


def _write_adjacency(assertions: Assertions, folder: Path) -> npt.NDArray[np.int64]:
    """Write the edges of every concept in order, and return how many each has ``(concepts,)``."""
    size = int(assertions.value("SELECT count(*) FROM adjacency"))
    degrees = np.zeros(int(assertions.value("SELECT count(*) FROM concepts")), np.int64)
    writers = {
        name: ArrayWriter(folder / f"{name}s.npy", np.dtype(ARRAYS[f"{name}s"]), size)
        for name in ("neighbour", "relation", "weight")
    }
    query = "SELECT * FROM adjacency ORDER BY concept, neighbour, relation"
    last = 0
    written = 0
    for batch in _batches(assertions, query):
        if batch["concept"][0] < last or (np.diff(batch["concept"]) < 0).any():
            raise RuntimeError("the edges came out of order")
        last = batch["concept"][-1]
        degrees += np.bincount(batch["concept"], minlength=len(degrees))
        for name, writer in writers.items():
            writer.append(batch[name])
        written += len(batch["concept"])
        assertions.progress("write the edges", written / size)
    for writer in writers.values():
        writer.close()
    np.save(folder / "offsets.npy", np.concatenate([[0], np.cumsum(degrees)]))
    return degrees


def _write_keys(assertions: Assertions, folder: Path, degrees: npt.NDArray[np.int64]) -> None:
    """Write the names of all concepts, and the index by which a phrase finds its concept."""
    total = int(assertions.value("SELECT coalesce(sum(strlen(key)), 0) FROM concepts"))
    writer = ArrayWriter(folder / "key_bytes.npy", np.dtype("u1"), total)
    lengths, hashes, spelled = [], [], []
    for batch in _batches(assertions, "SELECT key FROM concepts ORDER BY id"):
        keys: list[str] = batch["key"].tolist()
        encoded = [key.encode() for key in keys]
        writer.append(np.frombuffer(b"".join(encoded), np.uint8))
        lengths.append(np.fromiter(map(len, encoded), np.int64, len(encoded)))
        split = [key.split("/", 2) for key in keys]
        folded = [fold(parts[1]) for parts in split]
        hashes.append(_hashes_by_language([parts[0] for parts in split], folded))
        # A term as it is written goes before one with accents or a sense that folds to it.
        spelled.append(
            np.asarray([len(p) == 2 and p[1] == f.replace(" ", "_") for p, f in zip(split, folded, strict=True)])
        )
        assertions.progress("write the concepts", sum(map(len, lengths)) / max(1, len(degrees)))
    writer.close()
    np.save(folder / "key_offsets.npy", np.concatenate([[0], np.cumsum(np.concatenate(lengths))]))
    all_hashes = np.concatenate(hashes)
    order = np.lexsort([-degrees, ~np.concatenate(spelled), all_hashes])
    unique, first = np.unique(all_hashes[order], return_index=True)
    np.save(folder / "hashes.npy", unique)
    np.save(folder / "hash_ids.npy", order[first].astype(np.int32))


def _hashes_by_language(languages: Sequence[str], folded: Sequence[str]) -> npt.NDArray[np.uint64]:
    hashes = np.zeros(len(folded), np.uint64)
    for language in set(languages):
        rows = [row for row, other in enumerate(languages) if other == language]
        hashes[rows] = fold_hashes([folded[row] for row in rows], language)
    return hashes


def _batches(assertions: Assertions, query: str) -> Iterator[Mapping[str, npt.NDArray[Any]]]:
    """Yield the rows of a query as arrays by column, a million at a time."""
    reader = assertions.connection.sql(query).to_arrow_reader(ROWS)
    for batch in reader:
        yield {name: batch.column(name).to_numpy(zero_copy_only=False) for name in batch.schema.names}


class ArrayWriter:
    """Write an array of known length to a ``.npy`` file piece by piece.

    Args:
        path: The file.
        dtype: Type of its values.
        length: How many values will be appended in all.
    """

    def __init__(self, path: Path, dtype: np.dtype[Any], length: int) -> None:
        self.dtype = dtype
        self.file = path.open("wb")
        header = {"descr": np.lib.format.dtype_to_descr(dtype), "fortran_order": False, "shape": (length,)}
        np.lib.format.write_array_header_1_0(self.file, header)

    def append(self, values: npt.NDArray[Any]) -> None:
        """Write the next values."""
        self.file.write(np.ascontiguousarray(values, self.dtype).tobytes())

    def close(self) -> None:
        """Close the file."""
        self.file.close()


def _meta(assertions: Assertions, folder: Path, sources: list[dict[str, Any]], relations: Relations) -> GraphMeta:
    choice = assertions.choice
    licenses = assertions.rows(
        "SELECT license, count(*) FROM assertions WHERE license IS NOT NULL GROUP BY license ORDER BY license"
    )
    return GraphMeta(
        format_version=FORMAT_VERSION,
        gatbert=__version__,
        languages=tuple(choice.languages),
        sources=tuple(sources),
        licenses=dict(licenses),
        choice=to_plain(choice),
        num_concepts=int(assertions.value("SELECT count(*) FROM concepts")),
        num_edges=int(assertions.value("SELECT count(*) FROM edges")),
        num_edges_by_relation=dict(
            assertions.rows("SELECT name, count(*) FROM edges JOIN numbers USING (there) GROUP BY name ORDER BY name")
        ),
        relations=relations,
        files={path.name: path.stat().st_size for path in (folder / f"{name}.npy" for name in ARRAYS)},
        checksum=graph_checksum(folder),
    )
