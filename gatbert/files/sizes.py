"""Sizes of files, as people write them."""

import re
from pathlib import Path

from gatbert.errors import UserError

UNITS = {"": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}


def size_in_words(size: float) -> str:
    """Return a number of bytes with the unit that fits: ``1.2 GB``."""
    unit = next((unit for unit in reversed(UNITS) if unit and size >= UNITS[unit]), "KB")
    number = size / UNITS[unit]
    return f"{number:,.0f} {unit}" if number >= 100 else f"{number:.3g} {unit}"


def bytes_of(size: str, name: str) -> int:
    """Return the bytes of a size such as ``500MB`` or ``1.5 GB``.

    Args:
        size: The size.
        name: Name of the argument, for the message.

    Raises:
        UserError: If it is none.
    """
    found = re.fullmatch(r"(\d+(?:\.\d+)?) ?(|[KMGT]B)", size.strip(), re.IGNORECASE)
    if found is None:
        raise UserError(f"{name} {size!r} is not accepted; accepted is a number with KB, MB, GB or TB, such as 10GB")
    return int(float(found[1]) * UNITS[found[2].upper()])


def size_of_folder(folder: Path) -> int:
    """Return the bytes of all files below a folder; those that vanish meanwhile count nothing."""
    return sum(map(_size_of_file, folder.rglob("*")))


def _size_of_file(path: Path) -> int:
    try:
        return 0 if path.is_dir() else path.lstat().st_size
    except FileNotFoundError:
        return 0
