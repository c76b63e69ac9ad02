"""Tokenizers of decoders make sentence pairs, and those of encoders stay as they are."""

import pytest
from tokenizers import pre_tokenizers, processors
from transformers import PreTrainedTokenizerBase

from gatbert.errors import UserError
from gatbert.pretrained.encoders import build_tokenizer, tokenizer_files
from gatbert.pretrained.special_tokens import ready_for_pairs
from tests import tiny

PAIR = ("zoo", "good animal")


def tokens(tokenizer: PreTrainedTokenizerBase) -> list[str]:
    return [str(token) for token in tokenizer.convert_ids_to_tokens(tokenizer(*PAIR)["input_ids"])]


def test_a_token_ends_target_and_text_and_pads() -> None:
    tokenizer = tiny.decoder_tokenizer()
    assert tokens(tokenizer) == ["zoo", "good", "animal"]
    ready_for_pairs(tokenizer)
    assert tokens(tokenizer) == ["zoo", "[SEP]", "good", "animal", "[SEP]"]
    assert tokenizer(*PAIR).sequence_ids() == [0, None, 1, 1, None]
    assert (tokenizer.pad_token, tokenizer.padding_side) == ("[SEP]", "right")
    definition = tokenizer.backend_tokenizer.to_str()
    assert ready_for_pairs(build_tokenizer(tokenizer_files(tokenizer))).backend_tokenizer.to_str() == definition


def test_a_token_that_begins_texts_stays() -> None:
    tokenizer = tiny.decoder_tokenizer()
    tokenizer.add_special_tokens({"bos_token": "[CLS]"})
    tokenizer.add_bos_token = True  # type: ignore[misc]  # its setter has no types
    ready_for_pairs(tokenizer)
    assert tokens(tokenizer) == ["[CLS]", "zoo", "[SEP]", "good", "animal", "[SEP]"]
    rebuilt = build_tokenizer(tokenizer_files(tokenizer))
    assert rebuilt(*PAIR)["input_ids"] == tokenizer(*PAIR)["input_ids"]


def test_characters_are_counted_as_before() -> None:
    """A post-processor of bytes leaves the space before a word out of it; this stays so."""
    offsets = []
    for ready in (lambda tokenizer: tokenizer, ready_for_pairs):
        tokenizer = tiny.decoder_tokenizer()
        tokenizer.backend_tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        tokenizer.backend_tokenizer.post_processor = processors.ByteLevel(trim_offsets=True)
        encoding = ready(tokenizer)("zoo", "good animal", return_offsets_mapping=True)
        offsets.append([span for span in encoding["offset_mapping"] if span[0] != span[1]])
    assert offsets[0] == offsets[1]


@pytest.mark.parametrize("with_types", [True, False])
def test_tokenizers_of_encoders_stay_as_they_are(with_types: bool) -> None:
    tokenizer = tiny.build_tokenizer(with_types)
    before = tokenizer.backend_tokenizer.to_str()
    assert ready_for_pairs(tokenizer).backend_tokenizer.to_str() == before


def test_a_tokenizer_without_an_end_is_refused() -> None:
    tokenizer = tiny.decoder_tokenizer()
    tokenizer.eos_token = None
    with pytest.raises(UserError, match="no token that ends a text"):
        ready_for_pairs(tokenizer)
