"""Read, check and encode a corpus once, for all processes of this run and all later ones."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from gatbert.batches import Encoded
from gatbert.corpora.splits.corpus_splits import CorpusSplits
from gatbert.corpora.splits.duplicates import MOST_LISTED, Resolved, Shared, leak_message
from gatbert.corpora.splits.flags import with_flags
from gatbert.data_modules.encoded_cache import find_damage, remove_cache, write_splits
from gatbert.data_modules.summary import summarize
from gatbert.errors import UserError
from gatbert.files.paths import write_atomically
from gatbert.samples import Sample


def fill_cache(
    folder: Path, corpus: CorpusSplits, labelled: bool, encode: Callable[[Sequence[Sample]], list[Encoded]]
) -> None:
    """Encode all splits into a folder, unless they lie there as they were written.

    Args:
        folder: The cache of this corpus.
        corpus: Reads the splits.
        labelled: Whether samples must have a gold stance.
        encode: Makes of samples what a network reads.

    Raises:
        UserError: If a file cannot be read, or splits share samples and must not.
    """
    damage = find_damage(folder) if folder.exists() else None
    if folder.exists() and damage is None:
        return
    if damage is not None:
        print(f"gatbert: warning: the cache {folder} is made again: {damage}", file=sys.stderr)  # noqa: T201
    resolved = _resolved(folder, corpus, labelled)
    splits = with_flags({name: samples for name, samples in resolved.splits.items() if samples})
    encoded = {name: encode(samples) for name, samples in splits.items()}
    summary = summarize(replace(resolved, splits=splits), encoded, corpus)
    if damage is not None and find_damage(folder):  # another process may have been first
        remove_cache(folder)
    both = {name: (samples, encoded[name]) for name, samples in splits.items()}
    write_splits(folder, both, corpus.stances, summary.to_plain(), list(filter(None, corpus.parts)))


def _resolved(folder: Path, corpus: CorpusSplits, labelled: bool) -> Resolved:
    """Read the splits; a list of what they share that is too long for a message goes to a file beside the cache."""
    if corpus.duplicates != "refuse":
        return corpus.resolved(labelled)
    resolved = replace(corpus, duplicates="allow").resolved(labelled)
    if resolved.shared:
        raise UserError(leak_message(resolved.shared) + _all_listed(folder, resolved.shared))
    return resolved


def _all_listed(folder: Path, shared: Sequence[Shared]) -> str:
    if len(shared) <= MOST_LISTED:
        return ""
    path = folder.with_name(f"{folder.name}.duplicates.txt")
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, "".join(f"{pair}\n" for pair in shared))
    return f"; all are listed in {path}"
