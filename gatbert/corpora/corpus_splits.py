"""From corpus files to splits: those that come with a corpus, and those that are drawn by hash."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from types import MappingProxyType
from typing import Annotated, Any

from gatbert.corpora import CORPUS_TYPES, CorpusFormat, read_corpus
from gatbert.corpora.fields import CONTENT_ID_LENGTH, content_id
from gatbert.corpora.hash_splits import check_fractions, split_index
from gatbert.corpora.splits import Duplicates, Resolved, SplitBy, Splits, place, resolve_duplicates
from gatbert.corpora.wording import listed, shown
from gatbert.errors import UserError
from gatbert.files.paths import resolve
from gatbert.ranges import Range, Seed, Share, check_ranges
from gatbert.samples import Sample
from gatbert.samples.stances import STANCES

SPLITS = ("train", "val", "test", "predict")
Paths = str | Sequence[str] | None

SPLIT_VALUES: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        "train": ("train", "training"),
        "val": ("val", "valid", "validation", "dev", "development"),
        "test": ("test", "testing"),
        "predict": (),
    }
)
"""Values of a column that name a split, whatever their case."""

_SPLIT = "split_column"
"""Flag under which the value of that column travels from the reader."""


@dataclass(frozen=True, kw_only=True)
class CorpusSplits(ABC):
    """Say by plain settings which files are read how, and which sample falls in which split.

    Attributes:
        corpus_type: Format of the files.
        columns: Column of each field and flag, merged over those of the format.
        labels: Stance of each label, in place of those of the format.
        stances: Label set.
        duplicates: What becomes of samples that stand in two splits.
    """

    corpus_type: str = "csv"
    columns: Mapping[str, str | None] | None = None
    labels: Mapping[str, str] | None = None
    stances: Sequence[str] = STANCES
    duplicates: Duplicates = "refuse"

    @abstractmethod
    def files(self) -> list[str]:
        """Return every corpus file once, as the user wrote it."""

    @abstractmethod
    def files_of(self, split: str) -> list[str]:
        """Return the files from which the samples of a split come."""

    @abstractmethod
    def read(self, labelled: bool = True, only: str | None = None) -> Splits:
        """Return the samples of train, val, test and predict, whatever they share.

        Args:
            labelled: Whether a sample of train, val or test without a label is an error.
            only: Split without which others may be left out, to spare their files.

        Raises:
            UserError: As in ``read_corpus``.
        """

    def resolved(self, labelled: bool = True) -> Resolved:
        """Return the splits as they are used: what they share is refused, dropped or allowed."""
        return resolve_duplicates(self.read(labelled), self.duplicates)

    def settings(self) -> dict[str, Any]:
        """Return all of this as plain values."""
        return {"kind": type(self).__qualname__, **asdict(self)}

    def _samples(self, files: Sequence[str], labelled: bool, flags: Mapping[str, str] | None = None) -> list[Sample]:
        """Read files, with further flags."""
        columns = {**(self.columns or {}), **(flags or {})} or None
        options = (self.corpus_type, columns, self.labels, self.stances, labelled)
        return [sample for file in files for sample in read_corpus(resolve(file), *options)]


@dataclass(frozen=True, kw_only=True)
class RandomSplits(CorpusSplits):
    """Draw train, val and test by a hash: the same on every machine, stable under added rows.

    Attributes:
        partitions: Files with their shares of train, val and test.
        split_seed: Another seed draws another split.
        split_by: What is never divided between splits.
    """

    partitions: Mapping[str, Sequence[Share]] = field(default_factory=dict)
    split_seed: Seed = 0
    split_by: SplitBy = "text"

    def __post_init__(self) -> None:
        if not self.partitions:
            raise UserError("partitions is empty; give at least one file, such as {corpus.csv: [0.8, 0.1, 0.1]}")
        for file, fractions in self.partitions.items():
            check_fractions(fractions, f"partitions of {file}")
        check_ranges(RandomSplits, vars(self), "--data.")

    def files(self) -> list[str]:
        """Return the files of all partitions."""
        return list(self.partitions)

    def files_of(self, split: str) -> list[str]:
        """Return the files of which the split has a share; predict has all."""
        place = SPLITS.index(split)
        return [file for file, shares in self.partitions.items() if place >= len(shares) or shares[place] > 0]

    def read(self, labelled: bool = True, only: str | None = None) -> Splits:
        """Draw the splits; predict takes all samples. Arguments and errors as in ``CorpusSplits``."""
        parts: Splits = {name: [] for name in SPLITS}
        for file, fractions in self.partitions.items():
            for sample in self._samples([file], labelled):
                parts[SPLITS[split_index(sample, fractions, self.split_seed, self.split_by)]].append(sample)
                parts["predict"].append(sample)
        return {name: numbered(samples) for name, samples in parts.items()}


@dataclass(frozen=True, kw_only=True)
class GivenSplits(CorpusSplits):
    """Take the splits that come with a corpus, each from files of its own or all from a column that names them.

    Attributes:
        train: Training files.
        val: Validation files; without any, a share of train is cut off by a hash.
        test: Test files.
        predict: Files to predict; by default the samples of test.
        together: Files that hold several splits, with ``split_column``.
        split_column: Column that names the split of each row of these files.
        split_values: Values of that column by split, in place of those of ``SPLIT_VALUES``.
        val_fraction: Share of train that becomes val.
        split_seed: Another seed cuts another val.
        split_by: What is never divided between train and val.
    """

    train: Paths = None
    val: Paths = None
    test: Paths = None
    predict: Paths = None
    together: Paths = None
    split_column: str | None = None
    split_values: Mapping[str, Sequence[str]] | None = None
    val_fraction: Annotated[float, Range(least=0, less_than=1)] = 0.1
    split_seed: Seed = 0
    split_by: SplitBy = "text"

    def __post_init__(self) -> None:
        check_ranges(GivenSplits, vars(self), "--data.")
        given = [name for name in ("train", "val", "test") if _paths(getattr(self, name))]
        if not self.files():
            raise UserError(
                "no corpus file is given; give data.train, data.val, data.test or data.predict, or data.files with "
                "data.split_column"
            )
        if bool(_paths(self.together)) != (self.split_column is not None):
            raise UserError("data.files and data.split_column belong together: files whose column names the split")
        if self.together and given:
            raise UserError(f"data.files and data.{given[0]} are both given; files holds train, val and test already")
        if self.together and not isinstance(CORPUS_TYPES.get(self.corpus_type), CorpusFormat):
            raise UserError(f"files of corpus_type {self.corpus_type} have no columns, so that split_column names none")
        self._split_of_value()

    def files(self) -> list[str]:
        """Return the files of all splits, each once."""
        own = (self.together, *(getattr(self, name) for name in SPLITS))
        return list(dict.fromkeys(path for paths in own for path in _paths(paths)))

    def files_of(self, split: str) -> list[str]:
        """Return the files of the split; where it has none, those from which it is cut or taken."""
        instead = {"val": "train", "predict": "test"}.get(split)
        own = _paths(getattr(self, split)) or _paths(self.together)
        return own if own or instead is None else self.files_of(instead)

    def read(self, labelled: bool = True, only: str | None = None) -> Splits:
        """Read the files of each split; arguments and errors as in ``CorpusSplits``."""
        parts: Splits = {name: [] for name in SPLITS}
        if self.together:
            parts |= self._by_column(labelled)
        for name in SPLITS:
            own = _paths(getattr(self, name))
            if only is None or set(own) <= set(self.files_of(only)):
                parts[name] += self._samples(own, labelled and name != "predict")
        if not parts["val"]:
            fractions = (1 - self.val_fraction, self.val_fraction)
            both: tuple[list[Sample], list[Sample]] = ([], [])
            for sample in parts["train"]:
                both[split_index(sample, fractions, self.split_seed, self.split_by)].append(sample)
            parts["train"], parts["val"] = both
        parts["predict"] = parts["predict"] or parts["test"]
        return {name: numbered(samples) for name, samples in parts.items()}

    def _by_column(self, labelled: bool) -> Splits:
        """Read the files that hold several splits."""
        split_of_value = self._split_of_value()
        parts: Splits = {name: [] for name in SPLITS}
        labelled = labelled and "predict" not in split_of_value.values()
        for sample in self._samples(_paths(self.together), labelled, {_SPLIT: str(self.split_column)}):
            meta = dict(sample.meta)
            value = meta.pop(_SPLIT, "")
            split = split_of_value.get(value.casefold())
            if split is None:
                told = f"the value {shown(value)}" if value else "no value"
                raise UserError(
                    f"{place(sample)}: {told} in the column {shown(str(self.split_column))}, which names the split; "
                    f"accepted are {listed(list(split_of_value))}; others by split_values, such as {{train: [VALUE]}}"
                )
            parts[split].append(replace(sample, meta=meta))
        return parts

    def _split_of_value(self) -> dict[str, str]:
        """Return the split that each value of the column names, by the value in lower case."""
        given = self.split_values or {}
        if unknown := sorted(set(given) - set(SPLITS)):
            raise UserError(f"split_values names the split {unknown[0]!r}; accepted are {', '.join(SPLITS)}")
        found: dict[str, str] = {}
        for split, values in {**SPLIT_VALUES, **given}.items():
            for value in values:
                if found.setdefault(str(value).strip().casefold(), split) != split:
                    raise UserError(f"split_values: the value {value!r} names two splits; give all that differ")
        return found


def _paths(given: Paths) -> list[str]:
    return [given] if isinstance(given, str) else list(given or [])


def numbered(samples: Sequence[Sample]) -> list[Sample]:
    """Tell samples apart whose id is made of their content alone: the second of two files gets a number."""
    counts: Counter[str] = Counter()
    found = []
    for sample in samples:
        base = sample.id.partition("-")[0]
        if len(base) == CONTENT_ID_LENGTH and base == content_id(sample.target, sample.text):
            counts[base] += 1
            name = base if counts[base] == 1 else f"{base}-{counts[base]}"
            sample = sample if name == sample.id else replace(sample, id=name)
        found.append(sample)
    return found
