"""Flags that the splits give to samples, by which the scores of every corpus can be broken down."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from gatbert.corpora.splits.hashing import split_key
from gatbert.samples import GraphSample, Sample
from gatbert.samples.paths import names_target, path_length


def with_flags(splits: Mapping[str, Sequence[Sample]]) -> dict[str, list[Sample]]:
    """Add the flags by which every corpus can be broken down, unless it has flags of these names.

    ``target_seen``: whether the target is one of the training samples'; missing where there is nothing to train on.

    Where samples have graphs, ``linked``: whether this one has a concept; ``target_named``: whether the text mentions a
    concept of the target; ``path``: the edges between a concept of the target and another one of the text, 1 or 2, or
    none.
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
                flags["target_named"] = _yes_or_no(names_target(sample))
                flags["path"] = str(path_length(sample) or "none")
            # A flag of the corpus with the same name wins: it is what its authors published.
            flagged[split].append(replace(sample, meta={**flags, **sample.meta}))
    return flagged


def _yes_or_no(value: bool) -> str:
    return "yes" if value else "no"
