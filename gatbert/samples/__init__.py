"""What flows through the package: samples, their stances, words and relations, and changes of them. Loads no torch."""

from gatbert.samples.relations import Relations
from gatbert.samples.sample import LANGUAGE, GraphSample, Origin, Sample
from gatbert.samples.sentinels import FIRST_TOKEN
from gatbert.samples.stances import AGAINST, FAVOR, NEUTRAL, STANCES

__all__ = [
    "AGAINST",
    "FAVOR",
    "FIRST_TOKEN",
    "LANGUAGE",
    "NEUTRAL",
    "STANCES",
    "GraphSample",
    "Origin",
    "Relations",
    "Sample",
]
