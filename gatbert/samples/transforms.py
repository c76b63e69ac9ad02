"""Changes of samples by name: what a model knows when a part of its input is hidden, added or wrong."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Literal, TypeVar

import numpy as np
import numpy.typing as npt

from gatbert.errors import UserError
from gatbert.samples.node_removal import renumbered, without_nodes
from gatbert.samples.relations import FIRST_RELATION, WORD_CONCEPT
from gatbert.samples.sample import GraphSample, Sample
from gatbert.samples.sentinels import FIRST_TOKEN

TransformName = Literal[
    "mask_target", "mask_text", "rm_external", "cls_global_edges", "shuffle_graph", "shuffle_relations"
]
Transform = Callable[[Sequence[Sample], str], list[Sample]]

SampleT = TypeVar("SampleT", bound=Sample)

SHUFFLE_SEED = 0


def mask_target(samples: Sequence[Sample], mask_token: str) -> list[Sample]:
    """Put the mask token in the place of every word of the target: what does the text alone give away?

    Concepts that the target alone mentions would give it away, and go, as does what is known of it.
    """
    return [_masked(sample, mask_token, of_target=True) for sample in samples]


def mask_text(samples: Sequence[Sample], mask_token: str) -> list[Sample]:
    """Put the mask token in the place of every word of the text: what does the target alone give away?

    Concepts that the text alone mentions would give it away, and go, as does its context.
    """
    return [_masked(sample, mask_token, of_target=False) for sample in samples]


def rm_external(samples: Sequence[Sample], mask_token: str) -> list[Sample]:
    """Take the graph away: what does the model know without it?"""
    nothing = GraphSample("", "", "")
    return [_with_concepts_of(sample, nothing, nothing.edges) for sample in _graphs(samples)]


def cls_global_edges(samples: Sequence[Sample], mask_token: str) -> list[Sample]:
    """Link the first token with every concept, both ways: it then reads the whole graph in one step."""
    return [_with_global_edges(sample) for sample in _graphs(samples)]


def shuffle_graph(samples: Sequence[Sample], mask_token: str) -> list[Sample]:
    """Give each sample the graph of another, the same one each time: the control for what a graph contributes.

    A concept that was linked with a word of the other's target or text is linked with the word at the same place of
    this one's.
    """
    graphs = _graphs(samples)
    order = np.random.default_rng(SHUFFLE_SEED).permutation(len(graphs))
    # Each gets the graph of the next in a random circle: nobody keeps its own.
    giver = dict(zip(order.tolist(), np.roll(order, 1).tolist(), strict=True))
    return [_with_graph_of(sample, graphs[giver[index]]) for index, sample in enumerate(graphs)]


def shuffle_relations(samples: Sequence[Sample], mask_token: str) -> list[Sample]:
    """Give each edge between concepts the relation of another one, drawn from all samples: do relations matter?"""
    graphs = _graphs(samples)
    relation_ids = np.concatenate([np.zeros(0, np.int32), *(sample.edges[2] for sample in graphs)])
    typed = np.flatnonzero(relation_ids >= FIRST_RELATION)
    relation_ids[typed] = relation_ids[np.random.default_rng(SHUFFLE_SEED).permutation(typed)]
    ends = np.cumsum([sample.edges.shape[1] for sample in graphs])
    new = np.split(relation_ids, ends)[:-1]
    return [
        replace(sample, edges=np.stack([*sample.edges[:2], relation]))
        for sample, relation in zip(graphs, new, strict=True)
    ]


TRANSFORMS: Mapping[TransformName, Transform] = MappingProxyType(
    {
        "mask_target": mask_target,
        "mask_text": mask_text,
        "rm_external": rm_external,
        "cls_global_edges": cls_global_edges,
        "shuffle_graph": shuffle_graph,
        "shuffle_relations": shuffle_relations,
    }
)


def transformed(samples: Sequence[Sample], names: Iterable[TransformName], mask_token: str) -> Sequence[Sample]:
    """Return samples after some changes, in order."""
    for name in names:
        samples = TRANSFORMS[name](samples, mask_token)
    return samples


def _graphs(samples: Sequence[Sample]) -> list[GraphSample]:
    graphs = [sample for sample in samples if isinstance(sample, GraphSample)]
    if len(graphs) < len(samples):
        raise UserError("a transform changes graphs, and the corpus has none; leave it out, or tag the corpus")
    return graphs


def _masked(sample: Sample, mask_token: str, of_target: bool) -> Sample:
    if not isinstance(sample, GraphSample):
        return _with_words(sample, [mask_token] * len((sample.target if of_target else sample.text).split()), of_target)
    is_masked = (np.arange(len(sample.words)) < sample.num_target_words) == of_target
    words = tuple(mask_token if masked else word for word, masked in zip(sample.words, is_masked, strict=True))
    own = [word for word, masked in zip(words, is_masked, strict=True) if masked]
    hidden = _mentioned(sample, is_masked) & ~_mentioned(sample, ~is_masked)
    changed = _with_words(replace(sample, words=words), own, of_target)
    return without_nodes(changed, np.flatnonzero(np.concatenate([is_masked, hidden])).tolist())


def _with_words(sample: SampleT, words: Sequence[str], of_target: bool) -> SampleT:
    joined = " ".join(words)
    if of_target:
        return replace(sample, target=joined, background="")
    return replace(sample, text=joined, context="")


def _mentioned(sample: GraphSample, words: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Tell which concepts are linked with some words, whichever way ``(concepts,)``."""
    mentioned = np.zeros(len(sample.concepts), np.bool_)
    for heads, tails in (sample.edges[:2], sample.edges[1::-1]):
        # The first token is no word, though its number is less than that of any.
        links = (heads != FIRST_TOKEN) & (heads < len(words)) & (tails >= len(words))
        mentioned[tails[links][words[heads[links]]] - len(words)] = True
    return mentioned


def _with_global_edges(sample: GraphSample) -> GraphSample:
    concepts = np.arange(len(sample.concepts), dtype=np.int32) + len(sample.words)
    first, relation = np.full_like(concepts, FIRST_TOKEN), np.full_like(concepts, WORD_CONCEPT)
    there, back = np.stack([first, concepts, relation]), np.stack([concepts, first, relation])
    return replace(sample, edges=np.concatenate([sample.edges, there, back], axis=1))


def _with_graph_of(sample: GraphSample, other: GraphSample) -> GraphSample:
    """Return a sample with another's graph."""
    own, others = len(sample.words), len(other.words)
    targets = _places(other.num_target_words, sample.num_target_words)
    texts = sample.num_target_words + _places(others - other.num_target_words, own - sample.num_target_words)
    concepts = own + np.arange(len(other.concepts))
    halves = (targets, sample.num_target_words > 0), (texts, own > sample.num_target_words), (concepts, True)
    stays = np.concatenate([np.full(len(nodes), there) for nodes, there in halves])
    edges = renumbered(other.edges, np.concatenate([targets, texts, concepts]), stays)
    return _with_concepts_of(sample, other, edges)


def _with_concepts_of(sample: GraphSample, other: GraphSample, edges: npt.NDArray[np.int32]) -> GraphSample:
    concepts = {name: getattr(other, name) for name in ("concepts", "concept_ids", "definitions")}
    return replace(sample, **concepts, edges=edges)


def _places(count: int, others: int) -> npt.NDArray[np.int64]:
    """Return for each of some words the word at the same place among others."""
    return np.arange(count) * others // max(count, 1)
