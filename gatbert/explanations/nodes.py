"""Where the nodes of a sample, its words and concepts, are in what a classifier reads."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from gatbert.batches import Batch, Encoded
from gatbert.batches.packed import GraphBatch
from gatbert.samples import GraphSample
from gatbert.samples.background import BETWEEN, background
from gatbert.samples.pair_settings import AFTER_PAIR, Place, RenderedPair
from gatbert.stance_classifier.sentence_pairs import SentencePairPreprocessor

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def word_shares(preprocessor: SentencePairPreprocessor, sample: GraphSample) -> Floats:
    """Return which share of each token belongs to each word ``(tokens, words)``.

    A token that lies in several words belongs to each in equal parts; special tokens, and words that were cut, have
    nothing. Where concepts are read as a background, the result is ``(tokens, words + concepts)``.
    """
    (tokens,) = preprocessor.tokenize([sample])
    places = [*tokens.pair.word_places(sample), *_concept_places(preprocessor, sample, tokens.pair)]
    # (words,), or (words + concepts,)
    sequence, start, end = np.array(places, np.int64).reshape(-1, 3).T
    # (tokens, words)
    starts, ends = tokens.offsets[:, :1], tokens.offsets[:, 1:]
    overlap = (starts < end) & (ends > start) & (tokens.sequences[:, None] == sequence)
    shares: Floats = overlap / np.maximum(overlap.sum(1, keepdims=True), 1)
    return shares


def _concept_places(preprocessor: SentencePairPreprocessor, sample: GraphSample, pair: RenderedPair) -> Iterator[Place]:
    """Yield the place of each concept in the background, with the semicolon after it, if concepts are read there."""
    if not preprocessor.pair.reads_concepts:
        return
    pieces = background(sample, preprocessor.pair.background)
    sequence, start, _ = pair.places.get("background", Place(AFTER_PAIR, 0, 0))
    for number, piece in enumerate(pieces, start=1):
        yield Place(sequence, start, start + len(piece) + (number < len(pieces)))
        start += len(piece) + len(BETWEEN)


def values_of_nodes(values: Floats, shares: Floats) -> Floats:
    """Return the values of words and concepts ``(nodes,)``, given those of tokens and concepts, and ``word_shares``."""
    num_tokens = len(shares)
    return np.concatenate([values[:num_tokens] @ shares, values[num_tokens:]])


def num_tokens_and_concepts(encoded: Encoded) -> tuple[int, int]:
    """Return how many tokens and how many concepts an encoded sample has."""
    return len(encoded.arrays["input_ids"]), len(encoded.arrays.get("concept_lengths", ()))


def nodes_read(sample: GraphSample, encoded: Encoded, batch: Batch, shares: Floats | None) -> Ints:
    """Return the nodes that reach the classifier's output, ascending.

    Args:
        sample: The sample.
        encoded: The same, encoded.
        batch: The same alone in a batch.
        shares: Its ``word_shares``, if they are known; without them, all words count as read.
    """
    num_words, graph = len(sample.words), batch.graph
    words = np.arange(num_words) if shares is None else np.flatnonzero(shares.any(0))
    if shares is not None and shares.shape[1] > num_words:
        return words  # and concepts among them, which are read as words are
    if not isinstance(graph, GraphBatch):
        return np.concatenate([words, num_words + np.arange(len(sample.concepts))])
    has_token_rows = graph.num_token_rows > 0
    num_tokens, _ = num_tokens_and_concepts(encoded)
    concepts = num_words + np.sort(graph.node_index[graph.num_token_rows :].cpu().numpy()) - num_tokens
    # A batch that is nothing but a graph of concepts has no text.
    return np.concatenate([words, concepts]) if has_token_rows or graph is not batch else concepts
