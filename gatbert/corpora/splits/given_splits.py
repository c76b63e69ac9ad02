"""Splits that come with a corpus: in files of their own, or by a column that names them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated

from gatbert.corpora import CORPUS_TYPES, CorpusFormat
from gatbert.corpora.splits import SPLITS, Splits
from gatbert.corpora.splits.corpus_splits import CorpusSplits, with_distinct_ids
from gatbert.corpora.splits.hashing import SplitBy, split_index, split_key
from gatbert.corpora.wording import quoted, quoted_list, where_read
from gatbert.errors import UserError
from gatbert.files.paths import matching_files
from gatbert.ranges import Range, Seed, check_ranges
from gatbert.samples import Sample

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


@dataclass(frozen=True, kw_only=True)
class GivenSplits(CorpusSplits):
    """Take the splits that come with a corpus, each from files of its own or all from a column that names them.

    Attributes:
        train: Training files; globs, here and below, stand for all that they match.
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
        given = [name for name in ("train", "val", "test") if getattr(self, name)]
        if not (given or self.predict or self.together):
            raise UserError("no corpus file is given; give train, val, test or predict, or files with split_column")
        if bool(self.together) != (self.split_column is not None):
            raise UserError("files and split_column belong together: files whose column names the split")
        if self.together and given:
            raise UserError(f"files and {given[0]} are both given; files holds train, val and test already")
        if self.together and not isinstance(CORPUS_TYPES.get(self.corpus_type), CorpusFormat):
            raise UserError(f"files of corpus_type {self.corpus_type} have no columns, so that split_column names none")
        self._split_of_value()  # what is wrong with it is said before a file is read

    @property
    def drawn(self) -> Sequence[str]:
        """Train and val, where val is cut off train."""
        return SPLITS[:2] if not (self.val or self.together or self.split_by == "target") else ()

    def files(self) -> list[str]:
        """Return the files of all splits, each once."""
        own = (self.together, *(getattr(self, name) for name in SPLITS))
        return list(dict.fromkeys(path for paths in own for path in matching_files(paths)))

    def files_of(self, split: str) -> list[str]:
        """Return the files of the split; where it has none, those from which it is cut or taken."""
        instead = {"val": "train", "predict": "test"}.get(split)
        own = matching_files(getattr(self, split) or self.together)
        return own if own or instead is None else self.files_of(instead)

    def read(self, labelled: bool = True, only: str | None = None, skipped: Counter[str] | None = None) -> Splits:
        """Read the files of each split; arguments and errors as in ``CorpusSplits``."""
        parts: Splits = {name: [] for name in SPLITS}
        if self.together:
            parts |= self._by_column(labelled, skipped)
        for name in SPLITS:
            own = matching_files(getattr(self, name))
            # The files of a split that is not asked for may be gone.
            if only is None or set(own) <= set(self.files_of(only)):
                parts[name] += self._samples(own, labelled and name != "predict", skipped)
        if not parts["val"]:  # a share of train is cut off: training cannot do without
            fractions = (1 - self.val_fraction, self.val_fraction)
            both: tuple[list[Sample], list[Sample]] = ([], [])
            for sample in parts["train"]:
                both[split_index(split_key(sample, self.split_by), fractions, self.split_seed)].append(sample)
            parts["train"], parts["val"] = both
        parts["predict"] = parts["predict"] or parts["test"]
        return {name: with_distinct_ids(samples) for name, samples in parts.items()}

    def _by_column(self, labelled: bool, skipped: Counter[str] | None) -> Splits:
        """Read the files that hold several splits."""
        split_of_value = self._split_of_value()
        parts: Splits = {name: [] for name in SPLITS}
        # Rows of predict have no label, and which these are is not known before they are read.
        labelled = labelled and "predict" not in split_of_value.values()
        for sample, value in self._with_column(
            matching_files(self.together), str(self.split_column), labelled, skipped
        ):
            split = split_of_value.get(value.casefold())
            if split is None:
                told = f"the value {quoted(value)}" if value else "no value"
                raise UserError(
                    f"{where_read(sample)}: {told} in the column {quoted(str(self.split_column))}, which names the "
                    f"split; accepted are {quoted_list(split_of_value)}; others by split_values, such as "
                    "{train: [VALUE]}"
                )
            parts[split].append(sample)
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
