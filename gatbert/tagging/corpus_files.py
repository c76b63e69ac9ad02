"""The files of a corpus that is to be tagged, and its splits: read as training reads them."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from gatbert.console.given_files import data_options
from gatbert.corpora.splits import SPLITS, Splits
from gatbert.corpora.splits.corpus_splits import CorpusSplits
from gatbert.corpora.splits.given_splits import GivenSplits
from gatbert.corpora.splits.mixed_splits import MixedSplits, splits_from_options
from gatbert.errors import UserError
from gatbert.files.checksums import sha256_of_files
from gatbert.files.paths import resolve

FILES = (*SPLITS, "files")
"""Options that name corpus files."""


@dataclass(frozen=True)
class CorpusFiles:
    """Say which samples are tagged.

    Attributes:
        corpus: Which files are read how, and which sample falls in which split.
        mix: The mix of which it is one corpus, if it is, and which never divides a text between corpora.
    """

    corpus: CorpusSplits
    mix: MixedSplits | None = None

    @classmethod
    def from_options(cls, options: Mapping[str, Any]) -> "CorpusFiles":
        """Return the files that options name, as those of a data module do; without val, none is cut from train.

        Raises:
            UserError: If there are none, or options do not fit together.
        """
        if not any(options.get(name) for name in FILES):
            raise UserError(
                "no corpus file is given; give --train, --val, --test or --predict, --files with --split_column, or "
                "--data"
            )
        return cls(splits_from_options({**options, "val_fraction": 0.0}))

    @classmethod
    def from_config(cls, path: str, name: str | None) -> "CorpusFiles":
        """Return the files of a ``--data`` file of training, in the splits that training takes from them.

        Args:
            path: The YAML file.
            name: Which of its corpora, if it mixes several.

        Raises:
            UserError: If it is no such file, or has no such corpus.
        """
        corpus = splits_from_options(data_options(path))
        names = list(corpus.parts) if isinstance(corpus, MixedSplits) else []
        if len(names) == 1 and name is None:
            name = names[0]
        if (name is None) == bool(names) or (names and name not in names):
            told = f"accepted are {', '.join(names)}" if names else "it has one corpus, and none to choose"
            raise UserError(f"--corpus {name} is none of {path}; {told}")
        return cls(corpus) if name is None else cls(corpus.parts[name], cast(MixedSplits, corpus))

    def read(self, skipped: Counter[str] | None = None) -> Splits:
        """Return the samples of each split that is not empty; those of predict need no stance.

        Args:
            skipped: Counts the rows that are skipped, by label.

        Raises:
            UserError: As in ``read_corpus``.
        """
        found = self.corpus.read(skipped=skipped) if self.mix is None else self._of_mix(self.mix, skipped)
        return {split: found[split] for split in self._splits() if found[split]}

    def checksums(self) -> dict[str, str]:
        """Return the SHA-256 over the files of each split."""
        files = {split: self.corpus.files_of(split) or self.corpus.files() for split in self._splits()}
        return {split: sha256_of_files(map(resolve, some)) for split, some in files.items()}

    def _of_mix(self, mix: MixedSplits, skipped: Counter[str] | None) -> Splits:
        """Return the samples of the corpus as the mix divides them."""
        (name,) = (name for name, part in mix.corpora.items() if part is self.corpus)
        splits, rows = mix.read_each()[name]
        if skipped is not None:
            skipped.update(rows)
        return splits

    def _splits(self) -> Iterator[str]:
        """Yield the splits that the corpus has itself: val may be cut from train, predict is not taken from test."""
        corpus = self.corpus
        for split in SPLITS:
            if not isinstance(corpus, GivenSplits):
                given = split != "predict" and bool(corpus.files_of(split))
            elif corpus.together and split != "predict":
                given = True
            elif split == "predict":
                given = bool(corpus.predict or (corpus.split_values or {}).get("predict"))
            else:
                cut = split == "val" and corpus.train and corpus.val_fraction
                given = bool(getattr(corpus, split) or cut)
            # In a mix, a text that another corpus has may be drawn where this one alone would have no sample.
            if given or (self.mix is not None and split in corpus.drawn):
                yield split
