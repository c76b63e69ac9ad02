"""Several corpora as one: each is read and split as it is by itself, and its name becomes a flag of its samples."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from gatbert.corpora.splits import SPLITS, Splits
from gatbert.corpora.splits.corpus_options import OPTION_NAMES, CorpusOptions
from gatbert.corpora.splits.corpus_splits import CorpusSplits
from gatbert.corpora.splits.hashing import check_folds, split_key
from gatbert.corpora.splits.random_splits import RandomSplits
from gatbert.corpora.wording import quoted
from gatbert.errors import UserError
from gatbert.samples import Sample
from gatbert.samples.stances import STANCES

CORPUS = "corpus"
"""Flag with the name of a sample's corpus."""

SHARED = ("corpus_type", "columns", "labels", "delimiter", "encoding")
"""Options of the whole that hold for each corpus that does not say otherwise."""

FOLDS = ("folds", "fold")
"""Options of the whole that hold for each corpus that is drawn."""


@dataclass(frozen=True, kw_only=True)
class MixedSplits(CorpusSplits):
    """Join the splits of several corpora: train with train, val with val, test with test.

    Ids become ``CORPUS/ID``, as two corpora may count their samples alike.

    Attributes:
        corpora: Splits of each corpus, by its name.
    """

    corpora: Mapping[str, CorpusSplits] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.corpora:
            raise UserError("corpora is empty; give a corpus at least, such as [{corpus_type: vast, train: FILE}]")
        for name, part in self.corpora.items():
            if unknown := [stance for stance in part.stances if stance not in self.stances]:
                raise UserError(
                    f"corpora: {name}: the stance {quoted(unknown[0])} is none of data.stances "
                    f"[{', '.join(self.stances)}]; name it there, too"
                )
            if CORPUS in (part.columns or {}):
                raise UserError(f"corpora: {name}: columns names a flag 'corpus', which is {name} already; rename it")

    @property
    def parts(self) -> Mapping[str, CorpusSplits]:
        """The corpora by their names."""
        return self.corpora

    def files(self) -> list[str]:
        """Return the files of all corpora, each once."""
        return list(dict.fromkeys(file for file, _ in self.typed_files()))

    def files_of(self, split: str) -> list[str]:
        """Return the files of the split, of all corpora."""
        return list(dict.fromkeys(file for file, _ in self.typed_files(split)))

    def read(self, labelled: bool = True, only: str | None = None, skipped: Counter[str] | None = None) -> Splits:
        """Read all corpora; arguments and errors, which name the corpus, as in ``CorpusSplits``."""
        found: Splits = {name: [] for name in SPLITS}
        for name, (splits, own) in self.read_each(labelled, only).items():
            if skipped is not None:
                skipped.update(own)
            for split, samples in splits.items():
                found[split] += [_with_corpus(sample, name) for sample in samples]
        return found

    def read_each(self, labelled: bool = True, only: str | None = None) -> dict[str, tuple[Splits, Counter[str]]]:
        """Return the splits of each corpus by its name, and its skipped rows; arguments and errors as in ``read``.

        A text of several corpora is never divided where its splits are drawn: it goes to the last of train, val and
        test that it has in any of them, as what is tested must not be trained on.
        """
        in_folds = any(_folds(part) is not None for part in self.corpora.values())
        read: dict[str, Splits] = {}
        skipped: dict[str, Counter[str]] = {name: Counter() for name in self.corpora}
        for name, part in self.corpora.items():
            with _named(name):
                read[name] = part.read(labelled, only, skipped[name])
                if in_folds and _folds(part) is None and read[name]["test"]:
                    raise UserError("each fold would test its test split again; give train and val alone, or paths")
        last = _last_splits(read.values())
        return {name: (_undivided(own, self.corpora[name].drawn, last), skipped[name]) for name, own in read.items()}

    def settings(self) -> dict[str, Any]:
        """Return all of this as plain values; see ``CorpusSplits``."""
        parts = {name: part.settings() for name, part in self.corpora.items()}
        return {**super().settings(), "corpora": parts}


