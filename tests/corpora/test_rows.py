"""Files that are no corpus, or not quite: one short sentence for each, that says where and what to do."""

import json
from pathlib import Path

import pytest

from gatbert.corpora import read_corpus
from gatbert.errors import UserError
from tests.corpora.files import HEADER, refused


@pytest.mark.parametrize("corpus_type", ["csv", "tsv", "jsonl", "semeval", "vast", "ezstance"])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-16-le"])
def test_other_encodings_are_named(tmp_path: Path, corpus_type: str, encoding: str) -> None:
    message = refused(tmp_path / "posts", f"{HEADER}x,y,favor\n".encode(encoding), corpus_type)
    assert encoding.removesuffix("-le").upper() in message
    assert "UTF-8" in message


@pytest.mark.parametrize(
    ("start", "kind"), [(b"PK\x03\x04", "a spreadsheet"), (b"\x1f\x8b", "gzip"), (b"PAR1", "Parquet")]
)
def test_other_kinds_of_files_are_named(tmp_path: Path, start: bytes, kind: str) -> None:
    assert f"the file is {kind}" in refused(tmp_path / "posts", start + b"\xff\0rest")


@pytest.mark.parametrize(
    ("corpus_type", "delimiter", "words"),
    [
        ("csv", ";", ["divided by semicolons", "commas are expected", "give delimiter ';'"]),
        ("csv", "|", ["divided by vertical bars"]),
        ("csv", "\t", ["divided by tabs", "corpus_type tsv"]),
        ("tsv", ",", ["divided by commas", "corpus_type csv"]),
        ("semeval", ";", ["divided by semicolons", "give delimiter ';'"]),
    ],
)
def test_the_delimiter_that_was_found_is_named(
    tmp_path: Path, corpus_type: str, delimiter: str, words: list[str]
) -> None:
    content = "text,target,stance\nwell, yes,zoos,favor\n".replace(",", delimiter)
    message = refused(tmp_path / "posts", content, corpus_type)
    assert [word for word in words if word not in message] == []


def test_json_lines_as_csv(tmp_path: Path) -> None:
    assert "corpus_type jsonl" in refused(tmp_path / "posts", '{"text": "x"}\n')


@pytest.mark.parametrize("corpus_type", ["csv", "tsv", "semeval"])
def test_a_column_that_the_header_names_twice(tmp_path: Path, corpus_type: str) -> None:
    delimiter = "," if corpus_type == "csv" else "\t"
    content = delimiter.join(["text", "target", "stance", "text ", "", ""]) + "\n" + delimiter.join("abcdef") + "\n"
    assert "the header names the column 'text' more than once" in refused(tmp_path / "posts", content, corpus_type)


def test_columns_without_a_name_are_none(tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    path.write_text("text,target,stance,,\nx,y,favor,,\n")
    assert next(read_corpus(path, "csv")).text == "x"


def test_a_key_that_stands_twice(tmp_path: Path) -> None:
    line = '{"text": "x", "target": "t", "stance": "favor", "text": "y"}\n'
    assert ":2: the key 'text' stands twice" in refused(tmp_path / "a", "\n" + line, "jsonl")


@pytest.mark.parametrize("corpus_type", ["csv", "jsonl"])
@pytest.mark.parametrize("line", [102, 5000])
def test_a_bad_byte_is_reported_in_its_own_line(tmp_path: Path, corpus_type: str, line: int) -> None:
    header, row = (
        (HEADER, "é,t,favor") if corpus_type == "csv" else ("", '{"text": "é", "target": "t", "stance": "pro"}')
    )
    lines = [*header.encode().splitlines(), *[row.encode()] * (6000 - bool(header))]
    lines[line - 1] = row.encode("latin-1")
    assert f":{line}: byte 0xe9 is not utf-8" in refused(tmp_path / "posts", b"\n".join(lines), corpus_type)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("[" * 200_000, "nested too deeply"),
        ('{"text": "\\ud800", "target": "t", "stance": "favor"}', r"'\ud800' is half a character"),
        ('{"text": "x", "target": "t", "stance": "favor", "\\udfff": 1}', r"'\udfff' is half a character"),
        ('{"text": "x", "target": {"a": "\\ud800"}, "stance": "favor"}', r"'\ud800' is half a character"),
        ('{"text": "x", "target": "t", "stance": ' + "9" * 5000 + "}", "too many digits"),
        ('{"text": "x", "target": "t", "stance": 1e400}', "unknown label 'Infinity'"),
        ("7", "int instead of an object"),
        ("{", "no JSON"),
    ],
    ids=["nested", "surrogate", "surrogate key", "nested surrogate", "digits", "infinity", "number", "cut"],
)
def test_json_that_is_no_sample(tmp_path: Path, line: str, words: str) -> None:
    message = refused(tmp_path / "posts.jsonl", f'{{"text": "x", "target": "t", "stance": "favor"}}\n{line}\n', "jsonl")
    assert message.startswith(f"{tmp_path / 'posts.jsonl'}:2: ")
    assert words in message


def test_byte_order_marks_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "bom.csv"
    path.write_text("\ufefftext,target,stance\nx,y,favor\n", encoding="utf-8")
    assert next(read_corpus(path, "csv")).text == "x"


def test_rows_are_counted_in_lines_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "breaks.csv"
    path.write_text('text,target,stance\n"one\ntwo\nthree",t,favor\nx,t,wrong\n')
    with pytest.raises(UserError, match=r"breaks\.csv:5: unknown label 'wrong'"):
        list(read_corpus(path, "csv"))


def test_jsonl_values_become_text_and_other_lines_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"id": 7, "text": "x", "target": "t", "stance": "favor", "year": 2016.0}))
    (sample,) = read_corpus(path, "jsonl", {"year": "year"})
    assert (sample.id, sample.meta) == ("7", {"year": "2016"})
    path.write_text("[1, 2]\n")
    with pytest.raises(UserError, match=r"a\.jsonl:1: list instead of an object"):
        list(read_corpus(path, "jsonl"))
