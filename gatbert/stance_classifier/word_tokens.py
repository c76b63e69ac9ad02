"""Which tokens the words of samples became, whatever the tokenizer."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gatbert.batches.nodes import Ints
from gatbert.samples import GraphSample
from gatbert.stance_classifier.pair_tokens import PairTokens

IN_TARGET, IN_TEXT = 1, 2
"""Group of a token; of a concept, the sum of the groups of the words that it is linked with."""


@dataclass(frozen=True)
class WordTokens:
    """Hold the tokens of several samples end to end, and which of them each word became.

    Attributes:
        num_tokens: How many tokens each sample has ``(samples,)``.
        groups: ``IN_TARGET``, ``IN_TEXT``, or 0 for all others ``(tokens,)``.
        word_starts: Number of words before each sample ``(samples,)``.
        first: First token of each word ``(words,)``.
        count: How many tokens each word has, 0 if it was cut ``(words,)``.
    """

    num_tokens: Ints
    groups: Ints
    word_starts: Ints
    first: Ints
    count: Ints

    @classmethod
    def from_tokens(cls, tokens: Sequence[PairTokens], samples: Sequence[GraphSample]) -> "WordTokens":
        """Find the tokens that share a character with each word.

        Args:
            tokens: The tokens of the samples.
            samples: The samples.
        """
        # (samples,)
        num_tokens = np.array([len(one) for one in tokens])
        num_words = np.array([len(sample.words) for sample in samples])
        # (tokens,)
        sequences = np.concatenate([one.sequences for one in tokens])
        groups = np.concatenate([IN_TARGET * one.of("target") + IN_TEXT * one.of("text") for one in tokens])
        # (samples, 2): all characters are counted through, both strings of one sample after those of another
        sizes = np.array([len(string) for one in tokens for string in (one.pair.first, one.pair.second)])
        before = (np.cumsum(sizes) - sizes).reshape(-1, 2)
        # (tokens, 2): start and end, counted within a string
        offsets = np.concatenate([one.offsets for one in tokens])
        # (tokens of characters,): special tokens have none, and are left out
        real = np.flatnonzero(np.isin(sequences, (0, 1)) & (offsets[:, 1] > offsets[:, 0]))
        shift = before[np.repeat(np.arange(len(samples)), num_tokens)[real], sequences[real]]
        token_starts, token_ends = (offsets[real] + shift[:, None]).T
        # (words,): the first token that ends after a word starts, up to that which starts after the word ends
        spans = [
            (own[place.sequence] + place.start, own[place.sequence] + place.end)
            for one, sample, own in zip(tokens, samples, before.tolist(), strict=True)
            for place in one.pair.word_places(sample)
        ]
        starts, ends = np.array(spans, np.int64).reshape(-1, 2).T
        first = np.searchsorted(token_ends, starts, side="right")
        end = np.searchsorted(token_starts, ends, side="left")
        return cls(
            num_tokens,
            groups.astype(np.int8),
            np.cumsum(num_words) - num_words,
            real[np.minimum(first, len(real) - 1)],
            np.maximum(end - first, 0),
        )

    def num_lost(self, max_length: int) -> Ints:
        """Return how many words of each sample that fills ``max_length`` have no token ``(samples,)``."""
        # (words,)
        sample = np.searchsorted(self.word_starts, np.arange(len(self.count)), side="right") - 1
        # (samples,)
        num_lost = np.bincount(sample, self.count == 0, len(self.num_tokens)).astype(np.int64)
        return np.where(self.num_tokens == max_length, num_lost, 0)
