"""Parts of a file: kept through an end at any moment, gone on with only by the same settings, whole in the end."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest

from gatbert.errors import UserError
from gatbert.files.parts import Parts

SETTINGS = {"input": "abc", "columns": ["text"]}


def join(parts: Sequence[Path], whole: Path) -> None:
    whole.write_text("".join(path.read_text() for path in parts))


def write_some(parts: Parts, rows: Sequence[str]) -> None:
    """Write a part a row, and then break off."""
    with parts.begun(SETTINGS, resume=False) as done:
        assert done == 0
        for number, row in enumerate(rows):
            parts.add(number, number + 1, partial(Path.write_text, data=row))
        raise KeyboardInterrupt


def broken_off(parts: Parts, rows: Sequence[str]) -> None:
    with pytest.raises(KeyboardInterrupt):
        write_some(parts, rows)


def test_what_was_broken_off_goes_on_and_every_row_is_there_once(tmp_path: Path) -> None:
    parts = Parts(tmp_path / "out.txt")
    broken_off(parts, [f"{number}\n" for number in range(11)])
    (parts.folder / ".11-12.txt.partial").write_text("11, but not who")  # a process that was killed as it wrote
    assert not parts.output.exists()
    with parts.begun(SETTINGS, resume=True) as done:
        assert done == 11
        parts.add(11, 12, partial(Path.write_text, data="11\n"))
    parts.finish(join)
    assert parts.output.read_text() == "".join(f"{number}\n" for number in range(12))
    assert [path.name for path in tmp_path.iterdir()] == ["out.txt"]


def test_a_gap_ends_what_is_counted(tmp_path: Path) -> None:
    parts = Parts(tmp_path / "out.txt")
    broken_off(parts, ["0", "1", "2"])
    (parts.folder / "1-2.txt").unlink()
    assert parts.num_rows() == 1


def test_nothing_stays_of_what_ended_before_its_first_row(tmp_path: Path) -> None:
    broken_off(Parts(tmp_path / "out.txt"), [])
    assert list(tmp_path.iterdir()) == []


def test_rows_are_not_gone_on_with_unasked_or_with_other_settings(tmp_path: Path) -> None:
    parts = Parts(tmp_path / "out.txt")
    broken_off(parts, ["0", "1"])
    with pytest.raises(UserError, match=r"was begun, and 2 rows .* --resume true"), parts.begun(SETTINGS, False):
        pass
    other = {**SETTINGS, "columns": ["post"]}
    with pytest.raises(UserError, match="was begun with another columns"), parts.begun(other, True):
        pass
    assert parts.num_rows() == 2
