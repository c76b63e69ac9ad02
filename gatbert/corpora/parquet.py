"""Rows of Parquet files that are no graph corpora: any table with texts in it."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from gatbert.corpora.graph_corpus import INFO
from gatbert.errors import UserError

ROWS = 1024
"""Rows that are in memory at once, beside the pages of the row group that is read."""


def parquet_rows(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield the rows of a Parquet file, values as they are, each with its number from 1.

    Raises:
        UserError: If it is no Parquet file, or cut short or damaged.
    """
    batches = _open(path).iter_batches(batch_size=ROWS)
    number = 0
    while True:
        try:
            batch = next(batches, None)
            rows = [] if batch is None else batch.to_pylist()
        except (pa.ArrowException, OSError) as error:
            raise UserError(f"{path} is damaged after row {number} ({' '.join(str(error).split())})") from error
        if batch is None:
            return
        for row in rows:
            number += 1
            yield number, row


def parquet_schema(path: Path) -> pa.Schema:
    """Return the columns of a Parquet file with their types; errors as above."""
    return _open(path).schema_arrow


def is_graph_corpus(path: Path) -> bool:
    """Tell whether ``gatbert tag`` wrote a Parquet file; errors as above."""
    return INFO in (parquet_schema(path).metadata or {})


def _open(path: Path) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(path)
    except (pa.ArrowException, OSError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise UserError(f"{path} is no Parquet file, or it is cut short or damaged ({reason})") from error
