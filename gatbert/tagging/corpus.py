"""From samples to a folder with the graph corpus of each split and its coverage report; nothing, or all of it."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from gatbert.console.terminal import Steps
from gatbert.corpora.graph_corpus import GraphCorpusInfo, Tagged, write_graph_corpus
from gatbert.errors import UserError
from gatbert.files.paths import atomic_folder
from gatbert.knowledge import KnowledgeGraph
from gatbert.samples import Sample
from gatbert.tagging.coverage import measure_coverage
from gatbert.tagging.shards import COVERAGE, Shard, merged_files, shard_files
from gatbert.tagging.tagger import Tagger
from gatbert.tagging.workers import tagging_processes

TOLD_EVERY = 64
"""Samples after which the progress is shown anew."""


def mentioned_concepts(tagger: Tagger, samples: Iterable[Sample]) -> tuple[int, ...]:
    """Return the concepts that training samples mention, ascending: the vocabulary ``train``.

    Raises:
        UserError: If there are none.
    """
    # Without its vocabulary, which is what is asked for: this tagger may link all concepts.
    mentioned = {concept for sample in samples for concept in tagger.seeds(sample)}
    if not mentioned:
        raise UserError("vocabulary train: the training files mention no concept; give --train")
    return tuple(sorted(mentioned))


def tag_corpus(
    folder: Path,
    splits: Mapping[str, Sequence[Sample]],
    info: GraphCorpusInfo,
    graph: KnowledgeGraph,
    num_workers: int = 0,
    shard: Shard | None = None,
) -> dict[str, Any]:
    """Tag the samples of some splits, and write a graph corpus for each.

    Args:
        folder: Where the corpora come, with the coverage report unless this is a shard; it must not exist, but for
            other shards.
        splits: Samples of each split.
        info: How they were read, and are tagged.
        graph: The graph.
        num_workers: Processes that tag; with 0, this one does.
        shard: Which part of the samples is tagged; by default all are.

    Returns:
        The coverage, as ``CoverageReport.plain`` has it.

    Raises:
        UserError: If there are shards in the folder to which this does not belong; or what the settings name is not
            there. Nothing is written then.
    """
    files = atomic_folder(folder) if shard is None else shard_files(folder, shard, splits, info)
    with files as aside:
        written: dict[str, Path] = {}
        with Steps() as progress, tagging_processes(info, graph, num_workers) as tag_all:
            for split, samples in splits.items():
                name, part = (f"{split}.parquet", samples) if shard is None else shard.part(split, samples)
                written[split] = aside / name
                write_graph_corpus(written[split], _counted(tag_all(part), len(part), f"tag {split}", progress), info)
        # Read back from the disk, so that it is the same for a corpus that is merged from shards.
        report = measure_coverage(written)
        if shard is None:
            _write_report(aside, report)
        return report


def merge_corpus(folder: Path) -> dict[str, Any]:
    """Join the shards in a folder, and return the coverage of the whole; errors as in ``merged_files``."""
    with merged_files(folder) as (aside, splits):
        report = measure_coverage({split: aside / f"{split}.parquet" for split in splits})
        _write_report(aside, report)
        return report


def _counted(tagged: Iterable[Tagged], total: int, step: str, progress: Steps) -> Iterator[Tagged]:
    """Yield tagged samples, and tell now and then how many there were."""
    for count, one in enumerate(tagged, start=1):
        yield one
        if count % TOLD_EVERY == 0 or count == total:
            progress(step, count / total)


def _write_report(folder: Path, report: Mapping[str, Any]) -> None:
    (folder / COVERAGE).write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
