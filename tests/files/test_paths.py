"""Paths as users write them."""

import os
from pathlib import Path

import pytest

from gatbert.errors import UserError
from gatbert.files.paths import matching_files, new_folder, output_folder, resolve


def test_variables_home_and_packages_are_expanded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/somebody")
    monkeypatch.setenv("CORPORA", "/blue/corpora")
    assert resolve("$CORPORA/a.csv") == resolve("${CORPORA}/a.csv") == Path("/blue/corpora/a.csv")
    assert resolve("~/a.csv") == Path("/home/somebody/a.csv")
    assert resolve("pkg:gatbert/assets/demo/train.csv").is_file()
    assert resolve("plain/a.csv") == Path("plain/a.csv")


@pytest.mark.parametrize(
    ("path", "word"),
    [("$NOT_SET/a.csv", "NOT_SET"), ("pkg:no_such_package/a", "no_such_package"), ("pkg:../a", "not installed")],
)
def test_what_cannot_be_expanded_is_named(path: str, word: str) -> None:
    with pytest.raises(UserError, match=word):
        resolve(path)


def test_an_output_may_exist_or_not_and_trying_leaves_nothing(tmp_path: Path) -> None:
    assert output_folder(tmp_path) == tmp_path
    assert output_folder(tmp_path / "a" / "b") == tmp_path / "a" / "b"
    assert new_folder(tmp_path / "a" / ".." / "b") == tmp_path / "a" / ".." / "b"
    assert list(tmp_path.iterdir()) == []


def test_an_output_that_cannot_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "lost").symlink_to(tmp_path / "nowhere")
    for check in (output_folder, new_folder):
        for part in ("file", "lost"):
            with pytest.raises(UserError, match=f"output .* cannot be a folder, as .*{part} is none; give another"):
                check(tmp_path / part / "a" / "b")
        with pytest.raises(UserError, match=r"output .* cannot be written: File name too long; give another output"):
            check(tmp_path / ("a" * 300))
        with pytest.raises(UserError, match=r"output .* cannot be written"):
            check(unwritable(tmp_path) / "report")
    with pytest.raises(UserError, match="cannot be a folder"):
        output_folder(tmp_path / "file")
    with pytest.raises(UserError, match="exists already"):
        new_folder(tmp_path)


def unwritable(folder: Path) -> Path:
    """Return a folder in which nothing can be made: not even by root, who may write where permissions forbid it."""
    if os.geteuid() == 0:
        return Path("/proc")
    (folder / "closed").mkdir(exist_ok=True)
    (folder / "closed").chmod(0o500)
    return folder / "closed"


def test_globs_stand_for_files_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("b.csv", "a.csv", "c.tsv", "deep/d.csv", "e[1].csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    monkeypatch.setenv("POSTS", str(tmp_path))
    assert matching_files("$POSTS/?.csv") == ["$POSTS/a.csv", "$POSTS/b.csv"]
    assert matching_files([f"{tmp_path}/[b].csv", f"{tmp_path}/*.csv"])[:2] == [
        f"{tmp_path}/b.csv",
        f"{tmp_path}/a.csv",
    ]
    assert "$POSTS/deep/d.csv" in matching_files("$POSTS/**/*.csv")
    assert matching_files("$POSTS/e[1].csv") == ["$POSTS/e[1].csv"]  # it is there, whatever its letters mean
    assert matching_files(None) == []
    assert matching_files(["nowhere.csv"]) == ["nowhere.csv"]
    monkeypatch.chdir(tmp_path)
    assert matching_files("d*/*.csv") == ["deep/d.csv"]
    with pytest.raises(UserError, match=r"no file matches \*\.txt; paths are relative to"):
        matching_files("*.txt")
