"""Flags that the splits give to samples, by which the scores of every corpus can be broken down."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from gatbert.corpora.splits.hashing import split_key
from gatbert.samples import GraphSample, Sample


def with_flags(splits: Mapping[str, Sequence[Sample]]) -> dict[str, list[Sample]]:
    """Add the flags by which every corpus can be broken down, unless it has flags of these names.

    ``target_seen``: whether the target is one of the training samples'; ``linked``: whether the graph of the sample has
    a concept; both yes or no, and missing where there is nothing to train on, or no graph.
    """
    trained = {split_key(sample, "target") for sample in splits.get("train", ())}
    flagged: dict[str, list[Sample]] = {}
    for split, samples in splits.items():
        flagged[split] = []
        for sample in samples:
            flags = {}
            if trained and split != "train":
                flags["target_seen"] = _yes_or_no(split_key(sample, "target") in trained)
            if isinstance(sample, GraphSample):
                flags["linked"] = _yes_or_no(bool(sample.concepts))
            # A flag of the corpus with the same name wins: it is what its authors published.
            flagged[split].append(replace(sample, meta={**flags, **sample.meta}))
    return flagged


def _yes_or_no(value: bool) -> str:
    return "yes" if value else "no"
