"""Which tokens the words of samples became, whatever the tokenizer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from transformers import BatchEncoding

from gatbert.batches.nodes import Ints
from gatbert.samples import GraphSample
from gatbert.samples.words import word_spans

IN_TARGET, IN_TEXT = 1, 2
"""Group of a token; of a concept, the sum of the groups of the words that it is linked with."""


@dataclass(frozen=True)
class WordTokens:
    """Hold the tokens of several samples end to end, and which of them each word became.

    Attributes:
        num_tokens: How many tokens each sample has ``(samples,)``.
        groups: ``IN_TARGET``, ``IN_TEXT``, or 0 for special tokens ``(tokens,)``.
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
    def from_encoding(cls, encoding: BatchEncoding, samples: Sequence[GraphSample]) -> "WordTokens":
        """Find the tokens that share a character with each word.

        Args:
            encoding: What the tokenizer made of targets and texts, with offsets.
            samples: The samples.
        """
        # (samples,)
        num_tokens = np.array([len(ids) for ids in encoding["input_ids"]])
        num_words = np.array([len(sample.words) for sample in samples])
        # (tokens,); special tokens belong to no sequence: None, which becomes nan
        sequences = np.concatenate([np.asarray(encoding.sequence_ids(i), float) for i in range(len(samples))])
        groups = np.nan_to_num(sequences + IN_TARGET).astype(np.int8)
        # (samples, 2): all characters are counted through, target and text of one sample after those of another
        sizes = np.array([len(piece) for sample in samples for piece in (sample.target, sample.text)])
        before = (np.cumsum(sizes) - sizes).reshape(-1, 2)
        # (tokens, 2): start and end, counted within target or text
        offsets = np.concatenate([np.asarray(spans, np.int64) for spans in encoding["offset_mapping"]])
        # (tokens of characters,): special tokens have none, and are left out
        real = np.flatnonzero((groups > 0) & (offsets[:, 1] > offsets[:, 0]))
        shift = before[np.repeat(np.arange(len(samples)), num_tokens), np.maximum(groups - 1, 0)]
        token_starts, token_ends = (offsets[real] + shift[real, None]).T
        # (words,): the first token that ends after a word starts, up to that which starts after the word ends
        spans = [span for sample, own in zip(samples, before.tolist(), strict=True) for span in _spans(sample, own)]
        starts, ends = np.array(spans, np.int64).reshape(-1, 2).T
        first = np.searchsorted(token_ends, starts, side="right")
        end = np.searchsorted(token_starts, ends, side="left")
        return cls(
            num_tokens,
            groups,
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


def _spans(sample: GraphSample, before: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield start and end of each word, given how many characters stand before the target and before the text."""
    words = sample.words[: sample.num_target_words], sample.words[sample.num_target_words :]
    for text, own, shift in zip((sample.target, sample.text), words, before, strict=True):
        yield from ((start + shift, end + shift) for start, end in word_spans(text, own))
