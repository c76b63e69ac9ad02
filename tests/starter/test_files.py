"""Files are read however they are written; what cannot be told is asked."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gatbert.errors import UserError
from gatbert.starter.files import MOST_VALUES, Column, csv_of_parquet, look_at_files

ROWS = [
    ("Tweet", "Topic", "Stance"),
    ("It is é; good, yes", "wind power", "favor"),
    ("It is\n“bad” | no", "zoo", "against"),
]


def text(delimiter: str) -> str:
    return "".join(delimiter.join(f'"{cell}"' for cell in row) + "\n" for row in ROWS)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiter_and_encoding_are_seen(delimiter: str, encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "posts.txt"
    path.write_bytes(text(delimiter).encode(encoding))
    table = look_at_files([path])
    assert table.num_rows == 2
    assert list(table.columns) == list(ROWS[0])
    assert list(table.columns["Tweet"].values) == [ROWS[1][0], ROWS[2][0]]
    assert table.written.corpus_type == ("tsv" if delimiter == "\t" else "csv")
    assert table.written.delimiter == (None if delimiter in ",\t" else delimiter)
    assert table.written.encoding == (None if encoding.startswith("utf-8") else encoding)


def test_json_lines_are_seen_by_their_name(tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_text("".join(json.dumps(dict(zip(ROWS[0], row, strict=True))) + "\n" for row in ROWS[1:]))
    table = look_at_files([path])
    assert (table.written.corpus_type, list(table.columns)) == ("jsonl", list(ROWS[0]))


def test_a_published_corpus_is_known_by_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "vast.csv"
    path.write_text('new_id,post,topic,topic_str,label\n1,"good, yes",wind,wind power,1\n')
    written = look_at_files([path]).written
    assert written.corpus_type == "vast"
    assert written.published is not None


def test_columns_are_counted_over_all_files(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).write_text(f"id,text\n1,{name}\n2,\n")
    table = look_at_files([tmp_path / "a", tmp_path / "b"])
    assert table.num_rows == 4
    assert (table.columns["id"].is_unique, table.columns["id"].is_number) == (False, True)
    assert (table.columns["text"].is_unique, table.columns["text"].filled) == (True, 2)


def test_what_has_many_values_is_not_kept() -> None:
    column = Column()
    for number in range(2 * MOST_VALUES):
        column.add(f"text {number}")
    assert (column.filled, column.is_unique, len(column.values)) == (2 * MOST_VALUES, True, MOST_VALUES + 1)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("text\njust one column\n", "no delimiter divides"),
        ("a,b\n", "no delimiter divides|no rows below"),
        ("", "the file is empty"),
        ('a,b\n"never closed,1\n', "not closed|no delimiter"),
    ],
)
def test_what_is_no_table_is_refused(content: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    path.write_text(content)
    with pytest.raises(UserError, match=words):
        look_at_files([path])


def test_parquet_becomes_csv_with_all_that_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "posts.parquet"
    columns = {name: [row[place] for row in ROWS[1:]] for place, name in enumerate(ROWS[0])}
    pq.write_table(pa.table(columns), path)
    (tmp_path / "out").mkdir()
    table = look_at_files([csv_of_parquet(path, tmp_path / "out")])
    assert list(table.columns["Tweet"].values) == [ROWS[1][0], ROWS[2][0]]
    path.write_text("no parquet")
    with pytest.raises(UserError, match=r"posts\.parquet is no Parquet file"):
        csv_of_parquet(path, tmp_path / "out")
