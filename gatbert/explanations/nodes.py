"""Where the nodes of a sample, its words and concepts, are in what a classifier reads."""

import numpy as np
import numpy.typing as npt

from gatbert.batches import Batch, Encoded
from gatbert.batches.packed import GraphBatch
from gatbert.samples import GraphSample
from gatbert.samples.words import word_spans
from gatbert.stance_classifier.sentence_pairs import SentencePairPreprocessor

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def word_shares(preprocessor: SentencePairPreprocessor, sample: GraphSample) -> Floats:
    """Return which share of each token belongs to each word ``(tokens, words)``.

    A token that lies in several words belongs to each in equal parts; special tokens, and words that were cut, have
    nothing. Where concepts are read as a background, the result is ``(tokens, words + concepts)``.
    """
    encoding = preprocessor.tokenize([sample], with_offsets=True)
    # (tokens, 2), and (tokens,): special tokens are of no sequence, None, which becomes nan and equals nothing
    offsets, sequence = np.array(encoding["offset_mapping"][0]), np.array(encoding.sequence_ids(0), float)
    half = sample.num_target_words
    spans = [*word_spans(sample.target, sample.words[:half]), *word_spans(sample.text, sample.words[half:])]
    # (words,)
    starts, ends = np.array(spans, np.int64).reshape(-1, 2).T
    sequence_of_word = np.arange(len(spans)) >= half
    # (tokens, words)
    overlap = (offsets[:, :1] < ends) & (offsets[:, 1:] > starts) & (sequence[:, None] == sequence_of_word)
    shares: Floats = overlap / np.maximum(overlap.sum(1, keepdims=True), 1)
    return _with_background(preprocessor, sample, shares) if preprocessor.background != "none" else shares


def _with_background(preprocessor: SentencePairPreprocessor, sample: GraphSample, shares: Floats) -> Floats:
    """Return the shares of words and concepts, given those of words in the sentence pair ``(tokens, words)``."""
    num_tokens, num_words = shares.shape
    (pieces,) = preprocessor.background_pieces([sample])
    # (tokens of the background,): the concept of each
    concept = np.repeat(np.arange(len(pieces)), [len(piece) for piece in pieces])
    concept = concept[: preprocessor.background_room(num_tokens)]
    # (tokens, words + concepts): a background ends with a special token
    whole = np.zeros((num_tokens + len(concept) + bool(len(concept)), num_words + len(pieces)))
    whole[:num_tokens, :num_words] = shares
    whole[num_tokens + np.arange(len(concept)), num_words + concept] = 1
    return whole


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
