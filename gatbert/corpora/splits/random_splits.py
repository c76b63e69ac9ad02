"""Splits that are drawn: train, val and test as shares of each file."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gatbert.corpora.splits import SPLITS, Splits
from gatbert.corpora.splits.corpus_splits import CorpusSplits, with_distinct_ids
from gatbert.corpora.splits.hashing import SplitBy, check_fractions, split_index, split_key
from gatbert.errors import UserError
from gatbert.files.paths import matching_files
from gatbert.ranges import Seed, Share, check_ranges
from gatbert.samples import Sample


@dataclass(frozen=True, kw_only=True)
class RandomSplits(CorpusSplits):
    """Draw train, val and test by a hash: the same on every machine, stable under added rows.

    Attributes:
        partitions: Files, or globs of files, with their shares of train, val and test.
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
        """Return the files of which the split has a share; predict has all."""
        if split == "predict":
            return self.files()
        return [file for file, shares in self._shares.items() if shares[SPLITS.index(split)] > 0]

    def read(self, labelled: bool = True, only: str | None = None, skipped: Counter[str] | None = None) -> Splits:
        """Draw the splits; predict takes all samples. Arguments and errors as in ``CorpusSplits``.

        What is never divided stays together across files, too: where their shares draw different parts, in the last of
        train, val and test, as what is tested must not be trained on.
        """
        drawn: list[tuple[Sample, str]] = []
        last: dict[str, int] = {}
        for file, fractions in self._shares.items():
            for sample in self._samples([file], labelled, skipped):
                key = split_key(sample, self.split_by)
                last[key] = max(last.get(key, 0), split_index(key, fractions, self.split_seed))
                drawn.append((sample, key))
        parts: Splits = {name: [] for name in SPLITS}
        for sample, key in drawn:
            parts[SPLITS[last[key]]].append(sample)
            parts["predict"].append(sample)  # beside its split, not in place of it
        return {name: with_distinct_ids(samples) for name, samples in parts.items()}
