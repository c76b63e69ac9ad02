"""Encoded samples on disk: written once by one process, memory-mapped by every process and worker."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from gatbert.batches import NO_GOLD, Encoded
from gatbert.paths import written_aside
from gatbert.samples import Sample

IntArray = npt.NDArray[np.integer[Any]]


class EncodedSplit:
    """Read the encoded samples of one split from its folder.

    The arrays of all samples lie end to end in one file each, so that opening costs nothing and workers share memory.

    Args:
        folder: A split's folder, as ``write_splits`` made it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sizes = np.load(folder / "sizes.npy")
        self.stance_index = np.load(folder / "stance_index.npy")
        self._names = json.loads((folder / "arrays.json").read_text())

    def __len__(self) -> int:
        return len(self.sizes)

    def __getitem__(self, index: int) -> Encoded:
        arrays = {}
        for name, (values, offsets) in self._arrays.items():
            arrays[name] = values[..., offsets[index] : offsets[index + 1]]
        return Encoded(arrays, int(self.sizes[index]), int(self.stance_index[index]), index)

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


def write_splits(
    folder: Path, splits: Mapping[str, tuple[Sequence[Sample], Sequence[Encoded]]], stances: Sequence[str]
) -> None:
    """Write all splits below ``folder``: aside first, then renamed, so that a half-written cache never opens."""
    with written_aside(folder, same_for_all=True) as aside:
        for split, (samples, encoded) in splits.items():
            _write_split(aside / split, samples, encoded, stances)


def _write_split(folder: Path, samples: Sequence[Sample], encoded: Sequence[Encoded], stances: Sequence[str]) -> None:
    folder.mkdir()
    gold = [NO_GOLD if sample.stance is None else stances.index(sample.stance) for sample in samples]
    np.save(folder / "stance_index.npy", np.asarray(gold, np.int64))
    np.save(folder / "sizes.npy", np.asarray([item.size for item in encoded], np.int64))
    names = list(encoded[0].arrays)
    for name in names:
        arrays = [item.arrays[name] for item in encoded]
        np.save(folder / f"{name}.npy", np.concatenate(arrays, axis=-1))
        np.save(folder / f"{name}.offsets.npy", np.cumsum([0] + [array.shape[-1] for array in arrays]))
    (folder / "arrays.json").write_text(json.dumps(names))
    with (folder / "samples.jsonl").open("w", encoding="utf-8") as lines:
        for sample in samples:
            lines.write(json.dumps(_plain(sample), ensure_ascii=False) + "\n")


def _plain(sample: Sample) -> dict[str, Any]:
    values = {field.name: getattr(sample, field.name) for field in fields(Sample) if field.name != "origin"}
    return {**values, "meta": dict(sample.meta)}
