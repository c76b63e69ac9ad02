"""The classifier that reads target and text, maybe a background after them, and no graph."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pad_sequence
from transformers import PreTrainedModel
from transformers import PreTrainedTokenizerBase as Tokenizer

from gatbert.batches import Batch, Encoded, collate_indices
from gatbert.batches.nodes import Ints
from gatbert.errors import UserError
from gatbert.nn.encoder_parts import reads_left_to_right
from gatbert.ranges import Dropout
from gatbert.samples import Sample
from gatbert.samples.background import BackgroundName, background
from gatbert.samples.phrases import PhraseCache
from gatbert.stance_classifier.base import StanceClassifier
from gatbert.stance_classifier.readout import Readout
from gatbert.stance_classifier.sentence_pairs import SentencePairPreprocessor

CACHED_PIECES = 1 << 18
"""Pieces of backgrounds whose tokens are remembered, in about 100 MB."""

NOTHING: Ints = np.zeros(0, np.int32)

Arrays = dict[str, Ints]

logger = logging.getLogger("gatbert")


@dataclass(frozen=True)
class TextBatch(Batch):
    """Hold sentence pairs (target, text), padded to the longest.

    Attributes:
        input_ids: ``(batch, tokens)``, int64.
        attention_mask: ``(batch, tokens)``, int64, 1 on tokens and 0 on padding.
        token_type_ids: ``(batch, tokens)``, int64, 0 on the target and 1 on the text; ``None`` for encoders without.
    """

    input_ids: Tensor
    attention_mask: Tensor
    token_type_ids: Tensor | None


class TextPreprocessor(SentencePairPreprocessor):
    """Encode target and text as a sentence pair and, after it, as much of a background as there is room for.

    Of target, text and a background of two pieces it makes ``[CLS] target [SEP] text [SEP] piece; piece [SEP]``, with
    the special tokens of the tokenizer. Text that does not fit is cut from its end, and there is no background then.

    Args:
        tokenizer: Fast tokenizer of the encoder.
        max_length: Most tokens of a sample, special ones included; ``None`` for the tokenizer's own limit.
        background: Where the background of a sample comes from.
    """

    def __init__(
        self, tokenizer: Tokenizer, max_length: int | None = None, background: BackgroundName = "none"
    ) -> None:
        super().__init__(tokenizer, max_length)
        self.background = background
        self.max_concepts = None if background == "none" else self.max_length  # a concept has a token at least
        self._pieces = PhraseCache(self.subwords, CACHED_PIECES)
        self._between = np.asarray(tokenizer(";", add_special_tokens=False)["input_ids"], np.int32)

    def settings(self) -> Mapping[str, Any]:
        """Return the tokenizer's whole definition, the length limit, and where backgrounds come from."""
        return {**super().settings(), "background": self.background}

    def encode(self, samples: Sequence[Sample]) -> list[Encoded]:
        """Encode samples; errors as in ``tokenize`` and ``background``."""
        if not samples:
            return []
        encoding = self.tokenize(samples)
        rows: list[Arrays] = [
            {name: np.asarray(values[i], np.int32) for name, values in encoding.items()} for i in range(len(samples))
        ]
        if self.background != "none":
            rows = self._with_backgrounds(rows, samples)
        is_cut = self.is_cut(encoding)
        return [Encoded(row, size=len(row["input_ids"]), cut=cut) for row, cut in zip(rows, is_cut, strict=True)]

    def background_pieces(self, samples: Sequence[Sample]) -> list[list[Ints]]:
        """Return the tokens of each piece of the background of each sample; between pieces is a semicolon."""
        texts = [background(sample, self.background) for sample in samples]
        known = self._pieces.look_up(sorted({piece for some in texts for piece in some}))
        tokens = [[known[piece] for piece in some] for some in texts]
        return [[*(np.concatenate([one, self._between]) for one in some[:-1]), *some[-1:]] for some in tokens]

    def _with_backgrounds(self, rows: Sequence[Arrays], samples: Sequence[Sample]) -> list[Arrays]:
        """Put the background of each sample after its sentence pair, and log how many do not fit."""
        backgrounds = [np.concatenate([NOTHING, *pieces]) for pieces in self.background_pieces(samples)]
        rooms = [self.background_room(len(row["input_ids"])) for row in rows]
        num_cut = sum(len(ids) > room for ids, room in zip(backgrounds, rooms, strict=True))
        if num_cut:
            logger.warning(
                "%d of %d backgrounds do not fit into max_length %d: the farthest concepts are cut",
                *(num_cut, len(rows), self.max_length),
            )
        return [_joined(row, ids[:room]) for row, ids, room in zip(rows, backgrounds, rooms, strict=True)]

    def collate(self, encoded: Sequence[Encoded]) -> TextBatch:
        """Pad to the longest sample of the batch."""
        return TextBatch(**collate_sentence_pairs(encoded, self.tokenizer.pad_token_id))


def _joined(row: Arrays, background_ids: Ints) -> Arrays:
    """Return a sentence pair with a background, which ends with the same special token and has the text's type."""
    if not len(background_ids):
        return row
    last = {name: values[-1:] for name, values in row.items()}
    after = {name: np.full(len(background_ids) + 1, value, np.int32) for name, value in last.items()}
    after["input_ids"] = np.concatenate([background_ids, last["input_ids"]])
    return {name: np.concatenate([values, after[name]]) for name, values in row.items()}


