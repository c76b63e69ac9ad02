"""From rows to samples: one set of checks for every corpus."""

import difflib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from types import MappingProxyType

from gatbert.corpora.fields import Ids, Labels, RowNumbers, as_written, without_decimal_point
from gatbert.corpora.rows import Row
from gatbert.corpora.wording import quoted, quoted_list
from gatbert.errors import UserError
from gatbert.samples import Origin, Sample

FIELDS = ("id", "text", "target", "stance", "context", "background")
OTHER_NAMES = {"label": "stance", "labels": "stance"}
"""Names of fields elsewhere, which no spelling tells."""

NEAR = 0.75
"""Similarity, 0 to 1, from which on a name may be a slip for a field."""

MOST_COMPARED = 1000
"""Columns among which a similar name is looked for."""


@dataclass(frozen=True)
class CorpusFormat:
    """Describe the files of a corpus.

    Attributes:
        rows: Yields the rows of a file, each with the line on which it starts.
        columns: Column of each field: id, text, target, stance, context, background; any other name is a flag.
        labels: Stance of each label; ``None`` means that there is no gold.
        optional: Fields whose column or value may be missing; id, and flags, unless the user names them.
        clean_text: Takes from a text what is no part of it.
        keep: Tells whether a row belongs to the corpus.
        beside: Returns the other files in which a part of a file's samples stands.
    """

    rows: Callable[[Path], Iterator[Row]]
    columns: Mapping[str, str]
    labels: Mapping[str, str | None]
    optional: frozenset[str] = field(default_factory=lambda: frozenset({"id"}))
    clean_text: Callable[[str], str] = str.strip
    keep: Callable[[Mapping[str, str]], bool] = lambda row: True
    beside: Callable[[Path], Sequence[Path]] = lambda path: ()

    def read(
        self,
        path: Path,
        columns: Mapping[str, str | None],
        labels: Mapping[str, str | None] | None,
        stances: Sequence[str],
        require_stance: bool,
        skipped: Counter[str],
    ) -> Iterator[Sample]:
        """Yield the samples of a file; arguments and errors as in ``read_corpus``."""
        check_names(columns)
        used = {name: column for name, column in {**self.columns, **columns}.items() if column is not None}
        if missing := {"text", "target"} - set(used):
            raise UserError(f"columns drops {', '.join(sorted(missing))}; every sample needs text and target")
        # What the user names must be there, though the format could do without it.
        optional = (self.optional - set(columns)) | (frozenset() if require_stance else {"stance"})
        known = Labels(path, labels or self.labels, stances, skips=labels is not None)
        reader = SampleReader(path, self, used, optional, known, Ids(path))
        count = 0
        for number, row in self.rows(path):
            # JSON has no header: the first row says which columns there are.
            if count == 0:
                reader.check_columns(row)
            count += 1
            if not self.keep(row):
                continue
            if known.skip(label := row.get(used.get("stance", ""), "").strip()):
                skipped[as_written(label)] += 1
            else:
                yield reader.sample(number, row, require_stance)
        if count == 0:
            raise UserError(f"{path}: the file has no rows below its header")

    def relations(self, path: Path) -> None:
        """Return that there are no graphs."""


def check_names(columns: Mapping[str, str | None]) -> None:
    """Refuse a name that may be a slip for a field: it would become a flag, and the field's own column would be read.

    Who means such a flag says so by naming the field's column, too.
    """
    for name in columns:
        near = difflib.get_close_matches(name.casefold(), FIELDS, n=1, cutoff=NEAR)
        intended = OTHER_NAMES.get(name.casefold()) or (near[0] if near else None)
        if name not in FIELDS and intended is not None and intended not in columns:
            raise UserError(
                f"columns names {quoted(name)}, which is no field; did you mean {intended}? If a flag "
                f"{quoted(name)} is meant, name the column of {intended}, too; the fields are {', '.join(FIELDS)}"
            )


class SampleReader:
    """Turn the rows of one file into samples.

    Args:
        path: The file.
        corpus: Its format.
        columns: Column of each field and flag.
        optional: Fields whose column or value may be missing.
        labels: Stances of labels.
        ids: Names the samples.
        constants: Values of fields and flags that are the same in all rows.
    """

    def __init__(
        self,
        path: Path,
        corpus: CorpusFormat,
        columns: Mapping[str, str],
        optional: frozenset[str] | set[str],
        labels: Labels,
        ids: Ids | RowNumbers,
        constants: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.path = path
        self.file = str(path)
        self.corpus = corpus
        self.columns = columns
        self.optional = optional
        self.labels = labels
        self.ids = ids
        self.constants = constants

    def check_columns(self, row: Mapping[str, str]) -> None:
        """Refuse a file that lacks a column; one row of it tells."""
        for name, column in self.columns.items():
            if column not in row and name not in self.optional:
                near = difflib.get_close_matches(column, islice(row, MOST_COMPARED), n=1)
                hint = f"; did you mean {quoted(near[0])}?" if near else ""
                remedy = f"; say which it is by columns, such as {{{name}: COLUMN}}" if name in FIELDS else ""
                raise UserError(
                    f"{self.path}: there is no column {quoted(column)} for {name}; the columns are "
                    f"{quoted_list(row)}{hint}{remedy}"
                )

    def sample(self, number: int, row: Mapping[str, str], require_stance: bool) -> Sample:
        """Return the sample of a row; errors as in ``read_corpus``."""
        # A column that is optional may be missing, and then is as good as empty.
        values = {name: row.get(column, "").strip() for name, column in self.columns.items()}
        values.update(self.constants)
        text = self.corpus.clean_text(values["text"])
        for name, value in (("text", text), ("target", values["target"])):
            if not value:
                raise UserError(f"{self.path}:{number}: the {name} is empty; fill it in or remove the row")
        label = values.get("stance", "")
        return Sample(
            id=self.ids.name(number, values.get("id", ""), values["target"], text),
            text=text,
            target=values["target"],
            stance=self.labels.stance(number, label, require_stance),
            meta={name: without_decimal_point(value) for name, value in values.items() if value and name not in FIELDS},
            origin=Origin(self.file, number),
            label=as_written(label) if label else None,
            context=values.get("context", ""),
            background=values.get("background", ""),
        )
