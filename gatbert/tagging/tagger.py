"""Tagging: samples and a graph to samples with their subgraphs."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from gatbert.corpora.graph_corpus import Tagged
from gatbert.corpora.known_names import KnownNames
from gatbert.corpora.tagging_settings import TaggingSettings
from gatbert.knowledge.definitions import Definitions
from gatbert.knowledge.graph import Adjacency, KnowledgeGraph
from gatbert.samples import GraphSample, Sample
from gatbert.samples.relations import WORD_CONCEPT
from gatbert.samples.words import split_words
from gatbert.tagging.linkers import Linkers, language_of
from gatbert.tagging.linking import References
from gatbert.tagging.mentions import Linked
from gatbert.tagging.subgraphs import Ids, Mask, breadth_first, bridge, bridge_among, naive, unique, within

Similarity = npt.NDArray[np.floating[Any]]
Relevance = Callable[[Sequence[str], Sequence[Ids]], Sequence[Similarity]]
"""Tells for each of some targets or texts how similar its concepts are to it, -1 to 1, each ``(concepts,)``."""

CHUNK = 256
"""Samples whose texts and concepts are embedded at once."""

CACHED_TARGETS = 1 << 12
"""Targets whose links are remembered; most corpora have few."""

MOST_HOPS = 2
"""Edges of the longest path that ties a target to a text."""


class _Found(NamedTuple):
    """Hold what target and text of a sample mention, and the concepts of its subgraph, ascending ``(members,)``."""

    in_target: Linked
    in_text: Linked
    members: Ids


class Tagger:
    """Give samples their subgraphs.

    Args:
        graph: The knowledge graph.
        settings: How.
        allowed: Concepts that may be linked; by default all.
        relevance: Measures similarity of concepts and samples; by default none is measured.
        known: What the corpus tells of names; by default nothing.
        kept: Concepts that subgraphs may have; by default all. They are taken from what a sample has with all concepts,
            before it is cut: one that has no others stays as it is.
    """

    def __init__(
        self,
        graph: KnowledgeGraph,
        settings: TaggingSettings | None = None,
        allowed: Iterable[int] | None = None,
        relevance: Relevance | None = None,
        known: KnownNames | None = None,
        kept: Iterable[int] | None = None,
    ) -> None:
        self.graph = graph
        self.settings = settings or TaggingSettings()
        self.linkers = Linkers(graph, self.settings.linking, allowed, known)
        self.relevance = relevance
        self._may_stay = None if kept is None else _mask(kept, len(graph))
        self._define = Definitions(graph)
        self._link_target = lru_cache(CACHED_TARGETS)(self._find_in_target)

    def tag(self, sample: Sample) -> Tagged:
        """Return a sample with its subgraph."""
        return next(self.tag_all([sample]))

    def tag_all(self, samples: Iterable[Sample]) -> Iterator[Tagged]:
        """Yield samples with their subgraphs, in order."""
        rest = iter(samples)
        for some in iter(lambda: list(islice(rest, CHUNK)), []):
            found = [self._find(sample) for sample in some]
            if self.relevance is not None:
                found = self._filter(some, found, self.relevance)
            yield from (self._tagged(sample, one) for sample, one in zip(some, found, strict=True))

    def with_vocabulary(self, allowed: Iterable[int], kept: Iterable[int]) -> "Tagger":
        """Return the same for fewer concepts: those that may be linked, and those that subgraphs may have."""
        return Tagger(self.graph, self.settings, allowed, self.relevance, self.linkers.known, kept)

    def _find_in_target(self, target: str, language: str) -> tuple[Linked, References]:
        return self.linkers.of(language).link_target(split_words(target))

    def _mentioned(self, sample: Sample) -> tuple[Linked, Linked]:
        """Return what target and text mention; a name that the target has in full may be short in the text."""
        language = language_of(sample, self.graph.languages)
        in_target, names = self._link_target(sample.target, language)
        return in_target, self.linkers.of(language).link(split_words(sample.text), names)

    def _find(self, sample: Sample) -> _Found:
        """Return what a sample mentions, and the concepts on the ways between."""
        settings = self.settings
        in_target, in_text = self._mentioned(sample)
        if settings.sampling == "bridge":
            bridged = bridge(self.graph, in_target.seeds, in_text.seeds, settings.degree_cap)
            # What the target mentions stays, even where nothing leads from it to the text.
            members = unique(np.concatenate([in_target.seeds, bridged]))
        else:
            seeds = unique(np.concatenate([in_target.seeds, in_text.seeds]))
            members = naive(self.graph, seeds, settings.hops, settings.degree_cap)
        return _Found(in_target, in_text, members)

    def _filter(self, samples: Sequence[Sample], found: Sequence[_Found], relevance: Relevance) -> list[_Found]:
        """Return the same without the concepts that have too little to do with their sample, and all ways over them."""
        least = self.settings.min_relevance
        # What is mentioned may be like either side, what lies between has to be like both: each (members,).
        between = [self._lies_between(one) for one in found]
        to_target = relevance([sample.target for sample in samples], [one.members for one in found])
        # Texts are long, and dear to read: those alone are read on which something depends.
        asked = [n for n, similar in enumerate(to_target) if (between[n] | (similar < least)).any()]
        texts, concepts = [samples[n].text for n in asked], [found[n].members for n in asked]
        to_text = dict(zip(asked, relevance(texts, concepts), strict=True))
        result = list(found)
        for n in asked:
            judged = np.where(between[n], (to_target[n] + to_text[n]) / 2, np.maximum(to_target[n], to_text[n]))
            result[n] = self._relevant(found[n], judged >= least)
        return result

    def _lies_between(self, found: _Found) -> Mask:
        """Tell which concepts neither target nor text mentions ``(members,)``."""
        of_target, of_text = (self.graph.marks(one.seeds, found.members) for one in (found.in_target, found.in_text))
        return ~(of_target | of_text)

    def _relevant(self, found: _Found, relevant: Mask) -> _Found:
        """Return the same with the relevant concepts alone, and of those the ones on ways over relevant ones."""
        settings, members = self.settings, found.members
        # (edges,): those between relevant concepts, by position
        among = self.graph.among(members)
        inside = relevant[among.source] & relevant[among.neighbours]
        among = Adjacency(
            among.source[inside], among.neighbours[inside], among.relation_ids[inside], among.weights[inside]
        )
        cap, degrees = settings.degree_cap, self.graph.degrees(members)
        is_middle = relevant & (degrees <= cap) if cap else relevant
        roots, ends = (
            np.flatnonzero(relevant & self.graph.marks(one.seeds, members)) for one in (found.in_target, found.in_text)
        )
        if settings.sampling == "bridge":
            kept = unique(np.concatenate([roots, bridge_among(among, roots, ends, is_middle)]))
        else:
            kept = within(among, unique(np.concatenate([roots, ends])), settings.hops, is_middle)
        return found._replace(members=members[kept])

    def _tagged(self, sample: Sample, found: _Found) -> Tagged:
        """Return a sample with the nearest of its concepts, and their edges."""
        in_target, in_text, members = found
        if self._may_stay is not None:
            members = members[self._may_stay[members]]
        # The roots, the order and the distances are positions in the members.
        among = self.graph.among(members)
        roots = np.flatnonzero(self.graph.marks(in_target.seeds, members))
        order, distance = breadth_first(among, roots, self.graph.degrees(members))
        order = order[: self.settings.max_concepts]
        kept = members[order]
        # (kept,): concepts of the text that are none of the target, and not far from it
        near = (distance[order] > 0) & (distance[order] <= MOST_HOPS) & (distance[order] < len(members))
        ends = self.graph.marks(in_text.seeds, kept) & near
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
            context=sample.context,
            background=sample.background,
            words=words,
            num_target_words=len(in_target.words),
            concepts=tuple(self.graph.label(concept) for concept in kept.tolist()),
            concept_ids=tuple(kept.tolist()),
            definitions=tuple(map(self._define, kept.tolist())) if self.settings.definitions else (),
            edges=_edges(links, among, kept, order, len(members), len(words)),
        )
        return Tagged(
            graph_sample,
            target_linked=len(in_target.seeds) > 0 and not in_target.unlinked,
            target_in_part=len(in_target.seeds) > 0 and len(in_target.unlinked) > 0,
            text_linked=len(in_text.seeds) > 0,
            bridged=bool(ends.any()),
            num_cut=len(members) - len(kept),
            unlinked=(*in_target.unlinked, *in_text.unlinked),
            mentioned=tuple({*in_target.seeds.tolist(), *in_text.seeds.tolist()}),
        )


def _mask(concepts: Iterable[int], size: int) -> Mask:
    """Tell of each of the graph's concepts whether it is one of some ``(concepts,)``; others are passed over."""
    ids = np.fromiter(concepts, np.int64)
    mask = np.zeros(size, np.bool_)
    mask[ids[ids < size]] = True
    return mask


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
