"""Lines of text files come with their ends, compressed or not, or the wrong one is named."""

import bz2
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


COMPRESSED: dict[str, Callable[[bytes], bytes]] = {"": bytes, ".gz": gzip.compress, ".bz2": bz2.compress}


@given(st.text(LETTERS), st.sampled_from(sorted(COMPRESSED)), st.booleans())
def test_any_text_comes_back(text: str, ending: str, marked: bool) -> None:
    content = text.encode("utf-8-sig" if marked else "utf-8")
    with TemporaryDirectory() as folder:
        path = Path(folder, f"lines.txt{ending}")
        path.write_bytes(COMPRESSED[ending](content))
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
@pytest.mark.parametrize(("ending", "kind"), [(".gz", "gzip"), (".bz2", "bzip2")])
def test_a_damaged_file_is_named(tmp_path: Path, damage: Callable[[bytes], bytes], ending: str, kind: str) -> None:
    path = tmp_path / f"a{ending}"
    whole = COMPRESSED[ending]("".join(f"line {number}\n" for number in range(3000)).encode())
    path.write_bytes(damage(whole))
    with pytest.raises(UserError, match=rf"a\{ending}:\d+: the {kind} file is cut short or damaged"):
        list(utf8_lines(path))


def test_a_file_that_is_not_there_is_no_damaged_one(tmp_path: Path) -> None:
    for ending in COMPRESSED:
        with pytest.raises(FileNotFoundError):
            list(utf8_lines(tmp_path / f"nowhere{ending}"))
