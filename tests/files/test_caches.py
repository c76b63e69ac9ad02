"""Caches are listed, and pruned by age and size; one in use stays."""

import os
import time
from pathlib import Path

import pytest

from gatbert.files.cache_lock import hold
from gatbert.files.caches import DAY, FILES, MANIFEST, SUMMARY, CachedCorpus, cached_corpora, to_prune


def write_cache(folder: Path, name: str, size: int = 100, days: float = 0.0, files: str | None = '["a.csv"]') -> Path:
    """Write what has the files of a cache, last used some days ago."""
    cache = folder / name
    (cache / "train").mkdir(parents=True)
    (cache / "train" / "values.npy").write_bytes(b"0" * size)
    (cache / SUMMARY).write_text("{}")
    (cache / MANIFEST).write_text("{}")
    if files is not None:
        (cache / FILES).write_text(files)
    then = time.time() - days * DAY
    os.utime(cache / MANIFEST, (then, then))
    return cache


def test_the_one_used_last_comes_first_with_its_corpus(tmp_path: Path) -> None:
    write_cache(tmp_path, "old", days=3, files=None)
    write_cache(tmp_path, "new", size=1000)
    (tmp_path / ".half-written").mkdir()
    (tmp_path / ".half-written" / MANIFEST).write_text("{}")
    (tmp_path / "concept_vectors").mkdir()
    first, second = cached_corpora(tmp_path)
    assert (first.folder.name, first.files, second.folder.name, second.files) == ("new", ("a.csv",), "old", ())
    assert first.size == 1000 + 2 + 2 + len('["a.csv"]')
    assert time.time() - second.used == pytest.approx(3 * DAY, abs=60)


def test_no_folder_has_no_caches(tmp_path: Path) -> None:
    assert cached_corpora(tmp_path / "nowhere") == []


@pytest.mark.parametrize(
    ("older_than", "larger_than", "gone"),
    [
        (None, None, []),
        (1.5, None, ["d", "c"]),
        (0.0, None, ["d", "c", "b"]),
        (None, 400, []),
        (None, 399, ["d"]),
        (None, 200, ["d", "c"]),
        (None, 0, ["d", "c", "b", "a"]),
        (2.5, 199, ["d", "c", "b"]),
        (2.5, 200, ["d", "c"]),
    ],
)
def test_what_is_too_old_goes_then_what_is_too_much(
    older_than: float | None, larger_than: int | None, gone: list[str]
) -> None:
    now = time.time() + 10  # used in the future, as clocks of two machines differ
    caches = [CachedCorpus(Path(name), 100, 0.0, now - days * DAY, ()) for days, name in enumerate("abcd")]
    assert [one.folder.name for one in to_prune(caches, older_than, larger_than)] == gone


def test_one_in_use_is_not_removed(tmp_path: Path) -> None:
    used, free = (write_cache(tmp_path, name) for name in ("used", "free"))
    hold(used / MANIFEST)
    found = {one.folder: one for one in cached_corpora(tmp_path)}
    assert (found[used].in_use, found[free].in_use) == (True, False)
    assert (found[used].remove(), found[free].remove()) == (False, True)
    assert [path.name for path in tmp_path.iterdir()] == ["used"]
    assert found[free].remove() is False, "another process was first"
