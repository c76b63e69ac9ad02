"""Lines of text files come with their ends, gzipped or not, or the wrong one is named."""

import gzip
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatbert.errors import UserError
from gatbert.files.text import utf8_lines

LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\ufeff")


@given(st.text(LETTERS), st.booleans(), st.booleans())
def test_any_text_comes_back(text: str, zipped: bool, marked: bool) -> None:
    content = text.encode("utf-8-sig" if marked else "utf-8")
    with TemporaryDirectory() as folder:
        path = Path(folder, "lines.txt.gz" if zipped else "lines.txt")
        path.write_bytes(gzip.compress(content) if zipped else content)
        lines = list(utf8_lines(path))
    assert "".join(lines) == text
    assert all(line.endswith("\n") and line.count("\n") == 1 for line in lines[:-1])


@pytest.mark.parametrize("name", ["a.txt", "a.txt.gz"])
def test_a_byte_that_is_not_utf8_is_named_by_its_line(tmp_path: Path, name: str) -> None:
    content = b"one\n" * 3000 + b"t\xe9st\n"
    (tmp_path / name).write_bytes(gzip.compress(content) if name.endswith("gz") else content)
    with pytest.raises(UserError, match=rf"{name}:3001: byte 0xe9 is not UTF-8"):
        list(utf8_lines(tmp_path / name))


@pytest.mark.parametrize(
    "damage", [lambda whole: whole[:-9], lambda whole: b"no gzip", lambda whole: whole[:20] + b"x" + whole[21:]]
)
def test_a_damaged_gzip_file_is_named(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "a.gz"
    whole = gzip.compress("".join(f"line {number}\n" for number in range(3000)).encode())
    path.write_bytes(damage(whole))
    with pytest.raises(UserError, match=r"a\.gz:\d+: the gzip file is cut short or damaged"):
        list(utf8_lines(path))
