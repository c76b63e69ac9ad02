"""Target and text as a pair: what the preprocessors of all classifiers share."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from transformers import PreTrainedTokenizerBase as Tokenizer

from gatbert.batches import Preprocessor
from gatbert.batches.nodes import Ints
from gatbert.errors import UserError
from gatbert.files.records import to_plain
from gatbert.samples import Sample
from gatbert.samples.pair_settings import PairSettings, RenderedPair
from gatbert.stance_classifier.pair_tokens import SPECIAL, PairTokens

CHUNK = 256
"""Samples that are tokenized together."""

TOKEN_ARRAYS = ("input_ids", "token_type_ids")
"""What is taken from the tokenizer as it is."""

logger = logging.getLogger("gatbert")


class SentencePairPreprocessor(Preprocessor):
    """Tokenize what is read of a sample; if it does not fit, background, context and text are cut, in this order.

    Of the default templates and a background it makes ``[CLS] target [SEP] text [SEP] background [SEP]``, with the
    special tokens of the tokenizer.

    Args:
        tokenizer: Fast tokenizer of the encoder.
        max_length: Most tokens of a sample, special ones included; ``None`` for the tokenizer's own limit.
        pair: What is read of a sample; by default target and text.
    """

    def __init__(self, tokenizer: Tokenizer, max_length: int | None = None, pair: PairSettings | None = None) -> None:
        limit = tokenizer.model_max_length
        if max_length is not None and max_length > limit:
            raise UserError(f"max_length {max_length} is more than the tokenizer's limit of {limit} tokens")
        self.tokenizer = tokenizer
        # A tokenizer without a limit says so by a number near 1e30, which its Rust side cannot take.
        self.max_length = max_length if max_length is not None else min(limit, 512)
        self.mask_token = tokenizer.mask_token or tokenizer.unk_token or tokenizer.pad_token
        self.pair = pair or PairSettings()

    def settings(self) -> Mapping[str, Any]:
        """Return the tokenizer's whole definition, the length limit, and what is read of a sample."""
        whole = self.tokenizer.backend_tokenizer.to_str()
        return {"tokenizer": whole, "max_length": self.max_length, "pair": to_plain(self.pair)}

    def tokenize(self, samples: Sequence[Sample]) -> list[PairTokens]:
        """Tokenize samples, many in one call of the fast tokenizer.

        Raises:
            UserError: If a target leaves no room for its text, or a sample has no such background.
        """
        found: list[PairTokens] = []
        for start in range(0, len(samples), CHUNK):
            found += self._tokenize_chunk(samples[start : start + CHUNK])
        return found

    def log_cuts(self, tokens: Sequence[PairTokens]) -> None:
        """Say how many backgrounds and contexts were cut, if any were."""
        for name, remains in (("background", "what is most important"), ("context", "what is nearest to the text")):
            if num_cut := sum(name in one.cut for one in tokens):
                logger.warning(
                    "%d of %d %ss do not fit into max_length %d: %s is read",
                    *(num_cut, len(tokens), name, self.max_length, remains),
                )

    def subwords(self, phrases: Sequence[str]) -> Iterator[Ints]:
        """Return the tokens of each of some phrases, each ``(subwords,)``, one at least."""
        # A phrase is tokenized as it would be within a text: after a space.
        ids = self.tokenizer([f" {phrase}" for phrase in phrases], add_special_tokens=False, verbose=False)
        unknown = self.tokenizer.convert_tokens_to_ids([self.tokenizer.unk_token or self.tokenizer.pad_token])
        return (np.asarray(pieces or unknown, np.int32) for pieces in ids["input_ids"])

    def _tokenize_chunk(self, samples: Sequence[Sample]) -> Iterator[PairTokens]:
        """Tokenize some samples together, and cut what does not fit."""
        pairs = [self.pair.rendered(sample) for sample in samples]
        whole = self._with_what_follows(self._tokens(pairs))
        for sample, tokens in zip(samples, whole, strict=True):
            if self.pair.max_target_length is not None:
                tokens = tokens.with_target_of(self.pair.max_target_length)
            self._check_room(sample, tokens)
            yield tokens.at_most(self.max_length)

    def _tokens(self, pairs: Sequence[RenderedPair]) -> list[PairTokens]:
        """Return all tokens of some pairs."""
        encoding = self.tokenizer(
            [pair.first for pair in pairs],
            [pair.second for pair in pairs] if self.pair.second else None,
            return_attention_mask=False,
            return_offsets_mapping=True,
            verbose=False,
        )
        names = [name for name in TOKEN_ARRAYS if name in encoding]
        return [
            PairTokens(
                arrays={name: np.asarray(encoding[name][index], np.int32) for name in names},
                offsets=np.asarray(encoding["offset_mapping"][index], np.int64).reshape(-1, 2),
                sequences=np.array([SPECIAL if s is None else s for s in encoding.sequence_ids(index)]),
                pair=pair,
            )
            for index, pair in enumerate(pairs)
        ]

    def _with_what_follows(self, tokens: list[PairTokens]) -> list[PairTokens]:
        """Return the tokens of pairs with those of what is read after them."""
        followed = [index for index, one in enumerate(tokens) if one.pair.after]
        if not followed:
            return tokens
        # As within a text: after a space, which is no character of what follows.
        after = self.tokenizer(
            [f" {tokens[index].pair.after}" for index in followed],
            add_special_tokens=False,
            return_offsets_mapping=True,
            verbose=False,
        )
        whole = list(tokens)
        for index, ids, offsets in zip(followed, after["input_ids"], after["offset_mapping"], strict=True):
            shifted = np.maximum(np.asarray(offsets, np.int64).reshape(-1, 2) - 1, 0)
            whole[index] = tokens[index].followed_by(np.asarray(ids, np.int32), shifted)
        return whole

    def _check_room(self, sample: Sample, tokens: PairTokens) -> None:
        """Refuse a target that fills the whole input: nothing of the text could be read."""
        if len(tokens) < self.max_length:
            return
        least = tokens.at_most(0)
        if len(least) >= self.max_length:
            raise UserError(
                f"sample {sample.id}: its target has {np.count_nonzero(tokens.of('target'))} tokens, which leaves no "
                f"room for the text in max_length {self.max_length}; raise max_length, shorten the target, or give "
                "max_target_length"
            )
