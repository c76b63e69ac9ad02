"""The files of a corpus that is to be tagged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gatbert.corpora import read_corpus
from gatbert.corpora.splits import Splits
from gatbert.corpora.splits.corpus_splits import with_distinct_ids
from gatbert.errors import UserError
from gatbert.files.checksums import sha256_of_files
from gatbert.files.paths import resolve


@dataclass(frozen=True)
class CorpusFiles:
    """Say which files hold the samples of each split, and how they are read.

    Attributes:
        of_split: Files of each split that is given, one at least.
        corpus_type: Their format.
        columns: Column of each field and flag, merged over those of the format.
        labels: Stance of each label, in place of those of the format.
        stances: Label set.
    """

    of_split: Mapping[str, Sequence[str]]
    corpus_type: str
    columns: Mapping[str, str | None] | None
    labels: Mapping[str, str] | None
    stances: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.of_split:
            raise UserError("no corpus file is given; give --train, --val, --test or --predict")

    def read(self) -> Splits:
        """Return the samples of each split; those of predict need no stance. Errors as in ``read_corpus``."""
        options = (self.corpus_type, self.columns, self.labels, self.stances)
        splits: Splits = {}
        for split, files in self.of_split.items():
            # Of all files of a split at once: a text in two of them is given two ids.
            samples = [s for file in files for s in read_corpus(resolve(file), *options, split != "predict")]
            splits[split] = with_distinct_ids(samples)
        return splits

    def checksums(self) -> dict[str, str]:
        """Return the SHA-256 over the files of each split."""
        return {split: sha256_of_files(map(resolve, files)) for split, files in self.of_split.items()}
