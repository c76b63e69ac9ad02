"""How samples are tagged, as plain numbers and names."""

from dataclasses import dataclass, field
from typing import Literal

from gatbert.ranges import Cosine, Count, PositiveInt, check_ranges

Sampling = Literal["bridge", "naive"]


@dataclass(frozen=True)
class LinkingSettings:
    """Say how words are linked.

    Attributes:
        max_words: Most words of an n-gram.
        stop_words: Whether words that carry no topic (the list of ``stop_words.py``) are left out.
        degree_cap: Concepts with more edges are not linked; 0 for no cap.
    """

    max_words: PositiveInt = 4
    stop_words: bool = True
    degree_cap: Count = 0

    def __post_init__(self) -> None:
        check_ranges(LinkingSettings, vars(self), "linking.")


@dataclass(frozen=True)
class TaggingSettings:
    """Say how samples get their subgraphs.

    Attributes:
        linking: How words are linked.
        sampling: Concepts on paths of at most two edges between target and text (bridge), or around both (naive).
        hops: Most edges from a seed, for naive.
        degree_cap: Concepts with more edges are on no path as its middle; 0 for no cap.
        max_concepts: Most concepts of a sample; the farthest are left out.
        min_relevance: Least similarity of concept and sample, where it is measured.
        definitions: Whether it is kept what each concept says: its gloss, or what its strongest edges say.
    """

    linking: LinkingSettings = field(default_factory=LinkingSettings)
    sampling: Sampling = "bridge"
    hops: Count = 1
    degree_cap: Count = 300
    max_concepts: Count = 64
    min_relevance: Cosine = 0.33
    definitions: bool = False

    def __post_init__(self) -> None:
        check_ranges(TaggingSettings, vars(self))
