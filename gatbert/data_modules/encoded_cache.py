"""Encoded samples on disk: written once by one process, memory-mapped by every process and worker."""

import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import fields
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from gatbert.batches import NO_GOLD, Encoded
from gatbert.corpora.splits.mixed_splits import CORPUS
from gatbert.files.cache_lock import hold
from gatbert.files.caches import FILES, MANIFEST, SUMMARY
from gatbert.files.paths import atomic_folder, cache_folder, resolve
from gatbert.samples import Sample

VECTORS = "vectors.npy"
BLOCK = 1 << 22
NOT_KEPT = ("origin", "label")

IntArray = npt.NDArray[np.integer[Any]]


class EncodedSplit:
    """Read the encoded samples of one split from its folder.

    The arrays of all samples lie end to end in one file each, so that opening costs nothing and workers share memory.

    Args:
        folder: A split's folder, as ``write_splits`` made it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        hold(folder.parent / MANIFEST)
        self.sizes = np.load(folder / "sizes.npy")
        self.stance_index = np.load(folder / "stance_index.npy")
        self.corpus_index = np.load(folder / "corpus_index.npy")
        self._names = json.loads((folder / "arrays.json").read_text())

    def __len__(self) -> int:
        return len(self.sizes)

    def __getitem__(self, index: int) -> Encoded:
        arrays = {}
        for name, (values, offsets) in self._arrays.items():
            arrays[name] = values[..., offsets[index] : offsets[index + 1]]
        stance, corpus = int(self.stance_index[index]), int(self.corpus_index[index])
        return Encoded(arrays, int(self.sizes[index]), stance, index, corpus, vectors=self._vectors)

    def __reduce__(self) -> tuple[type["EncodedSplit"], tuple[Path]]:
        """Travel to a worker as a path: pickling a memory map would copy all of it."""
        return EncodedSplit, (self.folder,)

    @cached_property
    def samples(self) -> list[Sample]:
        """The samples themselves, for predictions."""
        with (self.folder / "samples.jsonl").open(encoding="utf-8") as lines:
            return [Sample(**json.loads(line)) for line in lines]

    @cached_property
    def _arrays(self) -> dict[str, tuple[IntArray, IntArray]]:
        def load(kind: str) -> IntArray:
            return np.load(self.folder / f"{kind}.npy", mmap_mode="r")  # type: ignore[no-any-return]

        return {name: (load(name), np.load(self.folder / f"{name}.offsets.npy")) for name in self._names}

    @cached_property
    def _vectors(self) -> npt.NDArray[np.float32] | None:
        path = self.folder / VECTORS
        return np.load(path, mmap_mode="r") if path.exists() else None


def folder_of_key(key: Mapping[str, Any], cache_dir: str | None) -> Path:
    """Return the folder of what was encoded in some way, named by a hash.

    Args:
        key: All that decides what is in it, as plain values.
        cache_dir: Where all caches are; by default where those of this user are.
    """
    name = hashlib.sha256(json.dumps(key, sort_keys=True, default=str).encode()).hexdigest()[:32]
    return (cache_folder() if cache_dir is None else resolve(cache_dir)) / name


def write_splits(
    folder: Path,
    splits: Mapping[str, tuple[Sequence[Sample], Sequence[Encoded]]],
    stances: Sequence[str],
    summary: Mapping[str, Any] | None = None,
    corpora: Sequence[str] = (),
    files: Sequence[str] = (),
) -> None:
    """Write all splits below ``folder``: aside first, then renamed, so that a half-written cache never opens.

    Args:
        folder: The cache.
        splits: Samples of each split, and what the preprocessor made of them.
        stances: Label set.
        summary: Plain values that are kept with them, for ``read_summary``.
        corpora: Names of the corpora of a mix, one of which each sample has as a flag; empty for one corpus.
        files: Corpus files, as their user wrote them, by which a person knows the cache.
    """
    with atomic_folder(folder, same_for_all=True) as aside:
        for split, (samples, encoded) in splits.items():
            _write_split(aside / split, samples, encoded, stances)
            # (samples,)
            places = [corpora.index(sample.meta[CORPUS]) if corpora else 0 for sample in samples]
            np.save(aside / split / "corpus_index.npy", np.asarray(places, np.int64))
        (aside / SUMMARY).write_text(json.dumps(summary or {}), encoding="utf-8")
        (aside / FILES).write_text(json.dumps(list(files)), encoding="utf-8")
        (aside / MANIFEST).write_text(json.dumps(_manifest(aside)), encoding="utf-8")


def read_summary(folder: Path) -> dict[str, Any]:
    """Return what was kept with the splits of a cache."""
    return json.loads((folder / SUMMARY).read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def find_damage(folder: Path) -> str | None:
    """Return what of a cache is not as it was written, or ``None``; every byte of it is read.

    Checksums are CRC-32, which tells every change of up to 32 bits and all but one in four billion others.
    """
    try:
        written = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        found = _manifest(folder)
    except (OSError, ValueError, RecursionError) as error:
        return f"{MANIFEST} cannot be read ({type(error).__name__})"
    if not isinstance(written, dict):
        return f"{MANIFEST} is no manifest"
    changed = sorted(name for name in {*written, *found} if written.get(name) != found.get(name))
    return f"{changed[0]} is not as it was written" if changed else None


def _manifest(folder: Path) -> dict[str, list[int]]:
    """Return size and checksum of every file below a folder, by its path; links are read."""
    paths = [path for path in sorted(folder.rglob("*")) if not path.is_dir()]
    return {str(path.relative_to(folder)): _size_and_checksum(path) for path in paths if path != folder / MANIFEST}


def _size_and_checksum(path: Path) -> list[int]:
    size = checksum = 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            size, checksum = size + len(block), zlib.crc32(block, checksum)
    return [size, checksum]


def _write_split(folder: Path, samples: Sequence[Sample], encoded: Sequence[Encoded], stances: Sequence[str]) -> None:
    """Write one split: the arrays of all samples end to end, and where those of each begin."""
    folder.mkdir()
    # (samples,)
    gold = [NO_GOLD if sample.stance is None else stances.index(sample.stance) for sample in samples]
    np.save(folder / "stance_index.npy", np.asarray(gold, np.int64))
    np.save(folder / "sizes.npy", np.asarray([item.size for item in encoded], np.int64))
    names = list(encoded[0].arrays)
    for name in names:
        # (..., length) of each sample
        arrays = [item.arrays[name] for item in encoded]
        np.save(folder / f"{name}.npy", np.concatenate(arrays, axis=-1))
        np.save(folder / f"{name}.offsets.npy", np.cumsum([0] + [array.shape[-1] for array in arrays]))
    (folder / "arrays.json").write_text(json.dumps(names))
    if encoded[0].vectors is not None:
        if any(item.vectors is not encoded[0].vectors for item in encoded):
            raise ValueError("samples of one split were encoded apart: their rows are of different vectors")
        np.save(folder / VECTORS, encoded[0].vectors)
    with (folder / "samples.jsonl").open("w", encoding="utf-8") as lines:
        for sample in samples:
            lines.write(json.dumps(_plain(sample), ensure_ascii=False) + "\n")


def _plain(sample: Sample) -> dict[str, Any]:
    values = {field.name: getattr(sample, field.name) for field in fields(Sample) if field.name not in NOT_KEPT}
    return {**values, "meta": dict(sample.meta)}
