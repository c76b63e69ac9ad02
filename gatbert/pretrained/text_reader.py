"""What a pretrained encoder makes of short texts, one vector each, without any training."""

import hashlib
from collections.abc import Sequence
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from gatbert.errors import UserError
from gatbert.pretrained.capacity import max_positions
from gatbert.pretrained.encoders import load_encoder, load_tokenizer, tokenizer_files

BATCH_TOKENS = 1 << 11
"""Tokens of a batch, padding included: short phrases go many at once, and long texts few."""

MAX_LENGTH = 128
"""Tokens of a text that are read."""

Floats = npt.NDArray[np.float32]


class TextReader:
    """Read texts with a frozen encoder: the mean over the last states of their tokens, at length 1.

    Args:
        source: The encoder, as ``--pretrained_model`` takes it.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        encoder = load_encoder(source)
        self.size: int = encoder.config.hidden_size
        self.encoder: nn.Module = encoder.eval().requires_grad_(False)
        self.tokenizer = load_tokenizer(source)
        self.max_length = min(MAX_LENGTH, self.tokenizer.model_max_length, max_positions(encoder) or MAX_LENGTH)

    @torch.inference_mode()
    def __call__(self, texts: Sequence[str]) -> Floats:
        """Return the vector of each text ``(texts, size)``."""
        tokens = self.tokenizer(list(texts), truncation=True, max_length=self.max_length)["input_ids"] if texts else []
        order = sorted(range(len(texts)), key=lambda text: len(tokens[text]))
        vectors = np.zeros((len(texts), self.size), np.float32)
        for batch in _batches(order, [len(some) for some in tokens]):
            vectors[batch] = self._pooled([tokens[text] for text in batch])
        return vectors

    def _pooled(self, tokens: list[list[int]]) -> Floats:
        """Return the mean of each text's states, at length 1 ``(batch, size)``."""
        inputs = self.tokenizer.pad({"input_ids": tokens}, return_tensors="pt")
        # (batch, tokens, hidden), and the mean over the tokens that are no padding
        states = self.encoder(**inputs).last_hidden_state
        mask = inputs["attention_mask"].unsqueeze(-1)
        pooled = (states * mask).sum(1) / mask.sum(1)
        normed: Floats = nn.functional.normalize(pooled, dim=-1).numpy()
        return normed

    @cached_property
    def sha256(self) -> str:
        """Checksum of weights and tokenizer: the same wherever they lie."""
        digest = hashlib.sha256()
        for name, weight in sorted(self.encoder.state_dict().items()):
            digest.update(name.encode() + weight.contiguous().numpy().tobytes())
        for name, text in sorted(tokenizer_files(self.tokenizer).items()):
            digest.update(name.encode() + text.encode())
        return digest.hexdigest()


def _batches(order: Sequence[int], lengths: Sequence[int]) -> list[list[int]]:
    """Return texts, which come by their length, in batches that are no longer than ``BATCH_TOKENS`` when padded."""
    batches: list[list[int]] = []
    for text in order:
        if not batches or (len(batches[-1]) + 1) * lengths[text] > BATCH_TOKENS:
            batches.append([])
        batches[-1].append(text)
    return batches


def open_reader(source: str, sha256: str | None = None) -> TextReader:
    """Return the reader of an encoder; one process loads it once.

    Args:
        source: The encoder.
        sha256: Checksum that it must have, if that is known.

    Raises:
        UserError: If it cannot be loaded, or is another.
    """
    try:
        reader = _loaded(source)
    except UserError as error:
        raise UserError(f"concept_embeddings definition: {error}; {REMEDY}") from error
    if sha256 not in (None, reader.sha256):
        raise UserError(
            f"concept_embeddings definition: the encoder {source} has the checksum {reader.sha256[:12]}, and the "
            f"classifier was trained with {str(sha256)[:12]}; {REMEDY}"
        )
    return reader


REMEDY = (
    "give the encoder that read the definitions in training (--model.concept_vectors, "
    "gatbert.load(..., concept_vectors=))"
)

_loaded = lru_cache(maxsize=1)(TextReader)
