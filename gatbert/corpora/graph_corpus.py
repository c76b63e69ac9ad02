"""Graph corpora: tagged samples as Parquet, with the relations and the graph's checksum in the file."""

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from gatbert.corpora.graph_corpus_info import GraphCorpusInfo
from gatbert.errors import UserError
from gatbert.samples import GraphSample

__all__ = ["GraphCorpusInfo", "Tagged", "merge_graph_corpora", "read_graph_corpus", "read_info", "write_graph_corpus"]

INFO, CHECKSUM, SIZE = b"gatbert", b"gatbert_sha256", b"gatbert_num_samples"
"""Keys of the file's own metadata: the record as JSON, its checksum, and the number of samples."""

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
    "definitions": pa.list_(pa.string()),
}
EDGES = {"heads": pa.list_(pa.int32()), "tails": pa.list_(pa.int32()), "relations": pa.list_(pa.int32())}
FINDINGS = {
    "target_linked": pa.bool_(),
    "target_in_part": pa.bool_(),
    "text_linked": pa.bool_(),
    "bridged": pa.bool_(),
    "num_cut": pa.int32(),
    "unlinked": pa.list_(pa.string()),
}
LATER = {"context": pa.string(), "background": pa.string()}
"""Columns of samples that older files of this format lack: they are empty there."""

OLDER_SCHEMA = pa.schema({**SAMPLE, **EDGES, **FINDINGS})
SCHEMA = pa.schema({**SAMPLE, **EDGES, **FINDINGS, **LATER})


@dataclass(frozen=True)
class Tagged:
    """Hold a tagged sample and what the coverage report wants to know of it.

    Attributes:
        sample: The sample with its subgraph.
        target_linked: Whether the target mentions concepts with all of its content words.
        target_in_part: Whether it does with some of them.
        text_linked: Whether the text mentions a concept.
        bridged: Whether a path is kept from a concept of the target to another one that the text mentions.
        num_cut: Concepts left out because there were too many.
        unlinked: Content words that mention no concept.
        mentioned: Concepts that words mention, kept or not; files do not have them.
    """

    sample: GraphSample
    target_linked: bool
    target_in_part: bool
    text_linked: bool
    bridged: bool
    num_cut: int
    unlinked: tuple[str, ...]
    mentioned: tuple[int, ...] = ()


def write_graph_corpus(path: Path, tagged: Iterable[Tagged], info: GraphCorpusInfo) -> int:
    """Write a graph corpus aside and rename it when it is whole.

    Returns:
        How many samples were written.
    """
    rows = iter(tagged)
    return _write(path, info, (_table(group) for group in iter(lambda: list(islice(rows, ROWS)), [])))


def merge_graph_corpora(path: Path, parts: Sequence[Path], info: GraphCorpusInfo | None = None) -> int:
    """Join graph corpora that were tagged alike into one, in order; it says ``info``, or else what the first does.

    Returns:
        How many samples were written.

    Raises:
        UserError: If one was tagged with another graph or other settings than the first, or is damaged.
    """
    infos = [read_info(part) for part in parts]
    for part, other in zip(parts, infos, strict=True):
        if (difference := infos[0].difference(other)) is not None:
            raise UserError(f"{part} was tagged otherwise than {parts[0]}: {difference}; tag both alike")
    return _write(
        path, info or infos[0], (pa.Table.from_batches([batch]) for part in parts for batch in _batches(part))
    )


def read_info(path: Path) -> GraphCorpusInfo:
    """Return what a graph corpus says about itself.

    Raises:
        UserError: If the file is missing, damaged, no graph corpus, or of another format version.
    """
    schema = _open(path).schema_arrow
    said = schema.metadata or {}
    if INFO not in said:
        raise UserError(f"{path} is a Parquet file, but no graph corpus; make one with gatbert tag")
    try:
        values = json.loads(said[INFO])
    except (ValueError, RecursionError) as error:
        raise UserError(f"{path} is damaged: its record is no JSON; tag again") from error
    info = GraphCorpusInfo.from_plain(values, str(path))
    if said.get(CHECKSUM) != _checksum(said[INFO]) or not any(map(schema.equals, (SCHEMA, OLDER_SCHEMA))):
        raise UserError(f"{path} is damaged: its record or its columns were changed; tag again")
    return info


