"""Rows as files of every format: read back as they were, and joined as if written at once."""

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gatbert.corpora.row_tables import TABLES, Table, table_type
from gatbert.errors import UserError

COLUMNS = ("a post", "n", "p")
ROWS: Sequence[Mapping[str, Any]] = [
    {"a post": 'one, "two"\nthree\r', "n": 1, "p": 0.25},
    {"a post": "naïve\t\U0001f600", "n": [1, {"b": None}], "p": 1.0},
    {"a post": "", "p": 0.125},
    {"a post": "plain", "n": None, "p": 0.5},
]


def table(path: Path) -> Table:
    return table_type(path)(COLUMNS, pa.schema([("p", pa.float64())]))


def read(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a file by a reader that is not ours."""
    if path.suffix == ".parquet":
        rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
        return rows
    with path.open(encoding="utf-8", newline="") as file:
        if path.suffix == ".jsonl":
            return [json.loads(line) for line in file]
        return list(csv.DictReader(file, delimiter="\t" if path.suffix == ".tsv" else ","))


@pytest.mark.parametrize("ending", TABLES)
def test_rows_are_read_back(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"out{ending}"
    table(path).write(path, ROWS)
    found = read(path)
    assert [row["a post"] for row in found] == [row["a post"] for row in ROWS]
    assert [float(row["p"]) for row in found] == [row["p"] for row in ROWS]
    if ending == ".jsonl":
        assert found == ROWS
    else:
        nothing = None if ending == ".parquet" else ""
        assert [row["n"] for row in found] == ["1", '[1, {"b": null}]', nothing, nothing]


@pytest.mark.parametrize("ending", TABLES)
def test_parts_are_joined_as_if_written_at_once(ending: str, tmp_path: Path) -> None:
    whole, joined = tmp_path / f"whole{ending}", tmp_path / f"joined{ending}"
    parts = [tmp_path / f"part{number}{ending}" for number in range(3)]
    for part, rows in zip(parts, (ROWS[:1], ROWS[1:3], ROWS[3:]), strict=True):
        table(part).write(part, rows)
    table(whole).write(whole, ROWS)
    table(joined).join(parts, joined)
    assert read(joined) == read(whole)
    if ending != ".parquet":
        assert joined.read_bytes() == whole.read_bytes()


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_a_part_with_other_columns_is_refused(ending: str, tmp_path: Path) -> None:
    part = tmp_path / f"part{ending}"
    table_type(part)(("a post", "q"), pa.schema([])).write(part, ROWS)
    with pytest.raises(UserError, match="has other columns than this input"):
        table(part).join([part], tmp_path / f"joined{ending}")


def test_an_ending_that_tells_no_format_is_refused() -> None:
    with pytest.raises(UserError, match=r"out\.xlsx: its ending tells no format; accepted are \.csv, \.tsv"):
        table_type(Path("out.xlsx"))
