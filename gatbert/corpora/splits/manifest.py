"""The manifest of splits: what a run writes of them, by which another knows whether it has the same."""

import hashlib
from collections.abc import Mapping, Sequence

from gatbert.samples import Sample


def split_manifest(splits: Mapping[str, Sequence[Sample]]) -> dict[str, dict[str, int | str]]:
    """Return size and checksum of the ids of each split: equal manifests mean equal splits."""
    manifest: dict[str, dict[str, int | str]] = {}
    for split, samples in splits.items():
        # Sorted: the order of files and rows makes no other split.
        digest = hashlib.sha256("\n".join(sorted(sample.id for sample in samples)).encode()).hexdigest()
        manifest[split] = {"num_samples": len(samples), "ids_sha256": digest}
    return manifest
