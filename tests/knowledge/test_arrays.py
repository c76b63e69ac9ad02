"""Arrays on disk are what their headers say, offsets ascend, and rows of different lengths lie within one array."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatbert.errors import UserError
from gatbert.knowledge.arrays import ArrayWriter, ascends, open_array, positions_in_rows


@pytest.mark.parametrize("values", [[1, 2, 3], [0.5], []])
def test_an_array_is_opened_as_it_was_written(tmp_path: Path, values: list[float]) -> None:
    path = tmp_path / "a.npy"
    np.save(path, np.asarray(values))
    opened = open_array(path)
    assert isinstance(opened, np.memmap)
    assert opened.tolist() == values


@pytest.mark.parametrize("array", [np.zeros((2, 2)), np.asarray(["a"]), np.asarray([True])])
def test_what_is_no_array_of_numbers_with_one_axis_is_refused(tmp_path: Path, array: np.ndarray[Any, Any]) -> None:
    np.save(tmp_path / "a.npy", array)
    with pytest.raises(UserError, match=r"a\.npy is no array of numbers with 1 axes"):
        open_array(tmp_path / "a.npy")


def test_a_file_that_is_cut_or_longer_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "a.npy"
    np.save(path, np.arange(9))
    whole = path.read_bytes()
    for content in (whole[:-1], whole + b"\0", whole[:20], b""):
        path.write_bytes(content)
        with pytest.raises(UserError, match=r"a\.npy is damaged"):
            open_array(path)


@given(st.lists(st.integers(0, 9), max_size=8), st.integers(0, 9))
def test_offsets_ascend_from_nothing_to_the_end(values: list[int], end: int) -> None:
    wanted = bool(values) and values[0] == 0 and values[-1] == end and all(one <= two for one, two in pairwise(values))
    assert ascends(np.asarray(values, np.int64), end) == wanted


rows = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 4)), max_size=6)


@given(rows)
def test_positions_follow_each_row_from_its_start(rows: list[tuple[int, int]]) -> None:
    starts, lengths = np.array(rows, np.int64).reshape(-1, 2).T
    expected = [position for start, length in rows for position in range(start, start + length)]
    assert positions_in_rows(starts, lengths).tolist() == expected


def test_what_is_written_in_pieces_is_one_array(tmp_path: Path) -> None:
    writer = ArrayWriter(tmp_path / "a.npy", np.dtype("<i4"), 5)
    for piece in ([1, 2], [], [3, 4, 5]):
        writer.append(np.array(piece, np.int64))
    writer.close()
    array = open_array(tmp_path / "a.npy")
    assert (array.tolist(), array.dtype) == ([1, 2, 3, 4, 5], np.dtype("<i4"))
