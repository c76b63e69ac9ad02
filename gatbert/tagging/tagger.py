"""Tagging: a sample and a graph to a sample with its subgraph."""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from gatbert.corpora.graph_corpus import Tagged
from gatbert.corpora.tagging_settings import TaggingSettings
from gatbert.knowledge.graph import Adjacency, KnowledgeGraph
from gatbert.samples import GraphSample, Sample
from gatbert.samples.relations import WORD_CONCEPT
from gatbert.samples.words import split_words
from gatbert.tagging.linking import Linked, Linker
from gatbert.tagging.subgraphs import breadth_first, bridge, naive, unique

Ids = npt.NDArray[np.int64]
Relevance = Callable[[Sample, Ids], npt.NDArray[np.floating[Any]]]
"""Tells how much each of some concepts has to do with a sample, -1 to 1 ``(concepts,)``."""

CACHED_TARGETS = 1 << 12
"""Targets whose links are remembered; most corpora have few."""


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
        self._link_target = lru_cache(CACHED_TARGETS)(self._link)

    def tag(self, sample: Sample) -> Tagged:
        """Return a sample with its subgraph."""
        in_target, in_text = self._link_target(sample.target), self._link(sample.text)
        # (members,) ascending; the roots and the order are positions in them
        members = self._members(sample, in_target.seeds, in_text.seeds)
        among = self.graph.among(members)
        roots = np.searchsorted(members, in_target.seeds)
        order = breadth_first(among, roots, self.graph.degrees(members))[: self.settings.max_concepts]
        kept = members[order]
        # Nodes of a sample: words of the target, words of the text, concepts
        words = (*in_target.words, *in_text.words)
        links = [*in_target.links(), *in_text.links(len(in_target.words))]
        graph_sample = GraphSample(
            id=sample.id,
            text=sample.text,
            target=sample.target,
            stance=sample.stance,
            meta=sample.meta,
            origin=sample.origin,
            words=words,
            num_target_words=len(in_target.words),
            concepts=tuple(self.graph.label(concept) for concept in kept.tolist()),
            concept_ids=tuple(kept.tolist()),
            edges=_edges(links, among, kept, order, len(members), len(words)),
        )
        return Tagged(
            graph_sample,
            target_linked=len(in_target.seeds) > 0,
            text_linked=len(in_text.seeds) > 0,
            bridged=bool(np.isin(in_text.seeds, kept).any() and len(in_target.seeds)),
            num_cut=len(members) - len(kept),
            unlinked=(*in_target.unlinked, *in_text.unlinked),
        )

    def seeds(self, sample: Sample) -> set[int]:
        """Return the concepts that a sample mentions."""
        return {*self._link_target(sample.target).seeds.tolist(), *self._link(sample.text).seeds.tolist()}

    def _link(self, text: str) -> Linked:
        return self.linker.link(split_words(text))

    def _members(self, sample: Sample, target_seeds: Ids, text_seeds: Ids) -> Ids:
        """Return the concepts of a sample, ascending."""
        settings = self.settings
        if settings.sampling == "bridge":
            bridged = bridge(self.graph, target_seeds, text_seeds, settings.degree_cap)
            # What the target mentions stays, even where nothing leads from it to the text.
            members = unique(np.concatenate([target_seeds, bridged]))
        else:
            seeds = unique(np.concatenate([target_seeds, text_seeds]))
            members = naive(self.graph, seeds, settings.hops, settings.degree_cap)
        # (members,): of those that the target mentions, none is judged
        if self.relevance is not None and len(members):
            relevant = self.relevance(sample, members) >= settings.min_relevance
            members = members[relevant | self.graph.marks(target_seeds, members)]
        return members


def _edges(
    links: Sequence[tuple[int, int]], among: Adjacency, kept: Ids, order: Ids, num_members: int, num_words: int
) -> npt.NDArray[np.int32]:
    """Return links and relations among the nodes, in both directions: head, tail and relation ``(3, edges)``.

    Args:
        links: Word and concept id of each mention.
        among: Edges among all members, by position.
        kept: Ids of the concepts that are kept, best first.
        order: Their positions among the members.
        num_members: How many members there are.
        num_words: How many words there are, which are the nodes before the concepts.
    """
    node_of = {concept: node for node, concept in enumerate(kept.tolist(), start=num_words)}
    # (2, links): word and concept, each once, as a phrase of several words may be mentioned twice by one of them
    mentions = dict.fromkeys((word, node_of[concept]) for word, concept in links if concept in node_of)
    there = np.asarray(list(mentions), np.int32).reshape(-1, 2).T
    linked = np.concatenate([there, there[::-1]], axis=1)
    # (members,): whether each member is kept, and which node it then is
    is_kept, node_of_member = np.zeros(num_members, np.bool_), np.zeros(num_members, np.int32)
    is_kept[order], node_of_member[order] = True, np.arange(num_words, num_words + len(order))
    # (edges among members,), then those alone that are between two kept ones
    inside = is_kept[among.source] & is_kept[among.neighbours]
    heads, tails = node_of_member[among.source[inside]], node_of_member[among.neighbours[inside]]
    # (3, edges)
    edges = np.empty((3, linked.shape[1] + len(heads)), np.int32)
    edges[:2, : linked.shape[1]], edges[2, : linked.shape[1]] = linked, WORD_CONCEPT
    edges[:, linked.shape[1] :] = heads, tails, among.relation_ids[inside]
    return edges
