"""What was read, in a line per split: samples, stances, texts cut, labels, and what is wrong with a corpus."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from gatbert.batches import Encoded
from gatbert.corpora.splits.corpus_splits import CorpusSplits
from gatbert.corpora.splits.duplicates import MOST_LISTED, Duplicates, Resolved
from gatbert.corpora.splits.mixed_splits import CORPUS
from gatbert.corpora.splits.near_leaks import NearDuplicates
from gatbert.corpora.wording import MOST_NAMES, quoted_list, where_read
from gatbert.samples import Sample


@dataclass(frozen=True)
class SplitSummary:
    """Count one split.

    Attributes:
        num_samples: Number of samples.
        stances: Samples of each stance of the label set.
        without_gold: Samples whose stance is not known.
        cut: Samples whose text does not fit in the maximal length.
        dropped: Samples that were taken away, as another split has them.
        repeated: Samples that an earlier one equals in text, target and stance.
        contradictions: Samples whose text and target an earlier one has with another stance.
        first_contradiction: Where the first of them and the earlier one stand.
        corpora: Samples of each corpus of a mix; empty for one corpus.
    """

    num_samples: int
    stances: Mapping[str, int]
    without_gold: int
    cut: int
    dropped: int
    repeated: int
    contradictions: int
    first_contradiction: str | None
    corpora: Mapping[str, int]


@dataclass(frozen=True)
class CorpusSummary:
    """Count a corpus.

    Attributes:
        splits: What each split holds.
        labels: Labels as the corpus writes them, each with its stance and the number of its samples.
        skipped: Labels whose rows were skipped, each with their number.
        unused_labels: Labels that the user has mapped and no sample has.
        labels_given: Whether the user has mapped labels.
        duplicates: What became of samples that stand in two splits.
        num_shared: Pairs of the same sample in two splits.
        num_shared_ids: Those of them that share nothing but the id.
        shared: Where the first of them stand.
        near: What splits nearly share, each a sentence.
        near_duplicates: What became of it.
        vocabulary_leak: What of a tagged corpus made its vocabulary, and is not trained on; ``None`` if nothing is.
    """

    splits: Mapping[str, SplitSummary]
    labels: Sequence[tuple[str, str | None, int]]
    skipped: Mapping[str, int]
    unused_labels: Sequence[str]
    labels_given: bool
    duplicates: Duplicates
    num_shared: int
    num_shared_ids: int
    shared: Sequence[str]
    near: Sequence[str]
    near_duplicates: NearDuplicates
    vocabulary_leak: str | None = None

    def to_plain(self) -> dict[str, Any]:
        """Return plain values, from which ``from_plain`` makes this again."""
        return asdict(self)

    @classmethod
    def from_plain(cls, values: Mapping[str, Any]) -> "CorpusSummary":
        """Return what ``to_plain`` was called on."""
        splits = {name: SplitSummary(**split) for name, split in values["splits"].items()}
        return cls(**{**values, "splits": splits})

    def lines(self, wanted: Sequence[str], max_length: int) -> Iterator[str]:
        """Yield a line for each split of some that is there, then what is to be said of labels and duplicates."""
        names = [name for name in wanted if name in self.splits]
        for name in names:
            yield f"{name}: {_told(self.splits[name], max_length)}"
        for name in names:
            split = self.splits[name]
            if split.contradictions:
                yield (
                    f"warning: {split.contradictions:,} samples of {name} contradict an earlier one of the same text "
                    f"and target, the first: {split.first_contradiction}"
                )
        yield from self._about_labels()
        if self.num_shared:
            ids = f" ({self.num_shared_ids:,} share nothing but the id)" if self.num_shared_ids else ""
            yield (
                f"duplicates {self.duplicates}: {self.num_shared:,} pairs of the same sample in two splits{ids}, such "
                f"as {self.shared[0]}"
            )
        for leak in self.near:
            yield f"near-duplicates {self.near_duplicates}: {leak}"
        if self.vocabulary_leak:
            yield f"warning: {self.vocabulary_leak}"

    def problem(self, name: str) -> str | None:
        """Return why a split is of no use to the command that needs it, and what to do; ``None`` if it is."""
        split = self.splits.get(name)
        if split is None:
            return f"the {name} split has no samples; give data.{name}, or a larger share of the corpus"
        unknown, total = split.without_gold, split.num_samples
        if name in ("train", "val") and unknown:
            return f"the {name} split has {unknown:,} samples of {total:,} without a gold stance; remove them"
        if name == "test" and unknown == total:
            return "no sample of the test split has a gold stance; use the predict command for unlabelled data"
        return self._missing_stances(split) if name == "train" else None

    def _missing_stances(self, train: SplitSummary) -> str | None:
        """Say which stances have no training sample, and what to do; ``None`` if all have."""
        missing = [stance for stance, count in train.stances.items() if not count]
        if not missing:
            return None
        there = [stance for stance in train.stances if stance not in missing]
        elsewhere = [stance for stance in missing if any(split.stances[stance] for split in self.splits.values())]
        if elsewhere:
            remedy = f"another split has {', '.join(elsewhere)}, so that training needs samples of it, too"
        elif len(there) < 2:
            remedy = "training needs samples of two stances or more"
        else:
            names = f"[{', '.join(there)}]"
            remedy = f"give --data.stances '{names}', or in YAML stances: {names} below init_args of the data"
        told = ", ".join(f"{stance} {count:,}" for stance, count in train.stances.items())
        return f"no training sample is {' or '.join(missing)} ({told}); {remedy}"

    def _about_labels(self) -> Iterator[str]:
        named = [
            f"{label} means {stance or 'no gold'} ({count:,})"
            for label, stance, count in self.labels
            if self.labels_given or label.casefold() != stance
        ]
        named += [f"{label} is skipped ({count:,})" for label, count in self.skipped.items()]
        if named:
            more = f" and {len(named) - MOST_NAMES:,} more" if len(named) > MOST_NAMES else ""
            yield f"labels: {', '.join(named[:MOST_NAMES])}{more}"
        if self.unused_labels:
            yield f"warning: labels names {quoted_list(self.unused_labels)}, which no sample has"


def summarize(resolved: Resolved, encoded: Mapping[str, Sequence[Encoded]], corpus: CorpusSplits) -> CorpusSummary:
    """Count a corpus.

    Args:
        resolved: Its splits, and what they share.
        encoded: Their encoded samples.
        corpus: How it was read.
    """
    of_corpus = {name: samples for name, samples in resolved.splits.items() if name != "predict"} or resolved.splits
    counts = Counter((s.label, s.stance) for samples in of_corpus.values() for s in samples if s.label is not None)
    used = {str(label).casefold() for label in (*(label for label, _ in counts), *resolved.skipped)}
    mapped = dict.fromkeys(str(label) for part in corpus.parts.values() for label in part.labels or {})
    return CorpusSummary(
        splits={
            name: _split_summary(name, samples, resolved, encoded[name], corpus)
            for name, samples in resolved.splits.items()
        },
        labels=[(str(label), stance, count) for (label, stance), count in counts.most_common()],
        skipped=dict(resolved.skipped),
        unused_labels=[label for label in mapped if label.casefold() not in used],
        labels_given=bool(mapped),
        duplicates=corpus.duplicates,
        num_shared=len(resolved.shared),
        num_shared_ids=sum(pair.by_id_alone for pair in resolved.shared),
        shared=[str(pair) for pair in resolved.shared[:MOST_LISTED]],
        near=[str(leak) for leak in resolved.near],
        near_duplicates=corpus.near_duplicates,
    )


def _split_summary(
    name: str, samples: Sequence[Sample], resolved: Resolved, encoded: Sequence[Encoded], corpus: CorpusSplits
) -> SplitSummary:
    """Count what a split has, and what was found of it."""
    golds = Counter(sample.stance for sample in samples)
    sizes = Counter(sample.meta.get(CORPUS) for sample in samples)
    contradictions = resolved.contradictions.get(name, [])
    return SplitSummary(
        num_samples=len(samples),
        stances={stance: golds[stance] for stance in corpus.stances},
        without_gold=golds[None],
        cut=sum(item.cut for item in encoded),
        dropped=resolved.dropped.get(name, 0),
        repeated=resolved.repeated.get(name, 0),
        contradictions=len(contradictions),
        first_contradiction=" and ".join(map(where_read, contradictions[0])) if contradictions else None,
        corpora={name: sizes[name] for name in filter(None, corpus.parts)},
    )


def _told(split: SplitSummary, max_length: int) -> str:
    golds = [f"{stance} {count:,}" for stance, count in split.stances.items()]
    golds += [f"without gold {split.without_gold:,}"] if split.without_gold else []
    said = [
        f"{split.num_samples:,} samples ({', '.join(golds)})",
        " and ".join(f"{count:,} of {corpus}" for corpus, count in split.corpora.items()),
        f"{split.cut:,} texts cut at {max_length} tokens",
        f"{split.repeated:,} repeated" if split.repeated else "",
        f"{split.dropped:,} dropped, as another split has them" if split.dropped else "",
    ]
    return ", ".join(part for part in said if part)
