"""Zip archives, which PyTorch's checkpoints are, and whether they are as they were written."""

import zipfile
import zlib
from pathlib import Path


def archive_damage(path: Path) -> str | None:
    """Return what is wrong with an archive by the checksums in it, which PyTorch does not read; ``None`` if nothing."""
    try:
        with zipfile.ZipFile(path) as archive:
            damaged = archive.testzip()
    # zipfile raises a different type for each way in which a file can be broken.
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError):
        return "it is cut short or no PyTorch checkpoint"
    return None if damaged is None else f"its part {damaged!r} is not as it was written; the file is damaged"
