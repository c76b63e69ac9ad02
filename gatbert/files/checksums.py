"""Checksums of files: the same content has the same, wherever it lies."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

BLOCK_SIZE = 1 << 22
"""Bytes that are held in memory at once."""


def sha256_of_files(paths: Iterable[Path]) -> str:
    """Return the SHA-256 over the bytes of some files, one after another."""
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            while block := file.read(BLOCK_SIZE):
                digest.update(block)
    return digest.hexdigest()