def read_graph_corpus(path: Path) -> Iterator[Tagged]:
    """Yield the samples of a graph corpus, a row group at a time; errors as in ``read_info``."""
    read_info(path)
    for batch in _batches(path):
        try:
            columns = {name: batch.column(name).to_pylist() for name in [*SAMPLE, *FINDINGS, *LATER]}
            edges = _edges(batch)
            rows = [_tagged({name: values[i] for name, values in columns.items()}, e) for i, e in enumerate(edges)]
        except (ValueError, TypeError, KeyError) as error:
            raise UserError(f"{path} is damaged ({error}); tag again") from error
        yield from rows


def _batches(path: Path) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a graph corpus, whose pages carry checksums, some hundred at a time."""
    file = _open(path)
    batches = file.iter_batches(batch_size=ROWS)
    count = 0
    while True:
        try:
            batch = next(batches, None)
            if batch is not None:
                batch.validate(full=True)
        except (pa.ArrowException, OSError) as error:
            raise UserError(f"{path} is damaged ({' '.join(str(error).split())}); tag again") from error
        if batch is None:
            break
        count += batch.num_rows
        for name in LATER.keys() - set(batch.schema.names):
            batch = batch.append_column(name, pa.array([""] * batch.num_rows))
        yield batch.select(SCHEMA.names)
    if str(count).encode() != (said := (file.metadata.metadata or {}).get(SIZE, b"")):
        raise UserError(f"{path} is damaged: {count} samples instead of {said.decode(errors='replace')}; tag again")


def _write(path: Path, info: GraphCorpusInfo, tables: Iterable[pa.Table]) -> int:
    """Write tables aside, and put the file in its place when it is whole; return how many samples it has."""
    said = json.dumps(info.to_plain(), ensure_ascii=False).encode()
    schema = SCHEMA.with_metadata({INFO: said, CHECKSUM: _checksum(said)})
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    os.close(handle)
    aside, count = Path(name), 0
    try:
        with pq.ParquetWriter(aside, schema, compression="zstd", write_page_checksum=True) as writer:
            for table in tables:
                writer.write_table(table.cast(schema))
                count += table.num_rows
            writer.add_key_value_metadata({SIZE: str(count)})
        aside.chmod(0o644)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
    return count


def _checksum(said: bytes) -> bytes:
    return hashlib.sha256(said).hexdigest().encode()


def _open(path: Path) -> pq.ParquetFile:
    if not path.is_file():
        raise UserError(f"graph corpus {path} does not exist")
    try:
        return pq.ParquetFile(path, page_checksum_verification=True)
    except (pa.ArrowException, OSError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise UserError(f"{path} is no graph corpus, or it is cut short or damaged ({reason})") from error


def _table(tagged: Sequence[Tagged]) -> pa.Table:
    """Return samples as columns; edges of all of them stand in one array for each of their three rows."""
    columns: dict[str, Any] = {}
    for name, kind in {**SAMPLE, **LATER}.items():
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
    starts = [column.offsets.to_numpy() - column.offsets[0].as_py() for column in columns]
    if not (starts[0] == starts[1:]).all():
        raise ValueError("heads, tails and relations of an edge are not all there")
    offsets = starts[0]
    return [flat[:, start:end] for start, end in pairwise(offsets)]


def _tagged(row: Mapping[str, Any], edges: np.ndarray[Any, np.dtype[np.int32]]) -> Tagged:
    """Return the sample of a row, and what tagging found; a ``ValueError`` where it contradicts itself."""
    sizes = {len(row[name]) for name in ("concept_ids", "definitions")}
    if not 0 <= row["num_target_words"] <= len(row["words"]) or not sizes <= {0, len(row["concepts"])}:
        raise ValueError(f"sample {row['id']!r} has other numbers of words or concepts than it says")
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
        definitions=tuple(row["definitions"]),
        edges=edges,
        context=row["context"],
        background=row["background"],
    )
    findings = {name: row[name] for name in FINDINGS}
    return Tagged(sample, **{**findings, "unlinked": tuple(row["unlinked"])})
