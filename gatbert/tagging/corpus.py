"""From samples to a folder with the graph corpus of each split and its coverage report; nothing, or all of it."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from gatbert.console.terminal import Steps
from gatbert.corpora.graph_corpus import GraphCorpusInfo, Tagged, merge_graph_corpora, write_graph_corpus
from gatbert.errors import UserError
from gatbert.files.paths import atomic_folder
from gatbert.files.shards import Shard
from gatbert.knowledge import KnowledgeGraph
from gatbert.samples import Sample
from gatbert.tagging.build import build_tagger
from gatbert.tagging.coverage import measure_coverage
from gatbert.tagging.shards import COVERAGE, merged_files, shard_files, shard_part
from gatbert.tagging.tagger import Tagger
from gatbert.tagging.workers import tagging_processes

TOLD_EVERY = 64
"""Samples after which the progress is shown anew."""


@dataclass(frozen=True)
class Vocabulary:
    """Collect the vocabulary ``train`` while training samples are tagged with all concepts.

    Attributes:
        mentioned: Concepts that they mention.
        kept: Concepts that their graphs have.
    """

    mentioned: set[int] = field(default_factory=set)
    kept: set[int] = field(default_factory=set)

    def observed(self, tagged: Iterable[Tagged], part: Iterable[Sample]) -> Iterator[Tagged]:
        """Look at all tagged samples, and yield those of a part of them."""
        wanted = {sample.id for sample in part}
        for one in tagged:
            self.mentioned.update(one.mentioned)
            self.kept.update(one.sample.concept_ids)
            if one.sample.id in wanted:
                yield one

    def of(self, info: GraphCorpusInfo) -> GraphCorpusInfo:
        """Return a record with this vocabulary.

        Raises:
            UserError: If it is empty.
        """
        if not self.mentioned:
            raise UserError(
                "vocabulary train: the training samples mention no concept of the graph; give vocabulary all"
            )
        return replace(info, allowed=tuple(sorted(self.mentioned)), kept=tuple(sorted(self.kept)))


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
        info: How they were read, and are tagged. Where the concepts of train are not known yet, they are found here.
        graph: The graph.
        num_workers: Processes that tag; with 0, this one does.
        shard: Which part of the samples is tagged; by default all are. Of the training samples of which the concepts
            are asked for, all are tagged, and the part is written.

    Returns:
        The coverage, as ``CoverageReport.plain`` has it.

    Raises:
        UserError: If there are shards in the folder to which this does not belong; or what the settings name is not
            there; or training samples mention no concept. Nothing is written then.
    """
    files = atomic_folder(folder) if shard is None else shard_files(folder, shard, splits, info)
    with files as aside:
        written: dict[str, Path] = {}
        with Steps() as progress:
            work = _Work(aside, splits, num_workers, shard, progress)
            if info.allowed == ():
                info, vocabulary = replace(info, allowed=None), Vocabulary()
                tagger = build_tagger(info, graph)
                written |= work.write(["train"], tagger, info, vocabulary)
                info = vocabulary.of(info)
                merge_graph_corpora(written["train"], [written["train"]], replace(info, split="train"))
                tagger = tagger.with_vocabulary(vocabulary.mentioned, vocabulary.kept)
            else:
                tagger = build_tagger(info, graph)
            written |= work.write([split for split in splits if split not in written], tagger, info)
        # Read back from the disk, so that it is the same for a corpus that is merged from shards.
        report = measure_coverage(written)
        if shard is None:
            _write_report(aside, report)
        return report


@dataclass(frozen=True)
class _Work:
    """Hold what is tagged, where it comes, and by how many processes."""

    folder: Path
    splits: Mapping[str, Sequence[Sample]]
    num_workers: int
    shard: Shard | None
    progress: Steps

    def write(
        self, splits: Iterable[str], tagger: Tagger, info: GraphCorpusInfo, vocabulary: Vocabulary | None = None
    ) -> dict[str, Path]:
        """Write the graph corpora of some splits, or a part of each; a vocabulary looks at the whole."""
        written: dict[str, Path] = {}
        with tagging_processes(tagger, info, self.num_workers) as tag_all:
            for split in splits:
                whole = self.splits[split]
                name, part = (f"{split}.parquet", whole) if self.shard is None else shard_part(self.shard, split, whole)
                samples = part if vocabulary is None else whole
                tagged = _counted(tag_all(samples), len(samples), f"tag {split}", self.progress)
                written[split] = self.folder / name
                rows = tagged if vocabulary is None else vocabulary.observed(tagged, part)
                write_graph_corpus(written[split], rows, replace(info, split=split))
        return written


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
