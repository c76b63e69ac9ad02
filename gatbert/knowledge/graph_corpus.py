"""Graph corpora: tagged samples as Parquet, with the relation vocabulary and the graph's checksum in the file."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from gatbert.errors import UserError
from gatbert.knowledge.relations import Relations
from gatbert.samples import GraphSample

FORMAT_VERSION = 1
METADATA_KEY = b"gatbert"
ROWS = 512
"""Samples of a row group: what is held in memory at once."""

SAMPLE = {
    "id": pa.string(),
    "target": pa.string(),
    "text": pa.string(),
    "stance": pa.string(),
    "meta": pa.map_(pa.string(), pa.string()),
    "words": pa.list_(pa.string()),
    "num_target_words": pa.int32(),
    "concepts": pa.list_(pa.string()),
    "concept_ids": pa.list_(pa.int32()),
}
EDGES = {"heads": pa.list_(pa.int32()), "tails": pa.list_(pa.int32()), "relations": pa.list_(pa.int32())}
FINDINGS = {
    "target_linked": pa.bool_(),
    "text_linked": pa.bool_(),
    "bridged": pa.bool_(),
    "num_cut": pa.int32(),
    "unlinked": pa.list_(pa.string()),
}
SCHEMA = pa.schema({**SAMPLE, **EDGES, **FINDINGS})


@dataclass(frozen=True)
class Tagged:
    """Hold a tagged sample and what the coverage report wants to know of it.

    Attributes:
        sample: The sample with its subgraph.
        target_linked: Whether the target mentions a concept.
        text_linked: Whether the text does.
        bridged: Whether a concept that the text mentions is kept, by a path from the target.
        num_cut: Concepts left out because there were too many.
        unlinked: Content words that mention no concept.
    """

    sample: GraphSample
    target_linked: bool
    text_linked: bool
    bridged: bool
    num_cut: int
    unlinked: tuple[str, ...]


@dataclass(frozen=True)
class GraphCorpusInfo:
    """Hold what a graph corpus says about itself.

    Attributes:
        relations: Relation vocabulary of its edges.
        graph_checksum: Checksum of the graph with which it was tagged.
        graph: Where that graph was.
        settings: How it was tagged, as plain values.
    """

    relations: Relations
    graph_checksum: str
    graph: str
    settings: Mapping[str, Any]

    def metadata(self) -> dict[bytes, bytes]:
        """Return the metadata of a Parquet file."""
        values = {
            "format_version": FORMAT_VERSION,
            "relations": self.relations.plain(),
            "graph_checksum": self.graph_checksum,
            "graph": self.graph,
            "settings": dict(self.settings),
        }
        return {METADATA_KEY: json.dumps(values, ensure_ascii=False).encode()}


def write_graph_corpus(path: Path, tagged: Iterable[Tagged], info: GraphCorpusInfo) -> int:
    """Write a graph corpus aside and rename it when it is whole.

    Returns:
        How many samples were written.
    """
    rows = iter(tagged)
    schema = SCHEMA.with_metadata(info.metadata())
    return _write(path, schema, (_table(group) for group in iter(lambda: list(islice(rows, ROWS)), [])))


def merge_graph_corpora(path: Path, parts: Sequence[Path]) -> int:
    """Join graph corpora that were tagged alike into one, in order.

    Returns:
        How many samples were written.

    Raises:
        UserError: If one was tagged with another graph or other settings than the first.
    """
    infos = [read_info(part) for part in parts]
    for part, info in zip(parts, infos, strict=True):
        if info != infos[0]:
            raise UserError(f"{part} was tagged with another graph or other settings than {parts[0]}; tag both alike")
    files = map(_open, parts)
    groups = (file.read_row_group(index) for file in files for index in range(file.num_row_groups))
    return _write(path, SCHEMA.with_metadata(infos[0].metadata()), groups)


def read_info(path: Path) -> GraphCorpusInfo:
    """Return what a graph corpus says about itself.

    Raises:
        UserError: If the file is missing, damaged, no graph corpus, or of another format version.
    """
    values = (_open(path).schema_arrow.metadata or {}).get(METADATA_KEY)
    if values is None:
        raise UserError(f"{path} is a Parquet file, but no graph corpus; make one with gatbert tag")
    said = json.loads(values)
    if said["format_version"] != FORMAT_VERSION:
        raise UserError(
            f"{path} has graph corpus format {said['format_version']}; this gatbert reads {FORMAT_VERSION}; tag again"
        )
    return GraphCorpusInfo(Relations.of(said["relations"]), said["graph_checksum"], said["graph"], said["settings"])


def read_graph_corpus(path: Path) -> Iterator[Tagged]:
    """Yield the samples of a graph corpus, a row group at a time; errors as in ``read_info``."""
    read_info(path)
    try:
        for batch in _open(path).iter_batches(batch_size=ROWS):
            columns = {name: batch.column(name).to_pylist() for name in [*SAMPLE, *FINDINGS]}
            edges = _edges(batch)
            for index in range(batch.num_rows):
                row = {name: values[index] for name, values in columns.items()}
                yield _tagged(row, edges[index])
    except (pa.ArrowException, OSError) as error:
        raise UserError(f"{path} is damaged ({error}); tag again") from error


def _write(path: Path, schema: pa.Schema, tables: Iterable[pa.Table]) -> int:
    aside = path.with_name(f".{path.name}.partial")
    count = 0
    try:
        with pq.ParquetWriter(aside, schema, compression="zstd") as writer:
            for table in tables:
                writer.write_table(table)
                count += table.num_rows
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
    return count


def _open(path: Path) -> pq.ParquetFile:
    if not path.is_file():
        raise UserError(f"graph corpus {path} does not exist")
    try:
        return pq.ParquetFile(path)
    except pa.ArrowException as error:
        raise UserError(f"{path} is no graph corpus, or it is cut short ({error})") from error


def _table(tagged: Sequence[Tagged]) -> pa.Table:
    columns: dict[str, Any] = {}
    for name, kind in SAMPLE.items():
        values = [getattr(one.sample, name) for one in tagged]
        columns[name] = pa.array([list(v.items()) for v in values] if name == "meta" else values, kind)
    offsets = np.cumsum([0, *(one.sample.edges.shape[1] for one in tagged)]).astype(np.int32)
    edges = np.concatenate([one.sample.edges for one in tagged], axis=1).astype(np.int32)
    for row, name in enumerate(EDGES):
        columns[name] = pa.ListArray.from_arrays(pa.array(offsets), pa.array(edges[row]))
    for name, kind in FINDINGS.items():
        columns[name] = pa.array([getattr(one, name) for one in tagged], kind)
    return pa.table(columns, SCHEMA)


def _edges(batch: pa.RecordBatch) -> list[np.ndarray[Any, np.dtype[np.int32]]]:
    """Return the edges of each sample, each ``(3, edges)``."""
    columns = [batch.column(name) for name in EDGES]
    flat = np.stack([column.flatten().to_numpy() for column in columns])
    offsets = columns[0].offsets.to_numpy() - columns[0].offsets[0].as_py()
    return [flat[:, start:end] for start, end in pairwise(offsets)]


def _tagged(row: Mapping[str, Any], edges: np.ndarray[Any, np.dtype[np.int32]]) -> Tagged:
    sample = GraphSample(
        id=row["id"],
        text=row["text"],
        target=row["target"],
        stance=row["stance"],
        meta=dict(row["meta"]),
        words=tuple(row["words"]),
        num_target_words=row["num_target_words"],
        concepts=tuple(row["concepts"]),
        concept_ids=tuple(row["concept_ids"]),
        edges=edges,
    )
    findings = {name: row[name] for name in FINDINGS}
    return Tagged(sample, **{**findings, "unlinked": tuple(row["unlinked"])})
