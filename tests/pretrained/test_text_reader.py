"""What a frozen encoder reads in texts, against Hugging Face called directly."""

import pickle
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import AutoModel

from gatbert.errors import UserError
from gatbert.pretrained.encoders import load_tokenizer
from gatbert.pretrained.text_reader import TextReader, open_reader
from tests.tiny import save_encoder

TEXTS = ["zoo: a place for animals", "wind", "the school is good, " * 30, "zoo"]


def test_a_text_is_the_mean_over_its_tokens_at_length_one(any_encoder: str) -> None:
    reader = TextReader(any_encoder)
    found = reader(TEXTS)
    tokenizer, encoder = load_tokenizer(any_encoder), AutoModel.from_pretrained(any_encoder).eval()
    for text, row in zip(TEXTS, found, strict=True):
        inputs = tokenizer(text, truncation=True, max_length=reader.max_length, return_tensors="pt")
        with torch.no_grad():
            mean = encoder(**inputs).last_hidden_state[0].mean(0)
        np.testing.assert_allclose(row, (mean / mean.norm()).numpy(), atol=1e-5)


def test_no_texts_have_no_vectors(encoder: str) -> None:
    assert TextReader(encoder)([]).shape == (0, 16)


def test_the_checksum_is_that_of_weights_and_tokenizer(encoder: str, tmp_path: Path) -> None:
    assert TextReader(save_encoder(tmp_path / "same")).sha256 == TextReader(encoder).sha256
    assert TextReader(save_encoder(tmp_path / "other", seed=1)).sha256 != TextReader(encoder).sha256


def test_another_encoder_than_in_training_is_one_sentence(encoder: str) -> None:
    expected = open_reader(encoder).sha256
    assert open_reader(encoder, expected) is open_reader(encoder)
    with pytest.raises(UserError, match=rf"has the checksum {expected[:12]}, and .* trained with 000.*concept_vectors"):
        open_reader(encoder, "0" * 64)
    with pytest.raises(UserError, match=r"concept_embeddings definition: .*nowhere/encoder.*concept_vectors"):
        open_reader("./nowhere/encoder")


def test_what_opens_a_reader_travels_to_a_worker(encoder: str) -> None:
    assert pickle.loads(pickle.dumps(partial(open_reader, encoder)))() is open_reader(encoder)  # noqa: S301


def test_no_batch_is_longer_than_it_may_be(encoder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gatbert.pretrained.text_reader.BATCH_TOKENS", 24)
    reader = TextReader(encoder)
    sizes: list[tuple[int, ...]] = []
    reader.encoder.register_forward_pre_hook(
        lambda module, args, kwargs: sizes.append(tuple(kwargs["input_ids"].shape)), with_kwargs=True
    )
    reader(["the tax on the animal " * (number // 3 + 1) for number in range(9)])
    assert all(rows * tokens <= 24 or rows == 1 for rows, tokens in sizes)
    assert sum(rows for rows, _ in sizes) == 9
