"""Columns and labels: a slip is told from a flag."""

import csv
import io
import time
from pathlib import Path

import pytest

from gatbert.corpora import read_corpus
from gatbert.errors import UserError
from tests.corpora.files import refused


@pytest.mark.slow
def test_one_missing_column_among_a_million(tmp_path: Path) -> None:
    names = [f"column {number}" for number in range(1_000_000)]
    text = io.StringIO()
    csv.writer(text).writerows([names, names])
    started = time.monotonic()
    message = refused(tmp_path / "wide.csv", text.getvalue())
    assert "'column 0', 'column 1'" in message
    assert "and 999,988 more" in message
    assert time.monotonic() - started < 10


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
    "name", ["domain", "topic", "sentiment", "seen", "source", "type_idx", "thread", "year", "side"]
)
def test_other_names_in_columns_are_flags(tmp_path: Path, name: str) -> None:
    path = tmp_path / "posts.csv"
    path.write_text("text,target,stance,body\nx,y,favor,z\n")
    assert next(read_corpus(path, "csv", {name: "body"})).meta == {name: "z"}


def test_context_and_background_are_read_where_they_are_named(tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    path.write_text("text,target,stance,parent,about\nx,y,favor, z ,w\nx,y,favor,,\n")
    named = {"context": "parent", "background": "about"}
    first, second = read_corpus(path, "csv", named)
    assert (first.context, first.background, first.meta) == ("z", "w", {})
    assert (second.context, second.background) == ("", "")
    assert next(read_corpus(path, "csv")).context == ""
    with pytest.raises(UserError, match="there is no column 'thread' for context; the columns are"):
        list(read_corpus(path, "csv", {"context": "thread"}))
