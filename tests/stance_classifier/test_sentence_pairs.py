"""Target and text as a pair: the text is cut and the target never."""

import pytest

from gatbert.errors import UserError
from gatbert.pretrained.encoders import load_tokenizer
from gatbert.samples import Sample
from gatbert.stance_classifier import TextPreprocessor

POOLINGS = ("first", "mean")


def test_the_text_is_cut_and_the_target_never(any_encoder: str) -> None:
    tokenizer = load_tokenizer(any_encoder)
    target, text = "the fair price the fair price", "good " * 100
    (encoded,) = TextPreprocessor(tokenizer, 16).encode([Sample("a", text, target)])
    ids = encoded.arrays["input_ids"].tolist()
    target_ids = tokenizer(target, add_special_tokens=False)["input_ids"]
    assert len(ids) == encoded.size == 16
    assert ids[1 : 1 + len(target_ids)] == target_ids
    assert ids[0] == tokenizer.cls_token_id
    assert ids[-1] == tokenizer.sep_token_id


def test_a_target_that_leaves_no_room_names_its_sample(encoder: str) -> None:
    preprocessor = TextPreprocessor(load_tokenizer(encoder), 16)
    whole = Sample("fits", "good", "good " * 12)
    assert preprocessor.encode([whole])[0].size == 16
    with pytest.raises(UserError, match=r"sample p7: its target has 13 tokens.*max_length 16"):
        preprocessor.encode([whole, Sample("p7", "good", "good " * 13)])


def test_max_length_beyond_the_tokenizer_is_refused(encoder: str) -> None:
    with pytest.raises(UserError, match=r"max_length 65 .* 64"):
        TextPreprocessor(load_tokenizer(encoder), 65)


def test_settings_know_the_tokenizer_and_the_length(any_encoder: str) -> None:
    tokenizer = load_tokenizer(any_encoder)
    settings = TextPreprocessor(tokenizer, 16).settings()
    assert settings == TextPreprocessor(load_tokenizer(any_encoder), 16).settings()
    assert settings != TextPreprocessor(tokenizer, 17).settings()
    tokenizer.add_tokens(["climatechange"])
    assert settings != TextPreprocessor(tokenizer, 16).settings()
