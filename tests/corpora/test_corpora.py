"""What holds for every format: the same samples, ids that stay, and one sentence for each way to be wrong."""

import re
from pathlib import Path
from typing import Any, get_args

import pytest

from gatbert.corpora import CORPUS_TYPES, CorpusType, read_corpus
from gatbert.errors import UserError
from gatbert.samples import Sample
from tests.corpora.files import FORMATS, Format, posts

WITHOUT_COLUMNS = ("tweet_eval", "graph", "synthetic")
"""Corpora that are no table of rows and columns; each has tests of its own."""

TYPES = sorted(set(CORPUS_TYPES) - set(WITHOUT_COLUMNS))


@pytest.fixture(params=TYPES)
def corpus_type(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def corpus(corpus_type: str) -> Format:
    if corpus_type not in FORMATS:
        pytest.fail(f"tests/corpora/files.py has no file of the corpus type {corpus_type}")
    return FORMATS[corpus_type]


@pytest.fixture
def file(corpus: Format, tmp_path: Path) -> Path:
    return corpus.write(tmp_path / "posts", posts(corpus))


def read(path: Path, corpus_type: str, **options: Any) -> list[Sample]:
    return list(read_corpus(path, corpus_type, **options))


def refused(path: Path, corpus_type: str, **options: Any) -> str:
    with pytest.raises(UserError) as error:
        read(path, corpus_type, **options)
    assert "\n" not in str(error.value)
    return str(error.value)


def test_names_and_formats_agree() -> None:
    assert set(get_args(CorpusType)) == set(CORPUS_TYPES)


def test_reads_what_is_there(file: Path, corpus_type: str) -> None:
    samples = read(file, corpus_type)
    assert [(s.target, s.stance) for s in samples] == [
        ("wind power", "against"),
        ("homework", "favor"),
        ("wind power", "neutral"),
    ]
    assert samples[0].text == 'They say "free" \u2013 it is not'
    assert samples[1].text == "Après l\u2019école, it helps"


def test_ids_are_unique_and_stay_when_rows_are_added(
    file: Path, corpus_type: str, corpus: Format, tmp_path: Path
) -> None:
    before = [sample.id for sample in read(file, corpus_type)]
    more = [corpus.row("homework", "Another", "favor", "p0"), *posts(corpus)]
    after = [sample.id for sample in read(corpus.write(tmp_path / "more", more), corpus_type)]
    assert after[1:] == before
    assert len(set(after)) == 4


def test_streams(file: Path, corpus_type: str, corpus: Format) -> None:
    """The first sample comes before a wrong row far below is even read."""
    wrong = {**posts(corpus)[0], corpus.columns["text"]: ""}
    corpus.write(file, [*posts(corpus), wrong])
    samples = read_corpus(file, corpus_type)
    assert next(samples).target == "wind power"
    with pytest.raises(UserError):
        list(samples)


@pytest.mark.parametrize("field", ["text", "target", "stance"])
def test_missing_column_lists_those_there(file: Path, corpus_type: str, corpus: Format, field: str) -> None:
    column = corpus.columns[field]
    corpus.write(file, [{k: v for k, v in row.items() if k != column} for row in posts(corpus)])
    error = refused(file, corpus_type)
    assert f"no column {column!r} for {field}" in error
    others = [name for name in corpus.columns.values() if name != column]
    assert all(repr(name) in error for name in others)


def row_of(corpus_type: str, number: int) -> int:
    """Return the line of a post, counted from 1 and with the header, if there is one."""
    return number if corpus_type == "jsonl" else number + 1


@pytest.mark.parametrize("field", ["text", "target", "stance"])
def test_empty_value_names_its_row(file: Path, corpus_type: str, corpus: Format, field: str) -> None:
    rows = posts(corpus)
    rows[1][corpus.columns[field]] = "  "
    error = refused(corpus.write(file, rows), corpus_type)
    assert error.startswith(f"{file}:{row_of(corpus_type, 2)}: the {field} is empty")


def test_unknown_label_lists_the_known(file: Path, corpus_type: str, corpus: Format) -> None:
    rows = posts(corpus)
    rows[2][corpus.columns["stance"]] = "perhaps"
    error = refused(corpus.write(file, rows), corpus_type)
    assert error.startswith(f"{file}:{row_of(corpus_type, 3)}: unknown label 'perhaps'; known labels are")
    assert all(label.casefold() in error for label in corpus.labels.values())


def test_duplicate_id_names_both_rows(file: Path, corpus_type: str, corpus: Format) -> None:
    if "id" not in corpus.columns:
        pytest.skip("this format has no ids")
    rows = posts(corpus)
    rows[2][corpus.columns["id"]] = "p1"
    error = refused(corpus.write(file, rows), corpus_type)
    assert re.search(rf":{row_of(corpus_type, 3)}: the id 'p1' stands in row {row_of(corpus_type, 1)}", error)


def test_equal_rows_without_ids_are_told_apart(corpus_type: str, corpus: Format, tmp_path: Path) -> None:
    if corpus_type == "semeval":
        pytest.skip("the files of SemEval always have ids")
    without = [{k: v for k, v in posts(corpus)[0].items() if k != corpus.columns.get("id")}] * 3
    ids = [sample.id for sample in read(corpus.write(tmp_path / "a", without), corpus_type)]
    assert ids[1:] == [f"{ids[0]}-2", f"{ids[0]}-3"]


def test_truncated_file_names_the_row(file: Path, corpus_type: str) -> None:
    whole = file.read_bytes()
    last = whole.rstrip().rfind(b"\n")
    file.write_bytes(whole[: last + 12])
    assert str(file) + ":" in refused(file, corpus_type)


def test_wrong_encoding_names_byte_and_encoding(file: Path, corpus_type: str, corpus: Format) -> None:
    if corpus.encoding == "cp1252":
        pytest.skip("every byte is a character of this format's encoding")
    file.write_bytes(file.read_bytes().decode("utf-8").encode("cp1252"))
    assert re.search(r":\d+: byte 0x\w\w is not utf-8", refused(file, corpus_type))


def test_nul_is_refused(file: Path, corpus_type: str) -> None:
    file.write_bytes(file.read_bytes().replace(b"turbine", b"tur\0ine"))
    assert "NUL" in refused(file, corpus_type)


def test_files_without_rows_are_refused(file: Path, corpus_type: str, tmp_path: Path) -> None:
    header = file.read_bytes().splitlines(keepends=True)[0]
    file.write_bytes(b"")
    assert "empty" in refused(file, corpus_type)
    if corpus_type != "jsonl":
        file.write_bytes(header)
        assert "no rows" in refused(file, corpus_type)
    assert "does not exist" in refused(tmp_path / "nowhere", corpus_type)
    assert "is a folder" in refused(tmp_path, corpus_type)


def test_blank_lines_are_no_rows(file: Path, corpus_type: str) -> None:
    before = read(file, corpus_type)
    file.write_bytes(file.read_bytes() + b"\n\n")
    assert read(file, corpus_type) == before


def test_unlabelled_data_can_be_read_for_prediction(file: Path, corpus_type: str, corpus: Format) -> None:
    stance = corpus.columns["stance"]
    corpus.write(file, [{k: v for k, v in row.items() if k != stance} for row in posts(corpus)])
    assert [s.stance for s in read(file, corpus_type, require_stance=False)] == [None] * 3


def test_columns_and_labels_can_be_mapped(file: Path, corpus_type: str, corpus: Format) -> None:
    rename = {corpus.columns["text"]: "body", corpus.columns["stance"]: "side"}
    rows = [{rename.get(k, k): v for k, v in row.items()} | {"Domain": "energy"} for row in posts(corpus)]
    for row, label in zip(rows, ("-", "+", "?"), strict=True):
        row["side"] = label
    corpus.write(file, rows)
    columns = {"text": "body", "stance": "side", "domain": "Domain"}
    labels = {"+": "favor", "-": "against", "?": "neutral"}
    samples = read(file, corpus_type, columns=columns, labels=labels)
    assert [s.stance for s in samples] == ["against", "favor", "neutral"]
    assert [s.meta["domain"] for s in samples] == ["energy"] * 3
    assert "'Nowhere' for domain" in refused(file, corpus_type, columns={**columns, "domain": "Nowhere"})
    assert "did you mean 'Domain'" in refused(file, corpus_type, columns={**columns, "domain": "Domein"}, labels=labels)
    assert "mapped to 'pro'" in refused(file, corpus_type, columns=columns, labels={"+": "pro"})


def test_unknown_corpus_type_lists_the_known(tmp_path: Path) -> None:
    error = refused(tmp_path / "a", "reddit")
    assert all(name in error for name in CORPUS_TYPES)
