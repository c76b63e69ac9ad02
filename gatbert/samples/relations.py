"""The relation vocabulary of a graph: names, directions and ids."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from gatbert.errors import UserError

PADDING = 0
TOKEN_TOKEN = 1
WORD_CONCEPT = 2
FIRST_RELATION = 3

MOST_RELATIONS = 16_000
"""With their reverses, these fit into the 16 bits that an edge has for its relation."""

SYMMETRIC = frozenset(
    {"Antonym", "DistinctFrom", "EtymologicallyRelatedTo", "LocatedNear", "RelatedTo", "SimilarTo", "Synonym"}
)
"""Relations of ConceptNet without a direction (https://github.com/commonsense/conceptnet5/wiki/Relations)."""


@dataclass(frozen=True)
class Relations:
    """Number relations: 0 padding, 1 token-token, 2 word-concept, then forward, then the reverses of directed ones.

    Attributes:
        names: Names of the forward relations, in the order of their ids.
        symmetric: Those of ``names`` that have no direction, and so no reverse of their own.
    """

    names: tuple[str, ...]
    symmetric: frozenset[str] = frozenset()
    _directed: tuple[str, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if len(self.names) > MOST_RELATIONS or len(set(self.names)) < len(self.names) or self.symmetric - {*self.names}:
            raise UserError(
                f"{len(self.names)} relations: no vocabulary; accepted are at most {MOST_RELATIONS} different names, "
                "and symmetric ones of them"
            )
        object.__setattr__(self, "_directed", tuple(name for name in self.names if name not in self.symmetric))

    def __len__(self) -> int:
        """Return how many ids there are, the three reserved ones included."""
        return FIRST_RELATION + len(self.names) + len(self._directed)

    def id(self, name: str) -> int:
        """Return the id of a forward relation."""
        return FIRST_RELATION + self.names.index(name)

    def is_reverse(self) -> npt.NDArray[np.bool_]:
        """Tell of each id whether it is the reverse of a directed relation ``(relations,)``."""
        return np.arange(len(self)) >= FIRST_RELATION + len(self.names)

    def reverse_ids(self) -> npt.NDArray[np.int16]:
        """Return the id of the reverse of each id ``(relations,)``; a symmetric relation is its own reverse."""
        forward = np.arange(len(self), dtype=np.int16)
        reverse = forward.copy()
        for offset, name in enumerate(self._directed):
            there, back = self.id(name), FIRST_RELATION + len(self.names) + offset
            reverse[there], reverse[back] = back, there
        return reverse

    def labels(self) -> list[str]:
        """Return a name for every id; reverses end in ``^-1``."""
        reserved = ["padding", "token-token", "word-concept"]
        return [*reserved, *self.names, *(f"{name}^-1" for name in self._directed)]

    def begin_with(self, others: "Relations") -> bool:
        """Tell whether each id of other relations has the same label here."""
        return self.labels()[: len(others)] == others.labels()


def vocabulary(names: Sequence[str], symmetric: Sequence[str] = ()) -> Relations:
    """Return the vocabulary of a graph.

    Args:
        names: Relation names, in any order, repeats allowed.
        symmetric: Names without a direction, beside those of ConceptNet that are known to have none.
    """
    known = sorted(set(names))
    return Relations(tuple(known), frozenset(known) & (SYMMETRIC | set(symmetric)))
