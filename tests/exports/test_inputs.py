"""Which field is which, what a tokenizer can cut as gatbert does, and what must be said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatbert.exports.inputs import pipeline_input
from gatbert.samples import Sample
from gatbert.samples.pair_settings import PairSettings
from gatbert.stance_classifier import TextPreprocessor
from tests.tiny import WORDS, build_tokenizer

PAIRS = {
    "only_second": [PairSettings(), PairSettings("{target}?", "a: {text}")],
    "only_first": [PairSettings("{text}", "{target} is good."), PairSettings("{target}: {text}", "")],
    None: [
        PairSettings("{target}", "{text} .", "none"),
        PairSettings("{target}", "{context} {text}"),
        PairSettings(background="text"),
        PairSettings(max_target_length=3),
        PairSettings("{text} {target}", ""),
    ],
}


@pytest.mark.parametrize(("truncation", "pair"), [(name, pair) for name, pairs in PAIRS.items() for pair in pairs])
def test_what_cannot_be_cut_alike_is_said(truncation: str | None, pair: PairSettings) -> None:
    found = pipeline_input(pair, 48, ())
    assert (found.text, found.text_pair, found.truncation) == (pair.first, pair.second, truncation)
    assert any("more than 48 tokens" in limit for limit in found.limits) == (truncation is None)
    assert any("background" in limit and "does not know" in limit for limit in found.limits) == (
        pair.background != "none"
    )


def test_transforms_are_said() -> None:
    assert "(mask_target)" in pipeline_input(PairSettings(), 48, ("mask_target",)).limits[0]


@given(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=4),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=30),
    st.sampled_from([*PAIRS["only_second"], *PAIRS["only_first"]]),
)
def test_the_tokenizer_cuts_as_the_preprocessor(target: list[str], text: list[str], pair: PairSettings) -> None:
    tokenizer, sample = build_tokenizer(), Sample("a", " ".join(text), " ".join(target))
    (encoded,) = TextPreprocessor(tokenizer, 20, pair).encode([sample])
    rendered = pair.rendered(sample)
    texts = (rendered.first, rendered.second) if pair.second else (rendered.first,)
    cut = tokenizer(*texts, truncation=pipeline_input(pair, 20, ()).truncation, max_length=20)
    assert encoded.arrays["input_ids"].tolist() == cut["input_ids"]
