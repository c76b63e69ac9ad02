"""What is encoded: golden strings of tokens, and who gives way when they are too many."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from transformers import PreTrainedTokenizerBase as Tokenizer

from gatbert.errors import UserError
from gatbert.pretrained.encoders import load_tokenizer
from gatbert.samples import Sample
from gatbert.samples.pair_settings import PairSettings
from gatbert.stance_classifier import TextPreprocessor
from tests.stance_classifier.templates import PAIRS
from tests.tiny import save_encoder

SAMPLE = Sample(
    "a", "we must oppose it", "wind power", context="why support the tax", background="zoo animal price harm"
)
NLI = PairSettings("{text}", "the fair {target} .")
WHOLE = PairSettings("{target} {background}", "{context} {text}", background="text")
LENGTHS = st.integers(20, 48)
"""Room for each target with nearly all literals."""


def tokens_of(tokenizer: Tokenizer, pair: PairSettings, max_length: int = 48, sample: Sample = SAMPLE) -> str:
    (encoded,) = TextPreprocessor(tokenizer, max_length, pair).encode([sample])
    return " ".join(tokenizer.convert_ids_to_tokens(encoded.arrays["input_ids"].tolist()))


@pytest.mark.parametrize(
    ("pair", "wanted"),
    [
        (PairSettings(), "[CLS] wind power [SEP] we must oppose it [SEP]"),
        (NLI, "[CLS] we must oppose it [SEP] the fair wind power . [SEP]"),
        (WHOLE, "[CLS] wind power zoo animal price harm [SEP] why support the tax we must oppose it [SEP]"),
        (replace(NLI, background="text"), "[CLS] we must oppose it [SEP] the fair wind power . [SEP] "
         "zoo animal price harm [SEP]"),
        (PairSettings("{text} the {target}", ""), "[CLS] we must oppose it the wind power [SEP]"),
    ],
)  # fmt: skip
def test_the_template_says_what_is_encoded(any_encoder: str, pair: PairSettings, wanted: str) -> None:
    assert tokens_of(load_tokenizer(any_encoder), pair) == wanted


@pytest.mark.parametrize(
    ("pair", "max_length", "wanted"),
    [
        (PairSettings(), 48, "wind power [SEP] we must oppose it [SEP]"),
        (WHOLE, 10, "wind power [SEP] the tax we must oppose it [SEP]"),
        (replace(NLI, background="text"), 13, "we must oppose it [SEP] the fair wind power . [SEP] zoo [SEP]"),
        (PairSettings("{text} the {target}", ""), 6, "we must the wind power [SEP]"),
    ],
)
def test_a_decoder_reads_the_same_after_no_first_token(
    pair: PairSettings, max_length: int, wanted: str, tmp_path: Path
) -> None:
    assert tokens_of(load_tokenizer(save_encoder(tmp_path, "gpt2")), pair, max_length) == wanted


def test_token_types_tell_first_from_second_and_what_follows(encoder: str) -> None:
    (encoded,) = TextPreprocessor(load_tokenizer(encoder), 48, replace(NLI, background="text")).encode([SAMPLE])
    assert encoded.arrays["token_type_ids"].tolist() == [0] * 6 + [1] * 11


@settings(deadline=None, max_examples=40)
@given(st.text("we must oppose it #x?", max_size=80), LENGTHS)
def test_by_default_nothing_is_encoded_otherwise_than_by_the_tokenizer_itself(
    any_encoder: str, text: str, max_length: int
) -> None:
    tokenizer = load_tokenizer(any_encoder)
    (encoded,) = TextPreprocessor(tokenizer, max_length).encode([replace(SAMPLE, text=text)])
    wanted = tokenizer(["wind power"], [text], truncation="only_second", max_length=max_length)
    for name, values in encoded.arrays.items():
        assert values.tolist() == wanted[name][0]
    assert encoded.cut == bool(wanted.encodings[0].overflowing)


def test_background_then_context_then_text_give_way(encoder: str) -> None:
    """Background and text lose their ends; context, which stands before the text, its beginning."""
    tokenizer = load_tokenizer(encoder)
    wanted = {
        17: "[CLS] wind power zoo animal price harm [SEP] why support the tax we must oppose it [SEP]",
        16: "[CLS] wind power zoo animal price [SEP] why support the tax we must oppose it [SEP]",
        13: "[CLS] wind power [SEP] why support the tax we must oppose it [SEP]",
        11: "[CLS] wind power [SEP] the tax we must oppose it [SEP]",
        9: "[CLS] wind power [SEP] we must oppose it [SEP]",
        7: "[CLS] wind power [SEP] we must [SEP]",
    }
    assert {length: tokens_of(tokenizer, WHOLE, length) for length in wanted} == wanted
    after = replace(WHOLE, first="{target}", second="{text} {context}")
    assert tokens_of(tokenizer, after, 11) == "[CLS] wind power [SEP] we must oppose it why support [SEP]"


def test_literals_of_a_template_stay(encoder: str) -> None:
    tokenizer = load_tokenizer(encoder)
    pair = PairSettings("{target}", "the {context} zoo {text} fair")
    assert tokens_of(tokenizer, pair, 9) == "[CLS] wind power [SEP] the zoo we fair [SEP]"


def test_a_target_is_cut_where_its_length_says_so(encoder: str) -> None:
    tokenizer = load_tokenizer(encoder)
    sample = replace(SAMPLE, target="wind power " * 20)
    pair = PairSettings(max_target_length=3)
    assert tokens_of(tokenizer, pair, 9, sample) == "[CLS] wind power wind [SEP] we must oppose [SEP]"
    assert tokens_of(tokenizer, pair, 48) == tokens_of(tokenizer, PairSettings(), 48)


@settings(deadline=None, max_examples=60)
@given(PAIRS, LENGTHS)
def test_what_is_left_is_what_there_was_in_its_order(encoder: str, pair: PairSettings, max_length: int) -> None:
    tokenizer = load_tokenizer(encoder)
    (whole,) = TextPreprocessor(tokenizer, 64, pair).tokenize([SAMPLE])
    try:
        (cut,) = TextPreprocessor(tokenizer, max_length, pair).tokenize([SAMPLE])
    except UserError:  # the words of the template leave no room for the text
        reject()
    assert len(cut) <= max_length
    rest = iter(whole.arrays["input_ids"].tolist())
    assert all(token in rest for token in cut.arrays["input_ids"].tolist())
    assert cut.of("target").sum() == whole.of("target").sum()
    # What matters more is whole as long as anything of what matters less is left.
    left = [(cut.of(name).sum(), whole.of(name).sum()) for name in ("text", "context", "background")]
    for (kept, all_), (less, _) in pairwise(left):
        assert kept == all_ or less == 0
    assert bool(cut.cut) == (len(cut) < len(whole))
