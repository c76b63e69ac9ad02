"""Splits that are drawn: train, val and test as shares of each file, as folds, or by where a column is cut."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from gatbert.corpora.splits import SPLITS, Splits
from gatbert.corpora.splits.corpus_splits import CorpusSplits, with_distinct_ids
from gatbert.corpora.splits.cuts import check_cuts, parts_by_cuts
from gatbert.corpora.splits.hashing import (
    SplitBy,
    check_folds,
    check_fractions,
    fold_part,
    hash_fraction,
    split_index,
    split_key,
    without_test,
)
from gatbert.errors import UserError
from gatbert.files.paths import matching_files
from gatbert.ranges import Count, Folds, Seed, Share, check_ranges
from gatbert.samples import Sample

DrawnBy = Literal["text", "target", "id", "column"]
"""What decides a split that is drawn: what is never divided, or where the values of a column are cut."""


@dataclass(frozen=True, kw_only=True)
class RandomSplits(CorpusSplits):
    """Draw train, val and test by a hash: the same on every machine, stable under added rows.

    Attributes:
        partitions: Files, or globs of files, with their shares of train, val and test.
        split_seed: Another seed draws another split.
        split_by: What is never divided between splits; or ``column``, if the values of one decide what is test.
        split_column: That column.
        cut: One value of it, from which on all is test; or two, between which is val and before which is train.
        folds: Number of folds, in the place of the shares of test.
        fold: Which of them is test, from 0.
    """

    partitions: Mapping[str, Sequence[Share]] = field(default_factory=dict)
    split_seed: Seed = 0
    split_by: DrawnBy = "text"
    split_column: str | None = None
    cut: Sequence[str] | None = None
    folds: Folds | None = None
    fold: Count | None = None

    def __post_init__(self) -> None:
        if not self.partitions:
            raise UserError("partitions is empty; give at least one file, such as {corpus.csv: [0.8, 0.1, 0.1]}")
        for file, fractions in self.partitions.items():
            check_fractions(fractions, f"partitions of {file}")
            if (self.folds is not None or len(self.cut or ()) == 1) and not sum(fractions[:2]):
                raise UserError(
                    f"partitions of {file}: {list(fractions)} has nothing for train and val, whose proportion "
                    "decides with folds or a cut; accepted are shares such as [0.8, 0.1, 0.1]"
                )
        check_ranges(RandomSplits, vars(self), "--data.")
        check_folds(self.folds, self.fold)
        self._check_cut()

    def _check_cut(self) -> None:
        """Refuse a cut without its column, and the reverse."""
        if self.split_by == "column":
            if self.split_column is None or self.cut is None:
                raise UserError("split_by column needs --data.split_column COLUMN and --data.cut VALUE")
            if self.folds is not None:
                raise UserError("folds and split_by column are both given; a column that is cut has one test part")
            check_cuts(self.cut)
        elif self.split_column is not None or self.cut is not None:
            given = "split_column" if self.split_column is not None else "cut"
            raise UserError(f"{given} is for --data.split_by column, and split_by is {self.split_by}")

    @property
    def drawn(self) -> Sequence[str]:
        """Train, val and test, but not where a target or a column decides what is tested."""
        return SPLITS[:3] if self.split_by in ("text", "id") else ()

    @property
    def _shares(self) -> dict[str, Sequence[Share]]:
        """The shares of each file that the partitions name."""
        found: dict[str, Sequence[Share]] = {}
        for files, shares in self.partitions.items():
            for file in matching_files(files):
                if found.setdefault(file, shares) is not shares:
                    raise UserError(f"partitions names the file {file} twice; leave it out of one of them")
        return found

    def files(self) -> list[str]:
        """Return the files of all partitions."""
        return list(self._shares)

    def files_of(self, split: str) -> list[str]:
        """Return the files of which the split has a share; predict has all, and of a cut each has."""
        if split == "predict" or self.split_by == "column":
            return self.files()
        return [file for file, shares in self._shares.items() if shares[SPLITS.index(split)] > 0]

    def read(self, labelled: bool = True, only: str | None = None, skipped: Counter[str] | None = None) -> Splits:
        """Draw the splits; predict takes all samples. Arguments and errors as in ``CorpusSplits``.

        What is never divided stays together across files, too: where their shares draw different parts, in the last of
        train, val and test, as what is tested must not be trained on.
        """
        if self.split_by == "column":
            samples, places = self._by_cut(labelled, skipped)
        else:
            samples, places = self._by_hash(self.split_by, labelled, skipped)
        parts: Splits = {name: [] for name in SPLITS}
        # Names are given out over all splits, so that a sample has the same one in each fold.
        for sample, place in zip(with_distinct_ids(samples), places, strict=True):
            parts[SPLITS[place]].append(sample)
            parts["predict"].append(sample)  # beside its split, not in place of it
        return parts

    def _by_hash(
        self, split_by: SplitBy, labelled: bool, skipped: Counter[str] | None
    ) -> tuple[list[Sample], list[int]]:
        """Return all samples and the part of each, by the hash of what is never divided."""
        samples: list[Sample] = []
        drawn: list[tuple[str, Sequence[Share]]] = []
        for file, shares in self._shares.items():
            samples += self._samples([file], labelled, skipped)
            drawn += [(split_key(sample, split_by), shares) for sample in samples[len(drawn) :]]
        positions = self._positions({key for key, shares in drawn if shares[2] > 0})
        last = _last((key, self._part(key, shares, positions)) for key, shares in drawn)
        return samples, [last[key] for key, _ in drawn]

    def _positions(self, tested: set[str]) -> dict[str, float]:
        """Return where on the ring of folds those lie that are tested; without folds, nowhere."""
        if self.folds is None:
            return {}
        if self.split_by != "target":
            return {key: hash_fraction(key, self.split_seed) for key in tested}
        # Targets are few: left to the hash, some folds would have several and others none.
        if len(tested) < self.folds:
            which = f"the {len(tested)} target{'' if len(tested) == 1 else 's'} to be tested"
            raise UserError(f"--data.folds {self.folds} is more than {which}")
        ordered = sorted(tested, key=lambda key: (hash_fraction(key, self.split_seed), key))
        return {key: (place + 0.5) / len(ordered) for place, key in enumerate(ordered)}

    def _part(self, key: str, fractions: Sequence[float], positions: Mapping[str, float]) -> int:
        """Return the part in which samples of a file fall; those of files without a share of test are never tested."""
        if self.folds is None or self.fold is None or fractions[2] == 0:
            return split_index(key, fractions, self.split_seed)
        return fold_part(positions[key], fractions, self.folds, self.fold)

    def _by_cut(self, labelled: bool, skipped: Counter[str] | None) -> tuple[list[Sample], list[int]]:
        """Return all samples and the part of each, by its value in the column; before a single cut, by the hash."""
        column, cuts = str(self.split_column), self.cut or ()
        rows: list[tuple[Sample, str]] = []
        drawn: list[tuple[str, Sequence[Share]]] = []
        for file, shares in self._shares.items():
            rows += self._with_column([file], column, labelled, skipped)
            drawn += [(split_key(sample, "text"), shares) for sample, _ in rows[len(drawn) :]]
        samples, parts = [sample for sample, _ in rows], parts_by_cuts(rows, cuts, column)
        if len(cuts) == 2:
            return samples, parts
        before = [one for one, part in zip(drawn, parts, strict=True) if part == 0]
        last = _last((key, split_index(key, without_test(shares), self.split_seed)) for key, shares in before)
        return samples, [2 if part else last[key] for (key, _), part in zip(drawn, parts, strict=True)]


def _last(drawn: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Return the last part that each key has been drawn for."""
    last: dict[str, int] = {}
    for key, part in drawn:
        last[key] = max(last.get(key, 0), part)
    return last
