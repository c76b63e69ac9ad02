"""A folder that is handed on: a manifest names each file with its size and checksum, and is believed in nothing else.

What an exported model says besides, ``gatbert.pretrained.exported`` reads.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath

from gatbert.errors import UserError
from gatbert.files.checksums import sha256_of_files

MANIFEST = "gatbert.json"


@dataclass(frozen=True)
class ListedFile:
    """Hold what tells a file from another: its bytes, counted, and their SHA-256."""

    size: int
    sha256: str


def has_manifest(path: Path) -> bool:
    """Tell whether a path is the folder of an exported model."""
    return (path / MANIFEST).is_file()


def listed_files(folder: Path, leave_out: tuple[str, ...] = ()) -> dict[str, ListedFile]:
    """Return what a manifest says of the files in a folder, by their paths in it.

    Args:
        folder: The folder.
        leave_out: Files of which it says nothing, as people may change them.
    """
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    names = {path.relative_to(folder).as_posix(): path for path in paths}
    return {
        name: ListedFile(path.stat().st_size, sha256_of_files([path]))
        for name, path in names.items()
        if name not in (*leave_out, MANIFEST)
    }


def check_listed(folder: Path, files: Mapping[str, ListedFile], remedy: str) -> None:
    """Refuse a folder in which a file is missing or another one than its manifest says.

    Args:
        folder: The folder.
        files: What the manifest says of its files.
        remedy: What to do, for the message.

    Raises:
        UserError: With the first such file.
    """
    for name, listed in files.items():
        if not _is_inside(name):
            raise UserError(f"{folder / MANIFEST} is damaged: {name[:60]!r} is no file in its folder; {remedy}")
        path = folder / name
        if not path.is_file():
            raise UserError(f"{folder} cannot be used: {name} is missing; {remedy}")
        state = path.stat()
        if state.st_size != listed.size:
            raise UserError(
                f"{folder} cannot be used: {name} has {state.st_size} bytes instead of {listed.size}; {remedy}"
            )
        if _sha256(path, state.st_size, state.st_mtime_ns) != listed.sha256:
            raise UserError(
                f"{folder} cannot be used: {name} is not as it was written (its checksum differs); {remedy}"
            )


def _is_inside(name: str) -> bool:
    """Tell whether a name of a stranger is that of a file in a folder, written in the only way that it can be."""
    parts = PurePosixPath(name).parts
    return bool(parts) and "/".join(parts) == name and ".." not in parts and "\\" not in name


@lru_cache(maxsize=256)
def _sha256(path: Path, size: int, modified_ns: int) -> str:
    """Return the checksum of a file of that size and time; one process reads it once."""
    return sha256_of_files([path])
