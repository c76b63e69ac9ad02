"""Samples with fewer nodes: edges follow their ends, and the first token, which is no node of the sample, stays."""

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from gatbert.samples.sample import GraphSample, Sample
from gatbert.samples.sentinels import FIRST_TOKEN
from gatbert.samples.words import split_words, word_spans

Edges = npt.NDArray[np.int32]


def renumbered(edges: Edges, node: npt.NDArray[np.integer], stays: npt.NDArray[np.bool_]) -> Edges:
    """Return edges between other nodes.

    Args:
        edges: Head, tail and relation ``(3, edges)``; an end may be ``FIRST_TOKEN``.
        node: What each node becomes ``(nodes,)``.
        stays: Whether it stays; edges of one that does not go with it ``(nodes,)``.
    """
    # (2, edges)
    ends = edges[:2]
    is_node = ends != FIRST_TOKEN
    kept = np.ones(ends.shape, np.bool_)
    kept[is_node] = stays[ends[is_node]]
    new = edges.copy()
    new[:2][is_node] = node[ends[is_node]]
    return new[:, kept.all(0)]


def without_nodes(sample: GraphSample, nodes: Collection[int]) -> GraphSample:
    """Take concepts away with all their edges, and the links of words, which stay.

    Args:
        sample: The sample, which stays as it is.
        nodes: What goes; words count from 0, target first, and concepts after them.
    """
    num_words = len(sample.words)
    # (nodes,)
    stays = np.ones(num_words + len(sample.concepts), np.bool_)
    stays[list(nodes)] = False
    node = np.arange(len(stays))
    # Words keep their number; concepts that stay are counted after them.
    node[num_words:] = num_words - 1 + np.cumsum(stays[num_words:])
    kept = np.flatnonzero(stays[num_words:]).tolist()
    return replace(
        sample,
        concepts=tuple(sample.concepts[index] for index in kept),
        concept_ids=tuple(sample.concept_ids[index] for index in kept if sample.concept_ids),
        definitions=tuple(sample.definitions[index] for index in kept if sample.definitions),
        edges=renumbered(sample.edges, node, stays),
    )


def with_nodes(sample: Sample, max_concepts: int | None) -> GraphSample:
    """Return a sample with its words, and with those of its concepts that a classifier can read.

    Args:
        sample: With or without a graph.
        max_concepts: Most concepts that the classifier reads; ``None`` if it reads none.
    """
    if isinstance(sample, GraphSample):
        num_words = len(sample.words)
        return without_nodes(sample, range(num_words + (max_concepts or 0), num_words + len(sample.concepts)))
    target, text = split_words(sample.target), split_words(sample.text)
    return GraphSample(
        sample.id,
        sample.text,
        sample.target,
        sample.stance,
        sample.meta,
        words=(*target, *text),
        num_target_words=len(target),
        context=sample.context,
        background=sample.background,
    )


def hidden(sample: GraphSample, node: int, mask_token: str) -> GraphSample:
    """Put the mask token in the place of a word, whose links go, or of a concept, whose edges stay.

    A concept that is hidden says nothing.

    A word's links would tell which word it was. A concept's edges are those of its neighbours too: without them, all
    that is reached through it alone would be gone with it.
    """
    concept = node - len(sample.words)
    if concept < 0:
        return without(sample, {node}, mask_token)
    return replace(
        sample,
        concepts=_replaced(sample.concepts, concept, mask_token),
        definitions=_replaced(sample.definitions, concept, "") if sample.definitions else (),
    )


def without(sample: GraphSample, nodes: Collection[int], mask_token: str) -> GraphSample:
    """Put the mask token in the place of some words, whose links go, and take concepts away with all their edges.

    Args:
        sample: The sample, which stays as it is.
        nodes: What goes; words count from 0, target first, and concepts after them.
        mask_token: What stands for a word that is hidden.
    """
    if not nodes:
        return sample
    words = tuple(mask_token if node in nodes else word for node, word in enumerate(sample.words))
    half = sample.num_target_words
    return replace(
        without_nodes(sample, nodes),
        target=_with_words(sample.target, sample.words[:half], words[:half]),
        text=_with_words(sample.text, sample.words[half:], words[half:]),
        words=words,
    )


def _replaced(values: Sequence[str], index: int, value: str) -> tuple[str, ...]:
    return (*values[:index], value, *values[index + 1 :])


def _with_words(text: str, words: Sequence[str], new_words: Sequence[str]) -> str:
    """Return a text with other words in the places of its own; what lies between them stays."""
    pieces, position = [], 0
    for (start, end), word in zip(word_spans(text, words), new_words, strict=True):
        pieces += [text[position:start], word]
        position = end
    return "".join([*pieces, text[position:]])