def splits_from_options(options: Mapping[str, Any]) -> CorpusSplits:
    """Return the splits that the options of a data module describe.

    Args:
        options: Values by name, as YAML has them: ``corpora``, or the options of one corpus; ``stances``,
            ``duplicates`` and ``near_duplicates``. Others, such as ``batch_size``, are passed over.

    Raises:
        UserError: If they do not fit together; of several corpora, the message names the one.
    """
    stances = tuple(options.get("stances") or STANCES)
    common: dict[str, Any] = {"stances": stances, "duplicates": options.get("duplicates") or "refuse"}
    common["near_duplicates"] = options.get("near_duplicates") or "warn"
    if options.get("corpora") is None:
        own = {name: options[name] for name in OPTION_NAMES if name in options}
        return CorpusOptions.from_user(own, "data").splits(**common)
    shared = {name: options[name] for name in SHARED if options.get(name) is not None}
    folds = {name: options[name] for name in FOLDS if options.get(name) is not None}
    check_folds(**folds)
    corpora: dict[str, CorpusSplits] = {}
    for number, values in enumerate(options["corpora"], start=1):
        name = _name(values, shared, number)
        with _named(name):
            part = _options(values, shared, folds, "corpora: " + name).splits(**common)
        if corpora.setdefault(name, part) is not part:
            raise UserError(f"corpora: two are named {name}; give each a name of its own, such as name: {name}{number}")
    if folds and all(_folds(part) is None for part in corpora.values()):
        raise UserError("folds are of corpora that are drawn, and all have splits of their own; give paths")
    types = dict.fromkeys(part.corpus_type for part in corpora.values())
    return MixedSplits(corpora=corpora, corpus_type=", ".join(types), **common)


def _name(values: Any, shared: Mapping[str, Any], number: int) -> str:
    """Return what a corpus is called: as its user says, or as its format."""
    if not isinstance(values, Mapping):
        raise UserError(f"corpora: number {number} is {values!r:.60}; accepted are names with values, such as paths")
    name = values.get("name") or values.get("corpus_type") or shared.get("corpus_type", "csv")
    return str(name)


def _options(
    values: Mapping[str, Any], shared: Mapping[str, Any], folds: Mapping[str, Any], where: str
) -> CorpusOptions:
    """Return the options of a corpus, its own and those of the whole; folds, where it is drawn."""
    if own := [name for name in FOLDS if name in values]:
        raise UserError(f"{own[0]} stands beside corpora, and holds for all that are drawn")
    drawn = values.get("paths") or values.get("partitions")
    return CorpusOptions.from_user({**shared, **values, **(folds if drawn else {})}, where)


def _last_splits(corpora: Iterable[Splits]) -> dict[str, int]:
    """Return the last of train, val and test in which each text stands."""
    last: dict[str, int] = {}
    for splits in corpora:
        for place, split in enumerate(SPLITS[:3]):
            for sample in splits[split]:
                key = split_key(sample, "text")
                last[key] = max(last.get(key, 0), place)
    return last


def _undivided(splits: Splits, drawn: Sequence[str], last: Mapping[str, int]) -> Splits:
    """Return samples in their splits, of those that are drawn in the last in which the text of each stands."""
    found: Splits = {name: [] for name in splits}
    for split, samples in splits.items():
        for sample in samples:
            latest = SPLITS[last[split_key(sample, "text")]] if split in drawn else split
            found[latest if latest in drawn else split].append(sample)
    return found


def _folds(corpus: CorpusSplits) -> int | None:
    return corpus.folds if isinstance(corpus, RandomSplits) else None


@contextmanager
def _named(name: str) -> Iterator[None]:
    """Say in an error which corpus it is about."""
    try:
        yield
    except UserError as error:
        prefix = f"corpora: {name}: "
        raise UserError(prefix + str(error).removeprefix(prefix)) from error


def _with_corpus(sample: Sample, name: str) -> Sample:
    return replace(sample, id=f"{name}/{sample.id}", meta={**sample.meta, CORPUS: name})
