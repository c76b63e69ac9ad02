"""From corpus files to splits: the settings that all ways to split share."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from gatbert.corpora import CORPUS_TYPES, CorpusFormat, read_corpus
from gatbert.corpora.fields import CONTENT_ID_LENGTH, content_id
from gatbert.corpora.splits import Splits
from gatbert.corpora.splits.duplicates import Duplicates, Resolved, resolve_duplicates
from gatbert.corpora.splits.near_leaks import NearDuplicates
from gatbert.files.paths import resolve
from gatbert.ranges import PositiveFloat
from gatbert.samples import Sample
from gatbert.samples.stances import STANCES

_SPLIT_FLAG = "split_column"
"""Flag under which the value of that column travels from the reader."""


@dataclass(frozen=True, kw_only=True)
class CorpusSplits(ABC):
    """Say by plain settings which files are read how, and which sample falls in which split.

    Attributes:
        corpus_type: Format of the files.
        columns: Column of each field and flag, merged over those of the format.
        labels: Stance of each label, in place of those of the format.
        stances: Label set.
        delimiter: The character between two cells, in place of that of the format.
        encoding: Encoding of the files, in place of that of the format.
        duplicates: What becomes of samples that stand in two splits.
        near_duplicates: What becomes of those whose text stands in two splits nearly.
        weight: How much each sample weighs in the loss; it decides nothing of the splits.
    """

    corpus_type: str = "csv"
    columns: Mapping[str, str | None] | None = None
    labels: Mapping[str, str | None] | None = None
    stances: Sequence[str] = STANCES
    delimiter: str | None = None
    encoding: str | None = None
    duplicates: Duplicates = "refuse"
    near_duplicates: NearDuplicates = "warn"
    weight: PositiveFloat = 1.0

    @property
    def parts(self) -> Mapping[str, "CorpusSplits"]:
        """The corpora of a mix by their names; this one alone, without a name, if it is none."""
        return {"": self}

    @property
    def drawn(self) -> Sequence[str]:
        """The splits that are drawn, so that a sample may go from an earlier to a later of them."""
        return ()

    @abstractmethod
    def files(self) -> list[str]:
        """Return every corpus file once, as the user wrote it; of a glob, those that it matches.

        Raises:
            UserError: If a glob matches no file.
        """

    @abstractmethod
    def files_of(self, split: str) -> list[str]:
        """Return the files from which the samples of a split come."""

    @abstractmethod
    def read(self, labelled: bool = True, only: str | None = None, skipped: Counter[str] | None = None) -> Splits:
        """Return the samples of train, val, test and predict, whatever they share.

        Args:
            labelled: Whether a sample of train, val or test without a label is an error.
            only: Split without which others may be left out, to spare their files.
            skipped: Counts the rows that are skipped, by label.

        Raises:
            UserError: As in ``read_corpus``.
        """

    def resolved(self, labelled: bool = True) -> Resolved:
        """Return the splits as they are used: what they share is refused, dropped or allowed."""
        skipped: Counter[str] = Counter()
        splits = self.read(labelled, skipped=skipped)
        return replace(resolve_duplicates(splits, self.duplicates, self.near_duplicates), skipped=skipped)

    def typed_files(self, split: str | None = None) -> list[tuple[str, str]]:
        """Return all files, or those of a split, each with its format; of a mix, one corpus after the other."""
        return [
            (file, part.corpus_type)
            for part in self.parts.values()
            for file in (part.files() if split is None else part.files_of(split))
        ]

    def settings(self) -> dict[str, Any]:
        """Return what decides the splits as plain values, which the cache and ``run.json`` hold."""
        values = {"kind": type(self).__qualname__, **asdict(self)}
        del values["weight"]
        return values

    def _samples(
        self,
        files: Sequence[str],
        labelled: bool,
        skipped: Counter[str] | None,
        flags: Mapping[str, str] | None = None,
    ) -> list[Sample]:
        """Read files, with further flags."""
        columns = {**(self.columns or {}), **(flags or {})} or None
        rest = (labelled, self.delimiter, self.encoding, skipped)
        options = (self.corpus_type, columns, self.labels, self.stances, *rest)
        return [sample for file in files for sample in read_corpus(resolve(file), *options)]

    def _with_column(
        self, files: Sequence[str], column: str, labelled: bool, skipped: Counter[str] | None
    ) -> list[tuple[Sample, str]]:
        """Read files, and return each sample with its value in a column; of a graph corpus, with its flag."""
        if not isinstance(CORPUS_TYPES.get(self.corpus_type), CorpusFormat):
            return [(sample, sample.meta.get(column, "")) for sample in self._samples(files, labelled, skipped)]
        found = []
        for sample in self._samples(files, labelled, skipped, {_SPLIT_FLAG: column}):
            # The flag was there to tell the split; it is none to break scores down by.
            meta = dict(sample.meta)
            value = meta.pop(_SPLIT_FLAG, "")
            found.append((replace(sample, meta=meta), value))
        return found


def with_distinct_ids(samples: Sequence[Sample]) -> list[Sample]:
    """Tell samples apart whose id is made of their content alone: the second of two files gets a number."""
    counts: Counter[str] = Counter()
    found = []
    for sample in samples:
        # Ids of the corpus itself are left alone: to repeat one is an error. Readers have numbered the repeats within a
        # file (ID-2); the numbers are given out anew over all files.
        base = sample.id.partition("-")[0]
        if len(base) == CONTENT_ID_LENGTH and base == content_id(sample.target, sample.text):
            counts[base] += 1
            name = base if counts[base] == 1 else f"{base}-{counts[base]}"
            sample = sample if name == sample.id else replace(sample, id=name)
        found.append(sample)
    return found
