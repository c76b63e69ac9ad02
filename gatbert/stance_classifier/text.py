"""The classifier that reads target and text, maybe context and background, and no graph."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pad_sequence
from transformers import PreTrainedModel
from transformers import PreTrainedTokenizerBase as Tokenizer

from gatbert.batches import Batch, Encoded, collate_indices
from gatbert.errors import UserError
from gatbert.nn.encoder_parts import reads_left_to_right
from gatbert.nn.head import build_head
from gatbert.pretrained.nli_head import NliHead
from gatbert.ranges import Dropout, PositiveInt
from gatbert.samples import Sample
from gatbert.samples.pair_settings import PairSettings
from gatbert.stance_classifier.base import StanceClassifier
from gatbert.stance_classifier.readout import Readout
from gatbert.stance_classifier.sentence_pairs import SentencePairPreprocessor


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
    """Encode what is read of a sample as text alone; arguments as in ``SentencePairPreprocessor``."""

    def __init__(self, tokenizer: Tokenizer, max_length: int | None = None, pair: PairSettings | None = None) -> None:
        super().__init__(tokenizer, max_length, pair)
        self.max_concepts = self.max_length if self.pair.reads_concepts else None  # a concept has a token at least

    def encode(self, samples: Sequence[Sample]) -> list[Encoded]:
        """Encode samples; errors as in ``tokenize``."""
        tokens = self.tokenize(samples)
        self.log_cuts(tokens)
        return [Encoded(one.arrays, size=len(one), cut="text" in one.cut) for one in tokens]

    def collate(self, encoded: Sequence[Encoded]) -> TextBatch:
        """Pad to the longest sample of the batch."""
        return TextBatch(**collate_sentence_pairs(encoded, self.tokenizer.pad_token_id))


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
        pooling: State that goes to the head: the first token's, the last one's, or the mean over all tokens; with nli,
            the head is that of the pretrained model, which was trained for natural language inference, with its own
            pooling and dropout.
        head_dropout: Dropout probability before each layer of the head, 0 to less than 1.
        head_layers: Layers of the head: 1 is linear, more have GELU between them.
        head_hidden_size: Size between layers of the head; by default that of what it reads.
    """

    preprocessor = TextPreprocessor

    def __init__(
        self,
        encoder: PreTrainedModel,
        num_stances: int,
        pooling: Literal["first", "last", "mean", "nli"] = "first",
        head_dropout: Dropout = 0.1,
        head_layers: PositiveInt = 1,
        head_hidden_size: PositiveInt | None = None,
    ) -> None:
        super().__init__(encoder, num_stances)
        if pooling in ("first", "nli"):
            refuse_first_of_decoder(encoder, "last or mean")
        self.pooling = pooling
        self.dropout = nn.Dropout(head_dropout)
        if pooling == "nli" and (head_layers > 1 or head_hidden_size is not None):
            raise UserError("pooling nli keeps the pretrained head; leave head_layers and head_hidden_size out")
        sizes = (num_stances, head_layers, head_hidden_size, head_dropout)
        self.head = (
            NliHead(encoder.config, num_stances) if pooling == "nli" else build_head(encoder.config.hidden_size, *sizes)
        )

    def forward(self, batch: TextBatch) -> Tensor:
        """Return logits ``(batch, stances)``."""
        states = encode_text(self.encoder, batch)
        if self.pooling == "nli":
            return self.head(states, batch.attention_mask)  # type: ignore[no-any-return]
        vector = states[:, 0] if self.pooling == "first" else mean_of_tokens(states, self._tokens_read(batch))
        return self.head(self.dropout(vector))  # type: ignore[no-any-return]

    def readout(self, batch: TextBatch) -> list[Readout]:
        """Return that the head reads the first token, the last one, or the mean over all."""
        return [Readout(self._tokens_read(batch).unsqueeze(0), self.encoder)]

    def _tokens_read(self, batch: TextBatch) -> Tensor:
        """Return of which tokens the head reads the mean ``(batch, tokens)``, 1 or true on these."""
        if self.pooling == "mean":
            return batch.attention_mask
        return last_tokens(batch) if self.pooling == "last" else first_tokens(batch)


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
            f"the family {encoder.config.model_type!r} reads from left to right, and its first token, which the head "
            f"would read, knows nothing of the text; give --model.pooling {others}"
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
