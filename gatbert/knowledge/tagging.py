"""Tagging: a sample and a graph to a sample with its subgraph."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from gatbert.knowledge.graph import KnowledgeGraph
from gatbert.knowledge.graph_corpus import Tagged
from gatbert.knowledge.linking import Linker, LinkingSettings, Mention, seeds_of, words_of
from gatbert.knowledge.relations import WORD_CONCEPT
from gatbert.knowledge.subgraphs import breadth_first, bridge, naive
from gatbert.knowledge.words import split_words
from gatbert.samples import GraphSample, Sample

Sampling = Literal["bridge", "naive"]
Ids = npt.NDArray[np.int64]
Relevance = Callable[[Sample, Ids], npt.NDArray[np.floating[Any]]]
"""Tells how much each of some concepts has to do with a sample, -1 to 1 ``(concepts,)``."""


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
    """

    linking: LinkingSettings = field(default_factory=LinkingSettings)
    sampling: Sampling = "bridge"
    hops: int = 1
    degree_cap: int = 300
    max_concepts: int = 64
    min_relevance: float = 0.3

    def plain(self) -> dict[str, Any]:
        """Return the settings as plain values."""
        return asdict(self)


class Tagger:
    """Give samples their subgraphs.

    Args:
        graph: The knowledge graph.
        settings: How.
        allowed: Concepts that may be linked; by default all.
        relevance: Measures similarity of concept and sample; by default none is measured.
    """

    def __init__(
        self,
        graph: KnowledgeGraph,
        settings: TaggingSettings | None = None,
        allowed: Iterable[int] | None = None,
        relevance: Relevance | None = None,
    ) -> None:
        self.graph = graph
        self.settings = settings or TaggingSettings()
        self.linker = Linker(graph, self.settings.linking, allowed)
        self.relevance = relevance

    def tag(self, sample: Sample) -> Tagged:
        """Return a sample with its subgraph."""
        target_words, text_words = split_words(sample.target), split_words(sample.text)
        in_target, in_text = self.linker.link(target_words), self.linker.link(text_words)
        target_seeds, text_seeds = seeds_of(in_target), seeds_of(in_text)
        concepts = self._concepts(sample, target_seeds, text_seeds)
        kept = concepts[: self.settings.max_concepts]
        mentions = _in_both(in_target, in_text, len(target_words))
        graph_sample = GraphSample(
            id=sample.id,
            text=sample.text,
            target=sample.target,
            stance=sample.stance,
            meta=sample.meta,
            words=(*target_words, *text_words),
            num_target_words=len(target_words),
            concepts=tuple(self.graph.label(concept) for concept in kept.tolist()),
            concept_ids=tuple(kept.tolist()),
            edges=self._edges(mentions, kept, len(target_words) + len(text_words)),
        )
        return Tagged(
            graph_sample,
            target_linked=len(target_seeds) > 0,
            text_linked=len(text_seeds) > 0,
            bridged=bool(np.isin(text_seeds, kept).any() and len(target_seeds)),
            num_cut=len(concepts) - len(kept),
            unlinked=tuple(self.linker.unlinked(target_words, in_target) + self.linker.unlinked(text_words, in_text)),
        )

    def seeds(self, sample: Sample) -> set[int]:
        """Return the concepts that a sample mentions."""
        mentions = [m for words in (sample.target, sample.text) for m in self.linker.link(split_words(words))]
        return {mention.concept for mention in mentions}

    def _concepts(self, sample: Sample, target_seeds: Ids, text_seeds: Ids) -> Ids:
        """Return the concepts of a sample, best first."""
        settings = self.settings
        if settings.sampling == "bridge":
            members = np.union1d(target_seeds, bridge(self.graph, target_seeds, text_seeds, settings.degree_cap))
        else:
            members = naive(self.graph, np.union1d(target_seeds, text_seeds), settings.hops, settings.degree_cap)
        if self.relevance is not None and len(members):
            relevant = self.relevance(sample, members) >= settings.min_relevance
            members = members[relevant | np.isin(members, target_seeds)]
        ordered, _ = breadth_first(self.graph, target_seeds, members)
        return ordered

    def _edges(self, mentions: Sequence[Mention], concepts: Ids, num_words: int) -> npt.NDArray[np.int32]:
        """Return links and relations among the nodes, in both directions, by row: head, tail, relation."""
        words = words_of(mentions)
        links = [
            (word, num_words + node)
            for node, concept in enumerate(concepts.tolist())
            for word in sorted(words.get(concept, ()))
        ]
        there = np.asarray(links, np.int64).reshape(-1, 2).T
        both_ways = np.concatenate([there, there[::-1]], axis=1)
        related = self.graph.edges_among(concepts)
        related[:2] += num_words
        linked = np.concatenate([both_ways, np.full((1, both_ways.shape[1]), WORD_CONCEPT)])
        return np.concatenate([linked, related], axis=1).astype(np.int32)


def _in_both(in_target: Sequence[Mention], in_text: Sequence[Mention], num_target_words: int) -> list[Mention]:
    """Return the mentions of target and text, as positions in the words of both."""
    shifted = (
        Mention((m.word_index[0] + num_target_words, m.word_index[1] + num_target_words), m.concept) for m in in_text
    )
    return [*in_target, *shifted]
