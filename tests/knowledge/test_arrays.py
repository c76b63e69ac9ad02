"""Arrays on disk, and rows of different lengths within one array."""

from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gatbert.knowledge.arrays import ArrayWriter, open_array, positions_in_rows

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
