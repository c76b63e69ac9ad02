"""A file that is to be classified: its rows as they are, each with its sample, one after another in little memory."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Literal, cast

import pyarrow as pa

from gatbert.corpora.corpus_format import FIELDS, CorpusFormat, SampleReader, check_names
from gatbert.corpora.ezstance import EZSTANCE
from gatbert.corpora.fields import Labels, RowNumbers
from gatbert.corpora.graph_corpus import read_graph_corpus
from gatbert.corpora.parquet import is_graph_corpus, parquet_rows, parquet_schema
from gatbert.corpora.rows import json_objects, texts
from gatbert.corpora.semeval import SEMEVAL
from gatbert.corpora.table import COLUMNS, CSV, TSV
from gatbert.corpora.text_options import with_text_options
from gatbert.corpora.tweet_eval import TWEET_EVAL
from gatbert.corpora.vast import VAST
from gatbert.corpora.wording import quoted_list
from gatbert.errors import UserError
from gatbert.samples import LANGUAGE, Sample

OwnType = Literal["semeval", "vast", "ezstance", "tweet_eval", "csv", "tsv", "jsonl", "parquet"]

OWN_TYPES: Mapping[OwnType, CorpusFormat] = {
    "semeval": SEMEVAL,
    "vast": VAST,
    "ezstance": EZSTANCE,
    "tweet_eval": TWEET_EVAL,
    "csv": CSV,
    "tsv": TSV,
    "jsonl": CorpusFormat(json_objects, COLUMNS, labels={}),
    "parquet": CorpusFormat(parquet_rows, COLUMNS, labels={}),
}
"""As for training, but for the values of JSON, which stay what they are."""

ENDINGS: Mapping[str, OwnType] = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
}


def own_type(path: Path, given: OwnType | None = None, usual: str | None = None) -> OwnType:
    """Return the format of a file.

    Args:
        path: The file.
        given: What the user says that it is.
        usual: Format of the corpora with which it is read, if that is known: a published one counts more than an
            ending.

    Raises:
        UserError: If nothing tells.
    """
    by_ending = ENDINGS.get(path.suffix.lower())
    known = {str(name): name for name in OWN_TYPES}.get(usual or "")
    published = known if known not in ENDINGS.values() else None
    if (found := given or published or by_ending or known) is None:
        raise UserError(
            f"{path}: its ending tells no format; accepted are {', '.join(ENDINGS)}; or say it by --corpus_type"
        )
    return found


@dataclass(frozen=True)
class Survey:
    """Hold what a file has, read through once.

    Attributes:
        num_rows: How many rows.
        columns: Its columns; of JSON, all names of its objects, as they first come up.
    """

    num_rows: int
    columns: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class OwnFile:
    """Say how a file is read whose rows are to be classified; labels in it are not looked at.

    Attributes:
        path: The file.
        corpus_type: Its format.
        columns: Column of each field, merged over those of the format.
        delimiter: The character between two cells, in place of that of the format.
        encoding: Encoding of the file, in place of that of the format.
        constants: Values of fields that are the same in all rows, such as the target.
        fields: Fields beside text and target that the classifier reads, which must be there.
    """

    path: Path
    corpus_type: OwnType
    columns: Mapping[str, str | None] = field(default_factory=dict)
    delimiter: str | None = None
    encoding: str | None = None
    constants: Mapping[str, str] = field(default_factory=dict)
    fields: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not self.path.is_file():
            missing = f"does not exist; paths are relative to {Path.cwd()}"
            raise UserError(f"{self.path} {'is a folder; give a file' if self.path.is_dir() else missing}")
        check_names(self.columns)
        self._corpus()

    @property
    def has_graphs(self) -> bool:
        """Whether ``gatbert tag`` wrote it: its samples have their graphs."""
        return self.corpus_type == "parquet" and is_graph_corpus(self.path)

    @property
    def schema(self) -> pa.Schema | None:
        """Types of the columns, if the file says them."""
        return parquet_schema(self.path) if self.corpus_type == "parquet" and not self.has_graphs else None

    def survey(self) -> Survey:
        """Read the file through, which finds what is wrong with a row before hours are spent on those before it.

        Raises:
            UserError: As in ``rows``, or if there are none.
        """
        columns: dict[str, None] = {}
        num_rows = 0
        for row, _ in self.rows():
            columns |= dict.fromkeys(row)
            num_rows += 1
        if not num_rows:
            raise UserError(f"{self.path}: the file has no rows")
        return Survey(num_rows, tuple(columns))

    def rows(self, start: int = 0, end: int | None = None) -> Iterator[tuple[Mapping[str, Any], Sample]]:
        """Yield the rows from ``start`` to before ``end`` as they are, each with its sample, whose id is its number.

        Raises:
            UserError: ``FILE:ROW: what is wrong; what is accepted``.
        """
        if self.has_graphs:
            yield from islice(self._tagged(), start, end)
            return
        corpus = self._corpus()
        columns = self._columns(corpus)
        required = {"text", "target", *self.fields, *self.columns}
        known = Labels(self.path, {}, (), skips=False)
        reader = SampleReader(self.path, corpus, columns, set(columns) - required, known, RowNumbers(), self.constants)
        kept = ((number, row) for number, row in corpus.rows(self.path) if corpus.keep(row))
        for place, (number, row) in enumerate(islice(kept, end)):
            if place == 0:
                self._check_target(columns, row)
                reader.check_columns(row)
            if place >= start:
                read = {column: row[column] for column in columns.values() if column in row}
                yield row, reader.sample(number, texts(read), require_stance=False)

    def _corpus(self) -> CorpusFormat:
        """Return the format with the options of the file; errors as in ``with_text_options``."""
        found = with_text_options(self.corpus_type, OWN_TYPES[self.corpus_type], self.delimiter, self.encoding)
        return cast(CorpusFormat, found)  # it is of the kind of what it was given

    def _columns(self, corpus: CorpusFormat) -> dict[str, str]:
        """Return the column of each field that is looked at, which ids, labels and what is not read are not."""
        given = {**dict.fromkeys(self.fields, ""), **corpus.columns, **self.columns}
        read = {"text", "target", LANGUAGE, *self.fields} - set(self.constants)
        found = {name: column or name for name, column in given.items() if name in read and column is not None}
        if missing := {"text", "target"} - set(found) - set(self.constants):
            raise UserError(f"columns drops {min(missing)}; every row needs text and target")
        return found

    def _check_target(self, columns: Mapping[str, str], row: Mapping[str, Any]) -> None:
        """Refuse a file without targets: that there may be one for all, no other message says."""
        if "target" not in self.columns and columns.get("target") not in (None, *row):
            raise UserError(
                f"{self.path}: there is no column {columns['target']!r} for target; give one target for all "
                f"(--target), or say which column it is (--columns); the columns are {quoted_list(row)}"
            )

    def _tagged(self) -> Iterator[tuple[Mapping[str, Any], Sample]]:
        """Yield the samples of a graph corpus; what it has of them as columns are fields and flags."""
        if self.columns or self.constants:
            given = next(iter({**self.columns, **self.constants}))
            raise UserError(f"{self.path}: a graph corpus has its own {given}; leave that out, it was for gatbert tag")
        for tagged in read_graph_corpus(self.path):
            sample = tagged.sample
            own = {name: getattr(sample, name) for name in FIELDS}
            yield {**{name: value for name, value in own.items() if value}, **sample.meta}, sample
