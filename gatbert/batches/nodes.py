"""How the nodes of several samples are numbered together, when they are encoded and when they are packed."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.integer[Any]]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Nodes:
    """Number the nodes of several samples: the tokens of the first, its concepts, the tokens of the second, and so on.

    Attributes:
        num_tokens: How many tokens each sample has ``(samples,)``.
        sizes: How many nodes it has, tokens and concepts ``(samples,)``.
        starts: Its first node, which is the encoder's first token ``(samples,)``.
        position: Position of each node in its sample ``(nodes,)``.
        is_token: Whether it is a token ``(nodes,)``.
    """

    num_tokens: Ints
    sizes: Ints
    starts: Ints
    position: Ints
    is_token: Bools

    @classmethod
    def from_counts(cls, num_tokens: Ints, num_concepts: Ints) -> "Nodes":
        """Number the nodes of samples that have so many tokens and concepts, both ``(samples,)``."""
        # (samples,)
        sizes = num_tokens + num_concepts
        starts = np.cumsum(sizes) - sizes
        # (nodes,)
        position = np.arange(sizes.sum()) - np.repeat(starts, sizes)
        return cls(num_tokens, sizes, starts, position, position < np.repeat(num_tokens, sizes))
