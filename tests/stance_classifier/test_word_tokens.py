"""Tokens of words: those that share a character with them, whatever stands around, in any template."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import PreTrainedTokenizerBase as Tokenizer

from gatbert.pretrained.encoders import load_tokenizer
from gatbert.samples import GraphSample
from gatbert.samples.pair_settings import PairSettings
from gatbert.samples.words import split_words
from gatbert.stance_classifier import TextPreprocessor
from gatbert.stance_classifier.word_tokens import IN_TARGET, IN_TEXT, WordTokens
from tests.stance_classifier.templates import PAIRS, with_spans

TEXTS = st.lists(st.sampled_from(["wind", "zoos", "don't", "x", "#harm", "unfair,"]), min_size=1, max_size=6)
TARGETS = st.lists(st.sampled_from(["wind", "zoos", "don't"]), min_size=1, max_size=3)
"""Short enough to leave room for a text."""


def sample(target: list[str], text: list[str], space: str = " ") -> GraphSample:
    """Return a sample whose words stand with so much space between them."""
    halves = [space.join(half) for half in (target, text)]
    words = [split_words(half) for half in halves]
    return GraphSample(
        "a",
        halves[1],
        halves[0],
        context="good? zoos x",
        background="the fair animal",
        words=(*words[0], *words[1]),
        num_target_words=len(words[0]),
    )


@pytest.fixture(scope="module")
def tokenizer(encoder: str) -> Tokenizer:
    """What tokenizes pairs."""
    return load_tokenizer(encoder)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(TARGETS, TEXTS), min_size=1, max_size=3), st.sampled_from([" ", "  ", " \n"]), PAIRS)
def test_each_word_has_the_tokens_that_share_a_character_with_it(
    tokenizer: Tokenizer, pairs: list[tuple[list[str], list[str]]], space: str, pair: PairSettings
) -> None:
    """The reference reads the rendered strings with the tokenizer itself, without any limit."""
    samples = [sample(target, text, space) for target, text in pairs]
    found = WordTokens.from_tokens(TextPreprocessor(tokenizer, 64, pair).tokenize(samples), samples)
    starts = np.cumsum(found.num_tokens) - found.num_tokens
    for number, one in enumerate(samples):
        strings, spans = with_spans(pair, one)
        encoding = tokenizer(*filter(None, strings), return_offsets_mapping=True)
        tokens = list(zip(encoding.sequence_ids(), encoding["offset_mapping"], strict=True))
        for word, (sequence, start, end) in enumerate(spans):
            expected = [
                int(starts[number]) + token
                for token, (own, span) in enumerate(tokens)
                if own == sequence and span[0] < end and span[1] > start
            ]
            place = found.word_starts[number] + word
            assert expected
            assert list(range(found.first[place], found.first[place] + found.count[place])) == expected


def test_groups_tell_target_from_text_and_all_else(tokenizer: Tokenizer) -> None:
    samples = [sample(["wind", "zoo"], ["good"])]
    found = WordTokens.from_tokens(TextPreprocessor(tokenizer, 24).tokenize(samples), samples)
    assert found.groups.tolist() == [0, IN_TARGET, IN_TARGET, 0, IN_TEXT, 0]
    pair = PairSettings("{context}", "{text} the {target}?", background="text")
    found = WordTokens.from_tokens(TextPreprocessor(tokenizer, 24, pair).tokenize(samples), samples)
    groups = [0, *[0] * 5, 0, IN_TEXT, 0, IN_TARGET, IN_TARGET, 0, 0, *[0] * 3, 0]
    assert found.groups.tolist() == groups


def test_words_beyond_the_end_are_lost_and_counted(tokenizer: Tokenizer) -> None:
    samples = [sample(["zoos"], ["wind"] * count) for count in (3, 100)]
    found = WordTokens.from_tokens(TextPreprocessor(tokenizer, 24).tokenize(samples), samples)
    kept = int((found.count[found.word_starts[1] :] > 0).sum())
    assert found.num_lost(24).tolist() == [0, len(samples[1].words) - kept]
    assert kept < 24
