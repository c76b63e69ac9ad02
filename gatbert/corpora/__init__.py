"""Corpora: from files to samples. A row of a corpus file is a sample or an error; none is skipped unasked."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal

from gatbert.corpora.corpus_format import CorpusFormat
from gatbert.corpora.ezstance import EZSTANCE
from gatbert.corpora.graph import GRAPH
from gatbert.corpora.semeval import SEMEVAL
from gatbert.corpora.synthetic import SYNTHETIC
from gatbert.corpora.table import CSV, JSONL, TSV, generic_labels
from gatbert.corpora.text_options import AnyFormat, with_text_options
from gatbert.corpora.tweet_eval import TWEET_EVAL
from gatbert.corpora.vast import VAST
from gatbert.errors import UserError
from gatbert.samples import Relations, Sample
from gatbert.samples.stances import STANCES

__all__ = ["CORPUS_TYPES", "CorpusFormat", "CorpusType", "files_beside", "read_corpus", "read_relations"]

CorpusType = Literal["semeval", "vast", "ezstance", "tweet_eval", "csv", "tsv", "jsonl", "graph", "synthetic"]

CORPUS_TYPES: Mapping[str, AnyFormat] = {
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
    labels: Mapping[str, str | None] | None = None,
    stances: Sequence[str] = STANCES,
    require_stance: bool = True,
    delimiter: str | None = None,
    encoding: str | None = None,
    skipped: Counter[str] | None = None,
) -> Iterator[Sample]:
    """Yield the samples of a corpus file, in its order, without holding the file in memory.

    Args:
        path: The file.
        corpus_type: Its format, a key of ``CORPUS_TYPES``.
        columns: Column of each field (id, text, target, stance, context, background) and flag (any other name), merged
            over those of the format; ``None`` drops a field. What is named here must be there.
        labels: Stance of each label, in place of those of the format. Upper and lower case do not distinguish labels.
            Rows whose label is mapped to ``None`` are skipped.
        stances: Label set.
        require_stance: Whether a row without a label is an error. Labels that declare the gold unknown never are.
        delimiter: The character between two cells, in place of that of the format.
        encoding: Encoding of the file, in place of that of the format.
        skipped: Counts the rows that are skipped, by label.

    Raises:
        UserError: ``FILE:ROW: what is wrong; what is accepted``, where rows are counted in lines of the file.
    """
    file, corpus = _find(path, corpus_type)
    known = labels if labels is not None or corpus.labels else generic_labels(tuple(stances))
    corpus = with_text_options(corpus_type, corpus, delimiter, encoding)
    return corpus.read(file, columns or {}, known, stances, require_stance, Counter() if skipped is None else skipped)


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


def _find(path: str | Path, corpus_type: str) -> tuple[Path, AnyFormat]:
    if corpus_type not in CORPUS_TYPES:
        raise UserError(f"unknown corpus_type {corpus_type!r}; known are {', '.join(CORPUS_TYPES)}")
    file = Path(path)
    if not file.is_file():
        if file.is_dir():
            raise UserError(f"corpus file {file} is a folder; give the files in it")
        raise UserError(f"corpus file {file} does not exist; paths are relative to {Path.cwd()}")
    return file, CORPUS_TYPES[corpus_type]
