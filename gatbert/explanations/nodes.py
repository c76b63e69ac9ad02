"""Samples without some of their words and concepts."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from gatbert.knowledge.words import split_words, word_spans
from gatbert.node_removal import without_nodes
from gatbert.samples import GraphSample, Sample


def with_nodes(sample: Sample, max_concepts: int | None) -> GraphSample:
    """Return a sample with its words, and with those of its concepts that a classifier can read.

    Args:
        sample: With or without a graph.
        max_concepts: Most concepts that the classifier reads; ``None`` if it reads none.
    """
    if isinstance(sample, GraphSample):
        num_words = len(sample.words)
        return without(sample, range(num_words + (max_concepts or 0), num_words + len(sample.concepts)), "")
    target, text = split_words(sample.target), split_words(sample.text)
    return GraphSample(
        sample.id,
        sample.text,
        sample.target,
        sample.stance,
        sample.meta,
        words=(*target, *text),
        num_target_words=len(target),
    )


def hidden(sample: GraphSample, node: int, mask_token: str) -> GraphSample:
    """Put the mask token in the place of a word, whose links go, or of a concept, whose edges stay.

    A word's links would tell which word it was. A concept's edges are those of its neighbours too: without them, all
    that is reached through it alone would be gone with it.
    """
    concept = node - len(sample.words)
    if concept < 0:
        return without(sample, {node}, mask_token)
    return replace(sample, concepts=(*sample.concepts[:concept], mask_token, *sample.concepts[concept + 1 :]))


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


def _with_words(text: str, words: Sequence[str], new_words: Sequence[str]) -> str:
    """Return a text with other words in the places of its own; what lies between them stays."""
    pieces, position = [], 0
    for (start, end), word in zip(word_spans(text, words), new_words, strict=True):
        pieces += [text[position:start], word]
        position = end
    return "".join([*pieces, text[position:]])
