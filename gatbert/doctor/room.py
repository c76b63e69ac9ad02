"""Whether there is room for what a run writes, and the right to write it."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import torch
from torch import nn
from transformers import AutoConfig, AutoModel

from gatbert.doctor.asked_run import AskedRun
from gatbert.doctor.findings import Finding
from gatbert.errors import UserError
from gatbert.files.caches import cached_corpora
from gatbert.files.paths import cache_folder, output_folder, resolve
from gatbert.files.sizes import size_in_words, size_of_folder
from gatbert.pretrained.encoders import is_checkpoint
from gatbert.pretrained.hub import from_pretrained, is_cached, is_hub_id

COPIES_OF_LAST = 3
"""Copies of all weights in ``last.ckpt``: themselves, and two moments of AdamW."""

UNKNOWN_WEIGHTS = 1_000_000_000
"""Bytes of weights, where the encoder cannot be looked at."""

LARGE_CACHE = 20_000_000_000
"""Bytes of cached corpora from which on it is time to prune them."""


def look_at_output(run: AskedRun) -> Iterator[Finding]:
    """Try to write where run folders go, and compare the free space there with what checkpoints need."""
    if run.save_dir is None:
        yield Finding("ok", "nothing is logged, so that no run folder is written")
        return
    folder = output_folder(run.save_dir)
    free, needed = shutil.disk_usage(_existing(folder)).free, _bytes_of_checkpoints(run)
    told = f"{size_in_words(free)} are free at {folder}, and checkpoints need about {size_in_words(needed)}"
    if free < 2 * needed:
        remedy = "free some space, or give another --trainer.logger.init_args.save_dir"
        yield Finding("fault" if free < needed else "warning", told, remedy)
    else:
        yield Finding("ok", told)


def look_at_cache(run: AskedRun) -> Iterator[Finding]:
    """Tell where the cache of encoded samples is, and how large; a place that cannot be written is a fault."""
    given = run.config.data.init_args.cache_dir
    folder = cache_folder() if given is None else resolve(given)
    try:
        output_folder(folder)
    except UserError as error:
        raise UserError(f"{error}: --data.cache_dir or XDG_CACHE_HOME says where the cache is") from error
    caches = cached_corpora(folder)
    size = sum(one.size for one in caches)
    told = f"{len(caches):,} encoded corpora, {size_in_words(size)}, in {folder}"
    if size > LARGE_CACHE:
        yield Finding("warning", told, "python -m gatbert cache prune --older_than 30 removes what is long unused")
    else:
        yield Finding("ok", told)


def _existing(folder: Path) -> Path:
    """Return a folder, or the nearest one above it that is there."""
    place = Path(os.path.abspath(folder))  # noqa: PTH100  (a path that does not exist, without its ..)
    return next(part for part in (place, *place.parents) if part.exists())


def _bytes_of_checkpoints(run: AskedRun) -> int:
    """Return about how many bytes the checkpoints of a run have: the best ones, and the last with its optimizer."""
    best = run.config.checkpoint.save_top_k
    return int((COPIES_OF_LAST + max(1, best)) * _bytes_of_weights(run.config.pretrained_model))


def _bytes_of_weights(source: str) -> int:
    """Return the bytes of an encoder's weights in full precision, by its configuration; no memory is taken for it."""
    if is_checkpoint(source):
        path = resolve(source)
        return size_of_folder(path) if path.is_dir() else path.stat().st_size  # an export is a folder
    if is_hub_id(source) and not is_cached(source):
        return UNKNOWN_WEIGHTS
    try:
        config = from_pretrained(AutoConfig, source)
    except UserError:  # which the check of the encoder tells
        return UNKNOWN_WEIGHTS
    with torch.device("meta"):
        model: nn.Module = AutoModel.from_config(config, trust_remote_code=False)
    return 4 * sum(weight.numel() for weight in model.parameters())
