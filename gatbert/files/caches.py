"""The caches of encoded samples as a user sees them: how large, of which corpus, how long unused; and their removal."""

import json
import os
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from gatbert.files.cache_lock import taken
from gatbert.files.sizes import size_of_folder

MANIFEST, SUMMARY, FILES = "manifest.json", "summary.json", "files.json"
"""Files of a cache: what is in it, what was read, and the names of the corpus files."""

DAY = 24 * 3600.0


@dataclass(frozen=True)
class CachedCorpus:
    """Describe one cache.

    Attributes:
        folder: Where it is.
        size: Bytes.
        made: When it was written, in seconds since 1970.
        used: When a run last began with it.
        files: Corpus files, as their user wrote them; empty where that is not known.
    """

    folder: Path
    size: int
    made: float
    used: float
    files: tuple[str, ...]

    @property
    def in_use(self) -> bool:
        """Whether a process reads it at this moment."""
        with taken(self.folder / MANIFEST) as free:
            return not free

    def remove(self) -> bool:
        """Remove it, unless it is in use, and tell whether it was removed."""
        with taken(self.folder / MANIFEST) as free:
            if free:
                remove_cache(self.folder)
            return free


def cached_corpora(folder: Path) -> list[CachedCorpus]:
    """Return all caches in a folder, that which was used last first."""
    found = [_described(path.parent) for path in folder.glob(f"*/{MANIFEST}") if not path.parent.name.startswith(".")]
    return sorted(found, key=lambda one: one.used, reverse=True)


def to_prune(
    caches: Sequence[CachedCorpus], older_than: float | None = None, larger_than: int | None = None
) -> Iterator[CachedCorpus]:
    """Yield the caches that are too old or too many, that which is unused longest first.

    Args:
        caches: All caches.
        older_than: Days; all that was last used before is too old.
        larger_than: Bytes; as long as all that stay are larger together, another one goes.
    """
    left = sum(one.size for one in caches)
    oldest = time.time() - (older_than or 0) * DAY
    for one in sorted(caches, key=lambda one: one.used):
        is_old = older_than is not None and one.used < oldest
        if is_old or (larger_than is not None and left > larger_than):
            left -= one.size
            yield one


def remove_cache(folder: Path) -> None:
    """Remove a cache at once, whoever reads it: what is open stays readable."""
    aside = folder.with_name(f".{folder.name}-removed-{os.getpid()}")
    try:
        folder.rename(aside)
    except FileNotFoundError:  # another process was first
        return
    if aside.is_dir():
        shutil.rmtree(aside, ignore_errors=True)
    else:
        aside.unlink()


def _described(folder: Path) -> CachedCorpus:
    manifest = folder / MANIFEST
    files = folder / FILES
    names = json.loads(files.read_text(encoding="utf-8")) if files.is_file() else ()
    made, used = (folder / SUMMARY).stat().st_mtime, manifest.stat().st_mtime
    return CachedCorpus(folder, size_of_folder(folder), made, used, tuple(names))
