"""Read, check and encode a corpus once, for all processes of this run and all later ones."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import lightning.pytorch as pl
from transformers import PreTrainedTokenizerBase as Tokenizer

from gatbert.batches import Encoded
from gatbert.corpora.graph_corpus_info import GraphCorpusInfo
from gatbert.corpora.splits.corpus_splits import CorpusSplits
from gatbert.corpora.splits.duplicates import MOST_LISTED, Resolved, Shared, leak_message
from gatbert.corpora.splits.flags import with_flags
from gatbert.data_modules.closed_vocabulary import vocabulary_leak
from gatbert.data_modules.encoded_cache import find_damage, write_splits
from gatbert.data_modules.summary import summarize
from gatbert.data_modules.trainer_state import running_command
from gatbert.errors import UserError
from gatbert.files.cache_lock import hold
from gatbert.files.caches import MANIFEST, remove_cache
from gatbert.files.paths import write_atomically
from gatbert.samples import Sample
from gatbert.samples.transforms import OF_TESTS, TransformName

DEFAULT_MAX_LENGTH = 256
"""Most tokens of a sample, where neither the user nor the tokenizer says less."""


def fill_cache(
    folder: Path,
    corpus: CorpusSplits,
    labelled: bool,
    encode: Callable[[Sequence[Sample]], list[Encoded]],
    tagging: GraphCorpusInfo | None = None,
) -> None:
    """Encode all splits into a folder, unless they lie there as they were written.

    Args:
        folder: The cache of this corpus.
        corpus: Reads the splits.
        labelled: Whether samples must have a gold stance.
        encode: Makes of samples what a network reads.
        tagging: How the corpus was tagged, where graphs are read.

    Raises:
        UserError: If a file cannot be read, splits share samples and must not, or they are others than those with
            whose vocabulary the corpus was tagged.
    """
    hold(folder / MANIFEST)
    damage = find_damage(folder) if folder.exists() else None
    if folder.exists() and damage is None:
        return
    if damage is not None:
        print(f"gatbert: warning: the cache {folder} is made again: {damage}", file=sys.stderr)  # noqa: T201
    resolved = _resolved(folder, corpus, labelled)
    splits = with_flags({name: samples for name, samples in resolved.splits.items() if samples})
    leak = vocabulary_leak(corpus, splits) if tagging is not None and tagging.vocabulary == "train" else None
    encoded = {name: encode(samples) for name, samples in splits.items()}
    summary = replace(summarize(replace(resolved, splits=splits), encoded, corpus), vocabulary_leak=leak)
    if damage is not None and find_damage(folder):  # another process may have been first
        remove_cache(folder)
    both = {name: (samples, encoded[name]) for name, samples in splits.items()}
    files = [file for file, _ in corpus.typed_files()]
    write_splits(folder, both, corpus.stances, summary.to_plain(), list(filter(None, corpus.parts)), files)
    hold(folder / MANIFEST)


def refuse_transforms_of_tests(transforms: Sequence[TransformName], trainer: pl.Trainer | None) -> None:
    """Refuse to train with changes that tell the gold stance, or that a checkpoint could not make again.

    Raises:
        UserError: With the first of them.
    """
    if trainer is not None and running_command(trainer) == "fit":
        for name in set(OF_TESTS) & set(transforms):
            raise UserError(f"transform {name} is for tests alone; give it to gatbert test, not in training")


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


def most_tokens(given: int | None, tokenizer: Tokenizer) -> int:
    """Return the most tokens that a sample may have: as many as the user says, else a usual number or the limit."""
    return min(DEFAULT_MAX_LENGTH, tokenizer.model_max_length) if given is None else given
