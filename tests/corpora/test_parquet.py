"""Parquet files that are no graph corpora: rows as they are, and damage that is named."""

from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gatbert.corpora.graph_corpus import GraphCorpusInfo, write_graph_corpus
from gatbert.corpora.parquet import is_graph_corpus, parquet_rows, parquet_schema
from gatbert.errors import UserError
from tests.graphs import RELATIONS


def test_rows_come_in_order_with_their_values_whatever_the_row_groups(tmp_path: Path) -> None:
    rows = [{"text": f"post {number}", "day": date(2026, 1, 1), "likes": number or None} for number in range(3000)]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "posts.parquet", row_group_size=700)
    found = list(parquet_rows(tmp_path / "posts.parquet"))
    assert [row for _, row in found] == rows
    assert [number for number, _ in found] == list(range(1, 3001))
    assert parquet_schema(tmp_path / "posts.parquet").field("day").type == pa.date32()


def test_a_graph_corpus_is_told_from_others(tmp_path: Path) -> None:
    write_graph_corpus(tmp_path / "tagged.parquet", [], GraphCorpusInfo(RELATIONS, "0" * 64, "graph"))
    pq.write_table(pa.table({"text": ["a"]}), tmp_path / "plain.parquet")
    assert is_graph_corpus(tmp_path / "tagged.parquet")
    assert not is_graph_corpus(tmp_path / "plain.parquet")


def test_what_is_no_parquet_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "posts.parquet"
    path.write_text("text\na post\n")
    with pytest.raises(UserError, match=r"posts\.parquet is no Parquet file, or it is cut short"):
        list(parquet_rows(path))
