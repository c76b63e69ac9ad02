"""Tokens of words: those that share a character with them, whatever stands around."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatbert.pretrained.encoders import load_tokenizer
from gatbert.samples import GraphSample
from gatbert.samples.words import split_words, word_spans
from gatbert.stance_classifier.sentence_pairs import SentencePairPreprocessor
from gatbert.stance_classifier.text import TextPreprocessor
from gatbert.stance_classifier.word_tokens import IN_TARGET, IN_TEXT, WordTokens

TEXTS = st.lists(st.sampled_from(["wind", "zoos", "don't", "x", "#harm", "unfair,"]), min_size=1, max_size=6)
TARGETS = st.lists(st.sampled_from(["wind", "zoos", "don't"]), min_size=1, max_size=3)
"""Short enough to leave room for a text."""


def sample(target: list[str], text: list[str], space: str) -> GraphSample:
    """Return a sample whose words stand with so much space between them."""
    halves = [space.join(half) for half in (target, text)]
    words = [split_words(half) for half in halves]
    return GraphSample("a", halves[1], halves[0], words=(*words[0], *words[1]), num_target_words=len(words[0]))


@pytest.fixture(scope="module")
def preprocessor(encoder: str) -> SentencePairPreprocessor:
    """What tokenizes pairs."""
    return TextPreprocessor(load_tokenizer(encoder), 24)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(TARGETS, TEXTS), min_size=1, max_size=3), st.sampled_from([" ", "  ", " \n"]))
def test_each_word_has_the_tokens_that_share_a_character_with_it(
    preprocessor: SentencePairPreprocessor, pairs: list[tuple[list[str], list[str]]], space: str
) -> None:
    samples = [sample(target, text, space) for target, text in pairs]
    encoding = preprocessor.tokenize(samples, with_offsets=True)
    found = WordTokens.from_encoding(encoding, samples)
    starts = np.cumsum(found.num_tokens) - found.num_tokens
    for number, one in enumerate(samples):
        for word in range(len(one.words)):
            half = int(word >= one.num_target_words)
            first = one.num_target_words if half else 0
            own = one.words[first:] if half else one.words[: one.num_target_words]
            start, end = list(word_spans(one.text if half else one.target, own))[word - first]
            expected = [
                int(starts[number]) + token
                for token, (sequence, span) in enumerate(
                    zip(encoding.sequence_ids(number), encoding["offset_mapping"][number], strict=True)
                )
                if sequence == half and span[0] < end and span[1] > start
            ]
            place = found.word_starts[number] + word
            assert list(range(found.first[place], found.first[place] + found.count[place])) == expected or not (
                expected or found.count[place]
            )


def test_groups_tell_target_from_text_and_special_tokens(preprocessor: SentencePairPreprocessor) -> None:
    samples = [sample(["wind", "zoos"], ["good"], " ")]
    found = WordTokens.from_encoding(preprocessor.tokenize(samples, with_offsets=True), samples)
    kinds = found.groups.tolist()
    assert (kinds[0], kinds[-1]) == (0, 0)
    assert [kind for kind in kinds if kind] == sorted(kind for kind in kinds if kind)
    assert set(kinds) == {0, IN_TARGET, IN_TEXT}


def test_words_beyond_the_end_are_lost_and_counted(preprocessor: SentencePairPreprocessor) -> None:
    samples = [sample(["zoos"], ["wind"] * count, " ") for count in (3, 100)]
    found = WordTokens.from_encoding(preprocessor.tokenize(samples, with_offsets=True), samples)
    kept = int((found.count[found.word_starts[1] :] > 0).sum())
    assert found.num_lost(24).tolist() == [0, len(samples[1].words) - kept]
    assert kept < 24
