"""A folder that is handed on is the one that was written, or refused by the name of the first file that is not."""

import os
from pathlib import Path

import pytest

from gatbert.errors import UserError
from gatbert.files.manifest import MANIFEST, ListedFile, check_listed, has_manifest, listed_files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a file at the top, one further down, and one that people may change."""
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "b.bin").write_bytes(b"123")
    (tmp_path / "a.txt").write_text("abc")
    (tmp_path / "README.md").write_text("anything")
    return tmp_path


def test_what_is_listed_is_found_again(folder: Path) -> None:
    assert not has_manifest(folder)
    (folder / MANIFEST).write_text("{}")
    assert has_manifest(folder)
    files = listed_files(folder, leave_out=("README.md",))
    assert list(files) == ["a.txt", "inside/b.bin"]
    assert files["a.txt"].size == 3
    assert files["a.txt"].sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    (folder / "README.md").write_text("another")
    (folder / "more.txt").write_text("beside")
    check_listed(folder, files, "")


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("missing", "a.txt is missing; mend it"),
        ("cut", "a.txt has 2 bytes instead of 3; mend it"),
        ("flipped", "a.txt is not as it was written"),
        ("folder", "a.txt is missing"),
    ],
)
def test_a_file_that_is_another_is_named(folder: Path, kind: str, words: str) -> None:
    files = listed_files(folder)
    check_listed(folder, files, "mend it")
    path = folder / "a.txt"
    if kind in ("missing", "folder"):
        path.unlink()
    if kind == "folder":
        path.mkdir()
    elif kind != "missing":
        path.write_text({"cut": "ab", "flipped": "abd"}[kind])
        os.utime(path, ns=(1, 1))
    with pytest.raises(UserError, match=words):
        check_listed(folder, files, "mend it")


@pytest.mark.parametrize("name", ["../a.txt", "/etc/passwd", "inside/../a.txt", "./a.txt", "", "..", "a\\b", "x//y"])
def test_no_name_leads_out_of_the_folder(folder: Path, name: str) -> None:
    with pytest.raises(UserError, match="is no file in its folder"):
        check_listed(folder, {name: ListedFile(3, "")}, "")
