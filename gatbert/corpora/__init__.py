"""Corpora: from files to samples. A row of a corpus file is a sample or an error, never skipped."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal

from gatbert.corpora.corpus_format import CorpusFormat
from gatbert.corpora.ezstance import EZSTANCE
from gatbert.corpora.graph import GRAPH, GraphCorpusFormat
from gatbert.corpora.semeval import SEMEVAL
from gatbert.corpora.synthetic import SYNTHETIC, SyntheticCorpusFormat
from gatbert.corpora.table import CSV, JSONL, TSV, generic_labels
from gatbert.corpora.tweet_eval import TWEET_EVAL
from gatbert.corpora.vast import VAST
from gatbert.errors import UserError
from gatbert.samples import Relations, Sample
from gatbert.samples.stances import STANCES

__all__ = ["CORPUS_TYPES", "CorpusFormat", "CorpusType", "files_beside", "read_corpus", "read_relations"]

CorpusType = Literal["semeval", "vast", "ezstance", "tweet_eval", "csv", "tsv", "jsonl", "graph", "synthetic"]

CORPUS_TYPES: Mapping[str, CorpusFormat | GraphCorpusFormat | SyntheticCorpusFormat] = {
    "semeval": SEMEVAL,
    "vast": VAST,
    "ezstance": EZSTANCE,
    "tweet_eval": TWEET_EVAL,
    "csv": CSV,
    "tsv": TSV,
    "jsonl": JSONL,
    "graph": GRAPH,
    "synthetic": SYNTHETIC,
}


def read_corpus(
    path: str | Path,
    corpus_type: str,
    columns: Mapping[str, str | None] | None = None,
    labels: Mapping[str, str] | None = None,
    stances: Sequence[str] = STANCES,
    require_stance: bool = True,
) -> Iterator[Sample]:
    """Yield the samples of a corpus file, in its order, without holding the file in memory.

    Args:
        path: The file.
        corpus_type: Its format, a key of ``CORPUS_TYPES``.
        columns: Column of each field (id, text, target, stance, context, background) and flag (any other name), merged
            over those of the format; ``None`` drops a field. What is named here must be there.
        labels: Stance of each label, in place of those of the format. Upper and lower case do not distinguish labels.
        stances: Label set.
        require_stance: Whether a row without a label is an error. Labels that declare the gold unknown never are.

    Raises:
        UserError: ``FILE:ROW: what is wrong; what is accepted``, where rows are counted in lines of the file.
    """
    file, corpus = _find(path, corpus_type)
    known = labels if labels is not None or corpus.labels else generic_labels(tuple(stances))
    return corpus.read(file, columns or {}, known, stances, require_stance)


def read_relations(path: str | Path, corpus_type: str) -> Relations | None:
    """Return the relations of the graphs in a corpus file, or ``None`` if its samples have no graphs.

    Args:
        path: The file.
        corpus_type: Its format, a key of ``CORPUS_TYPES``.

    Raises:
        UserError: If the file is missing or damaged.
    """
    file, corpus = _find(path, corpus_type)
    return corpus.relations(file)


def files_beside(path: str | Path, corpus_type: str) -> Sequence[Path]:
    """Return the other files from which the samples of a corpus file come, such as that of their labels.

    Args:
        path: The file.
        corpus_type: Its format, a key of ``CORPUS_TYPES``.

    Raises:
        UserError: If the file is missing.
    """
    file, corpus = _find(path, corpus_type)
    return corpus.beside(file) if isinstance(corpus, CorpusFormat) else ()


def _find(path: str | Path, corpus_type: str) -> tuple[Path, CorpusFormat | GraphCorpusFormat | SyntheticCorpusFormat]:
    if corpus_type not in CORPUS_TYPES:
        raise UserError(f"unknown corpus_type {corpus_type!r}; known are {', '.join(CORPUS_TYPES)}")
    file = Path(path)
    if not file.is_file():
        if file.is_dir():
            raise UserError(f"corpus file {file} is a folder; give the files in it")
        raise UserError(f"corpus file {file} does not exist; paths are relative to {Path.cwd()}")
    return file, CORPUS_TYPES[corpus_type]
