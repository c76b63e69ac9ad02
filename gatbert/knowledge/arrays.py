"""Arrays on disk: ``.npy`` files that are written piece by piece, and opened by memory map.

Headers are checked before they are believed: they come from whoever has sent the file.
"""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from gatbert.errors import UserError


def open_array(path: Path, num_axes: int = 1) -> "np.memmap[Any, np.dtype[Any]]":
    """Open an array of numbers by memory map.

    Args:
        path: The ``.npy`` file.
        num_axes: How many axes it must have.

    Raises:
        UserError: If the file is no such array, or has another size than its header says.
    """
    try:
        array = np.lib.format.open_memmap(path, mode="r")  # reads no pickles
    except Exception as error:  # numpy raises a different type for each way in which a header can be broken
        reason = " ".join(str(error).split())[:200]
        raise UserError(f"{path} is damaged: no array of numbers in NumPy's format ({reason})") from error
    if array.dtype.kind not in "iuf" or array.ndim != num_axes:
        raise UserError(
            f"{path} is no array of numbers with {num_axes} axes, but of {array.dtype}, shape {array.shape}"
        )
    if (size := path.stat().st_size) != array.offset + array.nbytes:
        raise UserError(f"{path} is damaged: {size} bytes instead of {array.offset + array.nbytes}")
    return array


def positions_in_rows(starts: npt.NDArray[np.int64], lengths: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return where the values of some rows lie, row by row, each from its start on ``(sum of lengths,)``.

    Args:
        starts: Where each row begins ``(rows,)``.
        lengths: How many values it has ``(rows,)``.
    """
    # From 0 on, each row shifted by what lies between its start and the end of the rows before it.
    shifts = starts - np.cumsum(lengths) + lengths
    positions: npt.NDArray[np.int64] = np.arange(lengths.sum()) + np.repeat(shifts, lengths)
    return positions


def ascends(values: npt.NDArray[np.integer[Any]], end: int) -> bool:
    """Tell whether offsets begin at 0, never descend, and end at the length of what they index."""
    return bool(len(values) and values[0] == 0 and values[-1] == end and (values[1:] >= values[:-1]).all())


class ArrayWriter:
    """Write an array of known length to a ``.npy`` file piece by piece.

    Args:
        path: The file.
        dtype: Type of its values.
        length: How many values will be appended in all.
    """

    def __init__(self, path: Path, dtype: np.dtype[Any], length: int) -> None:
        self.dtype = dtype
        self.file = path.open("wb")
        # The length stands in the header, which comes first: so it has to be known.
        header = {"descr": np.lib.format.dtype_to_descr(dtype), "fortran_order": False, "shape": (length,)}
        np.lib.format.write_array_header_1_0(self.file, header)

    def append(self, values: npt.NDArray[Any]) -> None:
        """Write the next values."""
        self.file.write(np.ascontiguousarray(values, self.dtype).tobytes())

    def close(self) -> None:
        """Close the file."""
        self.file.close()