def collate_sentence_pairs(encoded: Sequence[Encoded], pad_token_id: int) -> dict[str, Any]:
    """Return the fields of ``TextBatch``, padded to the longest sentence pair."""
    # (batch,)
    lengths = torch.tensor([len(item.arrays["input_ids"]) for item in encoded])
    # (batch, tokens)
    mask = torch.arange(int(lengths.max())) < lengths[:, None]
    return {
        **collate_indices(encoded),
        "input_ids": _pad(encoded, "input_ids", pad_token_id),
        "attention_mask": mask.to(torch.int64),
        "token_type_ids": _pad(encoded, "token_type_ids", 0) if "token_type_ids" in encoded[0].arrays else None,
    }


def _pad(encoded: Sequence[Encoded], name: str, value: int) -> Tensor:
    """Return one array of all samples ``(batch, tokens)``, int64, with ``value`` on padding."""
    rows = [torch.from_numpy(item.arrays[name].astype(np.int64)) for item in encoded]
    return pad_sequence(rows, batch_first=True, padding_value=value)


class TextClassifier(StanceClassifier):
    """Classify from the text alone, with any Hugging Face encoder over the pair (target, text).

    Args:
        encoder: Pretrained text encoder.
        num_stances: Size of the label set.
        pooling: State that goes to the head: the first token's, the last one's, or the mean over all tokens.
        head_dropout: Dropout probability before the linear head, 0 to less than 1.
    """

    preprocessor = TextPreprocessor

    def __init__(
        self,
        encoder: PreTrainedModel,
        num_stances: int,
        pooling: Literal["first", "last", "mean"] = "first",
        head_dropout: Dropout = 0.1,
    ) -> None:
        super().__init__(encoder, num_stances)
        if pooling == "first":
            refuse_first_of_decoder(encoder, "last or mean")
        self.pooling = pooling
        self.dropout = nn.Dropout(head_dropout)
        self.head = nn.Linear(encoder.config.hidden_size, num_stances)

    def forward(self, batch: TextBatch) -> Tensor:
        """Return logits ``(batch, stances)``."""
        states = encode_text(self.encoder, batch)
        vector = states[:, 0] if self.pooling == "first" else mean_of_tokens(states, self._tokens_read(batch))
        return self.head(self.dropout(vector))  # type: ignore[no-any-return]

    def readout(self, batch: TextBatch) -> list[Readout]:
        """Return that the head reads the first token, the last one, or the mean over all."""
        return [Readout(self._tokens_read(batch).unsqueeze(0), self.encoder)]

    def _tokens_read(self, batch: TextBatch) -> Tensor:
        """Return of which tokens the head reads the mean ``(batch, tokens)``, 1 or true on these."""
        chosen = {"first": first_tokens, "last": last_tokens}.get(self.pooling)
        return batch.attention_mask if chosen is None else chosen(batch)


def refuse_first_of_decoder(encoder: PreTrainedModel, others: str) -> None:
    """Refuse to classify from the first token of an encoder that reads from left to right: it knows of no other.

    Args:
        encoder: The encoder.
        others: Values of ``pooling`` that are of use.

    Raises:
        UserError: If it reads so.
    """
    if reads_left_to_right(encoder):
        raise UserError(
            f"pooling first: the family {encoder.config.model_type!r} reads from left to right, and its first token "
            f"knows nothing of the text; give --model.pooling {others}"
        )


def first_tokens(batch: TextBatch) -> Tensor:
    """Return which tokens are the first of their sample ``(batch, tokens)``, bool."""
    first = torch.zeros_like(batch.input_ids, dtype=torch.bool)
    first[:, 0] = True
    return first


def last_tokens(batch: TextBatch) -> Tensor:
    """Return which tokens are the last of their sample ``(batch, tokens)``, bool."""
    mask = batch.attention_mask
    # (batch, tokens): how many tokens there are up to each
    count = mask.cumsum(-1)
    return (mask == 1) & (count == count[:, -1:])


def mean_of_tokens(states: Tensor, chosen: Tensor) -> Tensor:
    """Return the mean state of each sample's chosen tokens ``(batch, hidden)``, zeros where there are none.

    Args:
        states: ``(batch, tokens, hidden)``.
        chosen: 1 or true on tokens that count, 0 or false on others and on padding ``(batch, tokens)``.
    """
    # (batch, tokens, 1)
    weights = chosen.to(states.dtype).unsqueeze(-1)
    return (states * weights).sum(1) / weights.sum(1).clamp(min=1)


def encode_text(encoder: PreTrainedModel, batch: TextBatch) -> Tensor:
    """Return the last state of each token ``(batch, tokens, hidden)``."""
    inputs = {"input_ids": batch.input_ids, "attention_mask": batch.attention_mask}
    if batch.token_type_ids is not None:
        inputs["token_type_ids"] = batch.token_type_ids
    states: Tensor = encoder(**inputs).last_hidden_state
    return states
