"""Parts of a tagged corpus that several processes write into one folder, and what joins them."""

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from gatbert.corpora.graph_corpus import GraphCorpusInfo, merge_graph_corpora, read_info
from gatbert.corpora.splits import SPLITS
from gatbert.errors import UserError
from gatbert.files.shards import Shard, all_shards, files_of_shards
from gatbert.samples import Sample

COVERAGE = "coverage.json"
"""The report of a whole corpus; where it is, all is there."""


def shard_part(shard: Shard, split: str, samples: Sequence[Sample]) -> tuple[str, Sequence[Sample]]:
    """Return the name of a shard's file for a split, and those of the split's samples that it holds."""
    start, end = shard.bounds(len(samples))
    return f"{split}.{shard.name}.parquet", samples[start:end]


@contextmanager
def shard_files(folder: Path, shard: Shard, splits: Iterable[str], info: GraphCorpusInfo) -> Iterator[Path]:
    """Give an empty folder whose files move to ``folder`` when it is left without an error, and vanish otherwise.

    Raises:
        UserError: If one of the shard's files is there already, or shards of another number, graph, corpus or other
            settings are, or the merged corpus is.
    """
    _refuse_merged(folder)
    found = _shards(folder)
    for split, others in found.items():
        for other, path in others.items():
            if other == shard and split in splits:
                raise UserError(f"{path} exists already; it stays as it is; give another output, or remove it")
            if other.count != shard.count:
                raise UserError(f"{path} is one of {other.count} shards, and this is one of {shard.count}; remove it")
            # Merging would refuse them as well, but only after all were tagged.
            if (difference := read_info(path).difference(info)) is not None:
                raise UserError(f"{path} was tagged otherwise: {difference}; give another output, or remove it")
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with _moved_when_whole(folder, f".{shard.name}-") as aside:
            yield aside
    except BaseException:
        with suppress(OSError):
            folder.rmdir()  # unless others write there
        raise


@contextmanager
def merged_files(folder: Path) -> Iterator[tuple[Path, list[str]]]:
    """Join the shards of every split, and remove them.

    Yields:
        The folder with the merged corpora, whose files move to ``folder`` when it is left without an error; and the
        names of the splits.

    Raises:
        UserError: If shards are missing, do not belong together, or were merged already.
    """
    _refuse_merged(folder)
    shards = _shards(folder)
    if not shards:
        raise UserError(f"{folder} has no shards, such as train.1-of-4.parquet")
    ordered = {split: all_shards(parts, split, "tag them first") for split, parts in shards.items()}
    # Shards of one split are compared when they are joined; here, the splits.
    first = next(iter(ordered.values()))[0]
    for paths in ordered.values():
        if (difference := read_info(first).difference(read_info(paths[0]))) is not None:
            raise UserError(f"{paths[0]} was tagged otherwise than {first}: {difference}; tag both alike")
    with _moved_when_whole(folder, ".merged-") as aside:
        for split, paths in ordered.items():
            merge_graph_corpora(aside / f"{split}.parquet", paths)
        yield aside, list(ordered)
    # Only now, when the merged corpora lie in their places.
    for paths in ordered.values():
        for path in paths:
            path.unlink()


def _refuse_merged(folder: Path) -> None:
    """Refuse a folder in which the corpus lies already as a whole."""
    for name in (*(f"{split}.parquet" for split in SPLITS), COVERAGE):
        if (folder / name).exists():
            raise UserError(f"{folder / name} exists already; it stays as it is; give another output, or remove it")


def _shards(folder: Path) -> dict[str, dict[Shard, Path]]:
    """Return the shards in a folder, by split in the order of ``SPLITS``."""
    found = {split: files_of_shards(folder / f"{split}.parquet") for split in SPLITS}
    return {split: shards for split, shards in found.items() if shards}


@contextmanager
def _moved_when_whole(folder: Path, prefix: str) -> Iterator[Path]:
    """Give an empty folder whose files move up into ``folder``, the report last, when it is left without an error."""
    aside = Path(tempfile.mkdtemp(prefix=prefix, dir=folder))  # in the folder, so that a move is a rename
    try:
        yield aside
        for path in sorted(aside.iterdir(), key=lambda path: path.name == COVERAGE):
            path.replace(folder / path.name)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
