"""One corpus as its user describes it, by plain options: its files, how they are read, and how they are split."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Annotated, Any

from gatbert.corpora import CorpusType
from gatbert.corpora.splits import SPLITS
from gatbert.corpora.splits.corpus_splits import CorpusSplits
from gatbert.corpora.splits.cuts import cut_values
from gatbert.corpora.splits.duplicates import Duplicates
from gatbert.corpora.splits.given_splits import GivenSplits
from gatbert.corpora.splits.near_leaks import NearDuplicates
from gatbert.corpora.splits.random_splits import DrawnBy, RandomSplits
from gatbert.errors import UserError
from gatbert.files.records import from_user
from gatbert.ranges import Count, Folds, PositiveFloat, Range, Seed, Share, check_ranges
from gatbert.samples.stances import STANCES

Files = tuple[str, ...] | None

MANY = ("paths", "files", *SPLITS)
"""Options that name files, each by one path or glob, or by several."""


@dataclass(frozen=True, kw_only=True)
class CorpusOptions:
    """Hold what a user says of one corpus; the data modules explain each option.

    Attributes:
        name: What tells it from the others of a mix; by default its format.
        weight: How much each of its samples weighs in the loss.
        corpus_type: Format of its files.
        columns: Column of each field and flag.
        labels: Stance of each label.
        stances: Stances that it has; by default those of the whole.
        delimiter: The character between two cells.
        encoding: Encoding of its files.
        paths: Files that are split by ``shares``.
        shares: Shares of train, val and test, 0.8, 0.1 and 0.1 by default.
        partitions: Files with shares of their own, in place of ``paths``.
        train: Files of this split, in place of ``paths``; so are the next three.
        val: As above.
        test: As above.
        predict: As above.
        files: Files that hold several splits, with ``split_column``.
        split_column: Column that names the split of each row; of files that are drawn, the one that is cut.
        split_values: Values of that column.
        val_fraction: Share of train that becomes val, where nothing else does.
        split_seed: Another seed draws another split.
        split_by: What is never divided between splits; or column, of files that are drawn.
        cut: Values of ``split_column`` at which files that are drawn are cut.
        folds: Folds of files that are drawn.
        fold: Which of them is test.
    """

    name: str | None = None
    weight: PositiveFloat = 1.0
    corpus_type: CorpusType = "csv"
    columns: Mapping[str, str | None] | None = None
    labels: Mapping[str, str | None] | None = None
    stances: tuple[str, ...] | None = None
    delimiter: str | None = None
    encoding: str | None = None
    paths: Files = None
    shares: tuple[Share, ...] | None = None
    partitions: Mapping[str, tuple[Share, ...]] | None = None
    train: Files = None
    val: Files = None
    test: Files = None
    predict: Files = None
    files: Files = None
    split_column: str | None = None
    split_values: Mapping[str, tuple[str, ...]] | None = None
    val_fraction: Annotated[float, Range(least=0, less_than=1)] = 0.1
    split_seed: Seed = 0
    split_by: DrawnBy = "text"
    cut: tuple[str, ...] | None = None
    folds: Folds | None = None
    fold: Count | None = None

    def __post_init__(self) -> None:
        check_ranges(CorpusOptions, vars(self))
        drawn = [name for name in ("paths", "partitions") if getattr(self, name)]
        given = [name for name in (*drawn, "files", *SPLITS[:3]) if getattr(self, name)]
        if drawn and len(given) > 1:
            raise UserError(f"{given[0]} and {given[1]} are both given; files are split by shares, or have splits")
        if self.shares is not None and not self.paths:
            raise UserError("shares are those of paths; give paths, too")
        others = (self.cut, self.folds, self.fold, self.split_by if self.split_by == "column" else None)
        if not drawn and any(one is not None for one in others):
            raise UserError("split_by column, cut and folds are for files that are drawn; give paths or partitions")

    @classmethod
    def from_user(cls, values: Any, where: str) -> "CorpusOptions":
        """Return the options in a mapping of names to values, as YAML has it.

        Args:
            values: The mapping.
            where: What it is, for messages.

        Raises:
            UserError: ``WHERE: what is wrong``.
        """
        if isinstance(values, Mapping):
            values = {name: _plain(name, value) for name, value in values.items()}
        return from_user(cls, values, where)

    def splits(
        self,
        stances: tuple[str, ...] = STANCES,
        duplicates: Duplicates = "refuse",
        near_duplicates: NearDuplicates = "warn",
    ) -> CorpusSplits:
        """Return how the corpus is split.

        Args:
            stances: Label set, unless the corpus has one of its own.
            duplicates: What becomes of samples that stand in two splits.
            near_duplicates: What becomes of those whose text stands in two splits nearly.

        Raises:
            UserError: If options do not fit together.
        """
        common = {name: getattr(self, name) for name in ("corpus_type", "columns", "labels", "delimiter", "encoding")}
        common |= {"weight": self.weight, "split_seed": self.split_seed, "split_by": self.split_by}
        common |= {"stances": self.stances or stances, "duplicates": duplicates}
        common |= {"near_duplicates": near_duplicates}
        if self.paths or self.partitions:
            shares = self.shares or (0.8, 0.1, 0.1)
            own = {name: getattr(self, name) for name in ("split_column", "cut", "folds", "fold")}
            return RandomSplits(partitions=self.partitions or dict.fromkeys(self.paths or (), shares), **own, **common)
        own = {name: getattr(self, name) for name in (*SPLITS, "split_column", "split_values", "val_fraction")}
        return GivenSplits(together=self.files, **own, **common)


OPTION_NAMES = tuple(field.name for field in fields(CorpusOptions))


def _plain(name: str, value: Any) -> Any:
    """Return a value with one path or cut as a list of it, and with labels and cuts that are numbers as text."""
    if name == "cut":
        return cut_values(value)
    if name in MANY and isinstance(value, str):
        return [value]
    if isinstance(value, tuple):
        return list(value)
    return {str(key): item for key, item in value.items()} if isinstance(value, Mapping) else value
