"""The classifier that reads target and text, and no graph."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pad_sequence
from transformers import PreTrainedModel
from transformers import PreTrainedTokenizerBase as Tokenizer

from gatbert.batches import Batch, Encoded, Preprocessor, collate_indices
from gatbert.errors import UserError
from gatbert.samples import Sample
from gatbert.stance_classifier.base import StanceClassifier


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


class TextPreprocessor(Preprocessor):
    """Encode target and text as a sentence pair; what does not fit is cut from the end of the text.

    Args:
        tokenizer: Fast tokenizer of the encoder.
        max_length: Most tokens of a pair, special ones included; ``None`` for the tokenizer's own limit.
    """

    def __init__(self, tokenizer: Tokenizer, max_length: int | None = None) -> None:
        limit = tokenizer.model_max_length
        if max_length is not None and max_length > limit:
            raise UserError(f"max_length {max_length} is more than the tokenizer's limit of {limit} tokens")
        self.tokenizer = tokenizer
        # A tokenizer without a limit says so by a number near 1e30, which its Rust side cannot take.
        self.max_length = max_length if max_length is not None else min(limit, 512)
        self.mask_token = tokenizer.mask_token or tokenizer.unk_token

    def settings(self) -> Mapping[str, Any]:
        """Return the tokenizer's whole definition and the length limit."""
        return {"tokenizer": self.tokenizer.backend_tokenizer.to_str(), "max_length": self.max_length}

    def encode(self, samples: Sequence[Sample]) -> list[Encoded]:
        """Encode samples in one call of the fast tokenizer.

        Raises:
            UserError: If a target leaves no room for its text.
        """
        if not samples:
            return []
        self._check_targets(samples)
        encoding = self.tokenizer(
            [sample.target for sample in samples],
            [sample.text for sample in samples],
            truncation="only_second",
            max_length=self.max_length,
            return_attention_mask=False,
            verbose=False,
        )
        rows = (
            {name: np.asarray(values[i], np.int32) for name, values in encoding.items()} for i in range(len(samples))
        )
        return [Encoded(row, size=len(row["input_ids"])) for row in rows]

    def collate(self, encoded: Sequence[Encoded]) -> TextBatch:
        """Pad to the longest pair of the batch."""
        lengths = torch.tensor([item.size for item in encoded])
        mask = torch.arange(int(lengths.max())) < lengths[:, None]
        types = self._pad(encoded, "token_type_ids", 0) if "token_type_ids" in encoded[0].arrays else None
        return TextBatch(
            **collate_indices(encoded),
            input_ids=self._pad(encoded, "input_ids", self.tokenizer.pad_token_id),
            attention_mask=mask.to(torch.int64),
            token_type_ids=types,
        )

    @staticmethod
    def _pad(encoded: Sequence[Encoded], name: str, value: int) -> Tensor:
        rows = [torch.from_numpy(item.arrays[name].astype(np.int64)) for item in encoded]
        return pad_sequence(rows, batch_first=True, padding_value=value)

    def _check_targets(self, samples: Sequence[Sample]) -> None:
        """Refuse targets that fill the whole input: the tokenizer would fail, or cut them."""
        targets = sorted({sample.target for sample in samples})
        room = self.max_length - self.tokenizer.num_special_tokens_to_add(pair=True)
        lengths = map(len, self.tokenizer(targets, add_special_tokens=False, verbose=False)["input_ids"])
        too_long = {target: length for target, length in zip(targets, lengths, strict=True) if length >= room}
        for sample in samples:
            if sample.target in too_long:
                raise UserError(
                    f"sample {sample.id}: its target has {too_long[sample.target]} tokens, which leaves no room for "
                    f"the text in max_length {self.max_length}; raise max_length or shorten the target"
                )


class TextClassifier(StanceClassifier):
    """Classify from the text alone, with any Hugging Face encoder over the pair (target, text).

    Args:
        encoder: Pretrained text encoder.
        num_stances: Size of the label set.
        pooling: State that goes to the head: the first token's, or the mean over all tokens.
        head_dropout: Dropout probability before the linear head, 0 to 1.
    """

    def __init__(
        self,
        encoder: PreTrainedModel,
        num_stances: int,
        pooling: Literal["first", "mean"] = "first",
        head_dropout: float = 0.1,
    ) -> None:
        super().__init__(encoder, num_stances)
        self.pooling = pooling
        self.dropout = nn.Dropout(head_dropout)
        self.head = nn.Linear(encoder.config.hidden_size, num_stances)

    @staticmethod
    def preprocessor(tokenizer: Tokenizer, max_length: int | None = None) -> TextPreprocessor:
        """Build the preprocessor; see ``TextPreprocessor``."""
        return TextPreprocessor(tokenizer, max_length)

    def forward(self, batch: TextBatch) -> Tensor:
        """Return logits ``(batch, stances)``."""
        inputs = {"input_ids": batch.input_ids, "attention_mask": batch.attention_mask}
        if batch.token_type_ids is not None:
            inputs["token_type_ids"] = batch.token_type_ids
        states = self.encoder(**inputs).last_hidden_state
        return self.head(self.dropout(self._pool(states, batch.attention_mask)))  # type: ignore[no-any-return]

    def _pool(self, states: Tensor, attention_mask: Tensor) -> Tensor:
        if self.pooling == "first":
            return states[:, 0]
        weights = attention_mask.to(states.dtype).unsqueeze(-1)
        return (states * weights).sum(1) / weights.sum(1)
