"""A file comes back with all its rows and columns; a wrong one gets a sentence that names the place."""

from pathlib import Path

import pytest

from gatbert.app.limits import Limits
from gatbert.app.table import read_table, write_table
from gatbert.errors import UserError
from tests.command_line import rows_of

STANCES = ("against", "favor")
LIMITS = Limits(max_characters=20, max_rows=3)


def given(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "posts.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_rows_keep_their_columns_and_get_more(tmp_path: Path, delimiter: str) -> None:
    rows = ["id,text,target,note", '1,"good\nzoo",zoo,=1+1', "2,bäd,tax,"]
    path = given(tmp_path, "\r\n".join(rows).replace(",", delimiter), "utf-8-sig")
    table = read_table(path, LIMITS, STANCES)
    out = tmp_path / "out"
    out.mkdir()
    written = write_table(table, [{"against": 0.25, "favor": 0.75}, {"against": 1.0, "favor": 0.0}], out)
    assert written.name == "posts.predicted.csv"
    assert rows_of(written) == [
        {"id": "1", "text": "good\nzoo", "target": "zoo", "note": "=1+1", "predicted": "favor",
         "prob_against": "0.25", "prob_favor": "0.75"},
        {"id": "2", "text": "bäd", "target": "tax", "note": "", "predicted": "against",
         "prob_against": "1", "prob_favor": "0"},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "posts.csv: the file is empty"),
        ("text,target\n", "posts.csv has no rows below its header"),
        ("post,target\ngood,zoo\n", "posts.csv has no column text; it has 'post', 'target'"),
        ("text\ngood\n", "no column target"),
        ("text,target,prob_favor\ngood,zoo,1\n", "a column 'prob_favor' already"),
        ("text,target\ngood,zoo\nbad,\n", "posts.csv:3: the target is empty"),
        ("text,target\n" + "a" * 21 + ",zoo\n", "posts.csv:2: the text has 21 characters; accepted are 20"),
        ("text,target\n" + "good,zoo\n" * 4, "more than 3 rows"),
        ("text,target\ngood,zoo,more\n", "posts.csv:2: 3 cells instead of 2"),
        ('{"text": "good"}\n', "posts.csv is no table, but JSON"),
    ],
)
def test_what_is_wrong_is_named_without_the_path_of_the_server(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(UserError) as caught:
        read_table(given(tmp_path, text), LIMITS, STANCES)
    assert words in str(caught.value)
    assert str(tmp_path) not in str(caught.value)


def test_bytes_that_are_no_text_are_named(tmp_path: Path) -> None:
    path = given(tmp_path, "text,target\nbäd,zoo\n", "latin-1")
    with pytest.raises(UserError, match=r"^posts.csv:2: .*0xe4"):
        read_table(path, LIMITS, STANCES)
