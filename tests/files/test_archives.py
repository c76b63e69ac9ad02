"""An archive is as it was written, or the part that is not is named."""

import zipfile
from pathlib import Path

import pytest

from gatbert.files.archives import archive_damage


def written(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a/data.pkl", b"pickled" * 20)
        archive.writestr("a/data/0", bytes(200))
    return path


def test_what_was_written_is_whole(tmp_path: Path) -> None:
    assert archive_damage(written(tmp_path / "a.ckpt")) is None


def test_a_changed_byte_of_a_part_is_told_with_the_part(tmp_path: Path) -> None:
    path = written(tmp_path / "a.ckpt")
    path.write_bytes(path.read_bytes().replace(b"pickled", b"pickleD", 1))
    assert archive_damage(path) == "its part 'a/data.pkl' is not as it was written; the file is damaged"


@pytest.mark.parametrize("length", [0, 1, 4, 100, -1, -30])
def test_a_file_that_was_cut_is_told(tmp_path: Path, length: int) -> None:
    path = written(tmp_path / "a.ckpt")
    path.write_bytes(path.read_bytes()[:length])
    assert archive_damage(path) == "it is cut short or no PyTorch checkpoint"
