"""The tokens of the pair that is read of a sample, and what of it gives way where they are too many."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from gatbert.batches.nodes import Ints
from gatbert.samples.pair_settings import AFTER_PAIR, Place, RenderedPair

Bools = npt.NDArray[np.bool_]

SPECIAL = -1
"""Sequence of special tokens."""

LEAST_FIRST = ("background", "context", "text")
"""What is cut, in this order, until the rest fits."""


@dataclass(frozen=True, eq=False)
class PairTokens:
    """Hold the tokens of one sample.

    Attributes:
        arrays: What the encoder is given of them, by name, each ``(tokens,)``.
        offsets: Start and end of each in the string of its sequence ``(tokens, 2)``.
        sequences: 0 or 1 in the pair, ``AFTER_PAIR``, or ``SPECIAL`` ``(tokens,)``.
        pair: The strings.
        cut: Placeholders of which something was cut.
    """

    arrays: Mapping[str, Ints]
    offsets: Ints
    sequences: Ints
    pair: RenderedPair
    cut: frozenset[str] = frozenset()

    def __len__(self) -> int:
        return len(self.sequences)

    def touch(self, place: Place) -> Bools:
        """Tell which tokens share a character with a place, or stand in it and for no character ``(tokens,)``."""
        starts, ends = self.offsets.T
        shares = (starts < place.end) & (ends > place.start)
        shares |= (starts == ends) & (starts >= place.start) & (starts <= place.end)
        touched: Bools = shares & (self.sequences == place.sequence)
        return touched

    def of(self, name: str) -> Bools:
        """Tell which tokens are those of a placeholder, and of none that matters more ``(tokens,)``."""
        found = np.zeros(len(self), np.bool_)
        if name in self.pair.places:
            found = self.touch(self.pair.places[name])
            for other in ("target", *reversed(LEAST_FIRST)):
                if other == name:
                    break
                if other in self.pair.places:
                    found &= ~self.touch(self.pair.places[other])
        return found

    def with_target_of(self, most: int) -> "PairTokens":
        """Return these tokens with the first ones of the target alone, at most so many."""
        gone = np.flatnonzero(self.of("target"))[most:]
        return self._without(gone, "target") if len(gone) else self

    def at_most(self, most: int) -> "PairTokens":
        """Return at most so many tokens, as far as without background, context and text there are no more.

        Background and text are cut from their ends; context from the end that is farther from the text.
        """
        tokens = self
        for name in LEAST_FIRST:
            excess = len(tokens) - most
            if excess <= 0:
                break
            own = np.flatnonzero(tokens.of(name))
            if name == "context" and len(own) and self.pair.places["context"] < self.pair.places["text"]:
                own = own[::-1]
            gone = own[max(len(own) - excess, 0) :]
            if len(gone) == len(own) > 0 and tokens.sequences[own[0]] == AFTER_PAIR:
                # The special token that ends it goes with it, where there is one.
                gone = np.arange(own[0], len(tokens))
            tokens = tokens._without(gone, name) if len(gone) else tokens
        return tokens

    def followed_by(self, input_ids: Ints, offsets: Ints) -> "PairTokens":
        """Return these tokens with those of what is read after the pair: they have the type of its end, and end alike.

        Args:
            input_ids: The tokens ``(others,)``.
            offsets: Start and end of each ``(others, 2)``.
        """
        last = self.sequences[-1:] if self.sequences[-1] == SPECIAL else self.sequences[:0]
        count = len(input_ids) + len(last)
        after = {name: np.repeat(values[-1:], count) for name, values in self.arrays.items()}
        after["input_ids"][: len(input_ids)] = input_ids
        return replace(
            self,
            arrays={name: np.concatenate([values, after[name]]) for name, values in self.arrays.items()},
            offsets=np.concatenate([self.offsets, offsets, np.zeros((len(last), 2), np.int64)]),
            sequences=np.concatenate([self.sequences, np.full(len(input_ids), AFTER_PAIR), last]),
        )

    def _without(self, tokens: Ints, name: str) -> "PairTokens":
        """Return all other tokens, and that a placeholder was cut."""
        return replace(
            self,
            arrays={key: np.delete(values, tokens) for key, values in self.arrays.items()},
            offsets=np.delete(self.offsets, tokens, axis=0),
            sequences=np.delete(self.sequences, tokens),
            cut=self.cut | {name},
        )
