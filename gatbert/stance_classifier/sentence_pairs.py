"""Target and text as a sentence pair: what the preprocessors of all classifiers share."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from transformers import BatchEncoding
from transformers import PreTrainedTokenizerBase as Tokenizer

from gatbert.batches import Preprocessor
from gatbert.batches.nodes import Ints
from gatbert.errors import UserError
from gatbert.samples import Sample


class SentencePairPreprocessor(Preprocessor):
    """Tokenize target and text as a sentence pair; what does not fit is cut from the end of the text.

    Args:
        tokenizer: Fast tokenizer of the encoder.
        max_length: Most tokens of a sentence pair, special ones included; ``None`` for the tokenizer's own limit.
    """

    def __init__(self, tokenizer: Tokenizer, max_length: int | None = None) -> None:
        limit = tokenizer.model_max_length
        if max_length is not None and max_length > limit:
            raise UserError(f"max_length {max_length} is more than the tokenizer's limit of {limit} tokens")
        self.tokenizer = tokenizer
        # A tokenizer without a limit says so by a number near 1e30, which its Rust side cannot take.
        self.max_length = max_length if max_length is not None else min(limit, 512)
        self.mask_token = tokenizer.mask_token or tokenizer.unk_token or tokenizer.pad_token

    def settings(self) -> Mapping[str, Any]:
        """Return the tokenizer's whole definition and the length limit."""
        return {"tokenizer": self.tokenizer.backend_tokenizer.to_str(), "max_length": self.max_length}

    def tokenize(self, samples: Sequence[Sample], with_offsets: bool = False) -> BatchEncoding:
        """Tokenize targets and texts in one call of the fast tokenizer.

        Args:
            samples: At least one sample.
            with_offsets: Whether to say which characters each token stands for.

        Raises:
            UserError: If a target leaves no room for its text.
        """
        self._check_targets(samples)
        encoding: BatchEncoding = self.tokenizer(
            [sample.target for sample in samples],
            [sample.text for sample in samples],
            truncation="only_second",
            max_length=self.max_length,
            return_attention_mask=False,
            return_offsets_mapping=with_offsets,
            verbose=False,
        )
        return encoding

    def subwords(self, phrases: Sequence[str]) -> Iterator[Ints]:
        """Return the tokens of each of some phrases, each ``(subwords,)``, one at least."""
        # A phrase is tokenized as it would be within a text: after a space.
        ids = self.tokenizer([f" {phrase}" for phrase in phrases], add_special_tokens=False, verbose=False)
        unknown = self.tokenizer.convert_tokens_to_ids([self.tokenizer.unk_token or self.tokenizer.pad_token])
        return (np.asarray(pieces or unknown, np.int32) for pieces in ids["input_ids"])

    def background_pieces(self, samples: Sequence[Sample]) -> list[list[Ints]]:
        """Return the tokens of each piece of the background that is read after each sample: none."""
        return [[] for _ in samples]

    def background_room(self, num_tokens: int) -> int:
        """Return how many tokens of a background fit after a sentence pair, and before the special token at its end."""
        return max(0, self.max_length - num_tokens - 1)

    @staticmethod
    def is_cut(encoding: BatchEncoding) -> list[bool]:
        """Tell of each sentence pair whether the end of its text did not fit."""
        return [bool(sentence_pair.overflowing) for sentence_pair in encoding.encodings or []]

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
