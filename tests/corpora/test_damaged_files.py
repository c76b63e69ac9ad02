"""Files that are no corpus, or not quite: one short sentence for each, that says where and what to do."""

import csv
import io
import time
from pathlib import Path

import pytest

from gatbert.corpora import read_corpus
from gatbert.corpora.semeval import without_marker
from gatbert.errors import UserError

HEADER = "text,target,stance\n"


def refused(path: Path, content: str | bytes, corpus_type: str = "csv", **options: object) -> str:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(UserError) as error:
        list(read_corpus(path, corpus_type, **options))  # type: ignore[arg-type]
    message = str(error.value)
    assert message.startswith(f"{path}")
    assert "\n" not in message
    assert len(message) < 2000
    return message


@pytest.mark.parametrize("corpus_type", ["csv", "tsv", "jsonl", "semeval", "vast", "ezstance"])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-16-le"])
def test_other_encodings_are_named(tmp_path: Path, corpus_type: str, encoding: str) -> None:
    message = refused(tmp_path / "posts", f"{HEADER}x,y,favor\n".encode(encoding), corpus_type)
    assert encoding.removesuffix("-le").upper() in message
    assert "UTF-8" in message


def test_a_semeval_file_that_was_saved_as_utf_8_is_read_as_such(tmp_path: Path) -> None:
    path = tmp_path / "saved.txt"
    path.write_text("ID\tTarget\tTweet\tStance\r\n1\tA\tcafé \u2013 x\tFAVOR\r\n", encoding="utf-8-sig")
    assert next(read_corpus(path, "semeval")).text == "café \u2013 x"


@pytest.mark.parametrize(
    ("start", "kind"), [(b"PK\x03\x04", "a spreadsheet"), (b"\x1f\x8b", "gzip"), (b"PAR1", "Parquet")]
)
def test_other_kinds_of_files_are_named(tmp_path: Path, start: bytes, kind: str) -> None:
    assert f"the file is {kind}" in refused(tmp_path / "posts", start + b"\xff\0rest")


@pytest.mark.parametrize(
    ("corpus_type", "delimiter", "words"),
    [
        ("csv", ";", ["divided by semicolons", "commas are expected", "save the file with commas"]),
        ("csv", "|", ["divided by vertical bars"]),
        ("csv", "\t", ["divided by tabs", "corpus_type tsv"]),
        ("tsv", ",", ["divided by commas", "corpus_type csv"]),
        ("semeval", ";", ["divided by semicolons", "save the file with tabs"]),
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


def test_one_missing_column_among_a_million(tmp_path: Path) -> None:
    names = [f"column {number}" for number in range(1_000_000)]
    text = io.StringIO()
    csv.writer(text).writerows([names, names])
    started = time.monotonic()
    message = refused(tmp_path / "wide.csv", text.getvalue())
    assert "'column 0', 'column 1'" in message
    assert "and 999,988 more" in message
    assert time.monotonic() - started < 10


def test_long_names_and_labels_are_cut(tmp_path: Path) -> None:
    assert "xxx...xxx" in refused(tmp_path / "a", "x" * 1_000_000 + ",target\na,b\n")
    assert "yyy...yyy" in refused(tmp_path / "b", f"{HEADER}a,b,{'y' * 1_000_000}\n")


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


def test_an_unknown_label_names_the_remedy(tmp_path: Path) -> None:
    message = refused(tmp_path / "a.csv", f"{HEADER}x,t,Yes\n")
    assert ":2: unknown label 'Yes'; known labels are" in message
    assert """--data.labels '{"Yes": "favor"}'""" in message
    assert """{"Yes": "for"}""" in refused(tmp_path / "a.csv", f"{HEADER}x,t,Yes\n", stances=["for", "against"])


@pytest.mark.parametrize(
    ("name", "meant"),
    [("txt", "text"), ("Text", "text"), ("targt", "target"), ("label", "stance"), ("stances", "stance"), ("ids", "id")],
)
def test_a_slip_in_columns_is_no_flag(tmp_path: Path, name: str, meant: str) -> None:
    path = tmp_path / "posts.csv"
    path.write_text("id,text,target,stance,body\n1,x,y,favor,z\n")
    with pytest.raises(UserError, match=f"names '{name}', which is no field; did you mean {meant}?"):
        list(read_corpus(path, "csv", {name: "body"}))
    (sample,) = read_corpus(path, "csv", {name: "body", meant: meant})
    assert sample.meta == {name: "z"}


@pytest.mark.parametrize(
    "name", ["domain", "topic", "sentiment", "seen", "source", "type_idx", "context", "year", "side"]
)
def test_other_names_in_columns_are_flags(tmp_path: Path, name: str) -> None:
    path = tmp_path / "posts.csv"
    path.write_text("text,target,stance,body\nx,y,favor,z\n")
    assert next(read_corpus(path, "csv", {name: "body"})).meta == {name: "z"}


@pytest.mark.parametrize(
    "text", [" " * 400_000 + "x", "#SemST " * 60_000 + "x", "x" + " #SemST" * 60_000, "#SemST" * 60_000]
)
def test_the_marker_of_semeval_is_cut_in_linear_time(text: str) -> None:
    started = time.monotonic()
    assert without_marker(text) in ("x", "", text.strip())
    assert time.monotonic() - started < 1


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("so be it #SemST", "so be it"),
        ("a#semst #SEMST \t", "a"),
        ("#SemST is it", "#SemST is it"),
        (" emST", "emST"),
        ("", ""),
    ],
)
def test_the_marker_of_semeval(text: str, rest: str) -> None:
    assert without_marker(text) == rest


def test_tweet_eval_says_which_of_its_files_is_wrong(tmp_path: Path) -> None:
    folder = tmp_path / "zoos"
    folder.mkdir()
    texts, labels = folder / "train_text.txt", folder / "train_labels.txt"
    texts.write_text("good \u2028 zoo #SemST \nbad zoo\n\n")
    with pytest.raises(
        UserError, match=r"train_labels\.txt does not exist; the labels of .*train_text\.txt stand there"
    ):
        list(read_corpus(texts, "tweet_eval"))
    labels.write_text("2\n1\n0\n")
    with pytest.raises(UserError, match=r"train_text\.txt has 2 texts and .*train_labels\.txt has 3 labels"):
        list(read_corpus(texts, "tweet_eval"))
    labels.write_bytes("\ufeff2\r\n1\r\n\r\n".encode())
    samples = list(read_corpus(texts, "tweet_eval"))
    assert [(s.text, s.target, s.stance, s.label) for s in samples] == [
        ("good \u2028 zoo", "zoos", "favor", "2"),
        ("bad zoo", "zoos", "against", "1"),
    ]
    assert str(samples[1].origin) == f"{texts}:2"
    labels.write_text("2\n3\n")
    with pytest.raises(UserError, match=r"train_text\.txt:2: unknown label '3'"):
        list(read_corpus(texts, "tweet_eval"))
    with pytest.raises(UserError, match=r"ends in _text\.txt"):
        list(read_corpus(labels, "tweet_eval"))
