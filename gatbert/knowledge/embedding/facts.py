"""The facts of a graph, and which of them are known."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from gatbert.errors import UserError
from gatbert.knowledge import KnowledgeGraph
from gatbert.knowledge.arrays import positions_in_rows
from gatbert.samples.relations import FIRST_RELATION

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Facts:
    """Facts of a graph, each once.

    Attributes:
        heads: Concept ids ``(facts,)``, int64.
        relations: Positions among the forward relations ``(facts,)``, int64.
        tails: Concept ids ``(facts,)``, int64.
    """

    heads: Tensor
    relations: Tensor
    tails: Tensor

    def __len__(self) -> int:
        return len(self.heads)

    def select(self, index: Tensor) -> "Facts":
        """Return some of the facts."""
        return Facts(self.heads[index], self.relations[index], self.tails[index])


def graph_facts(graph: KnowledgeGraph) -> Facts:
    """Return the facts of a graph, without the reverses of its directed relations."""
    # (edges,): every edge stands at both of its ends
    around = graph.neighbours(np.arange(len(graph)))
    relation_ids = around.relation_ids.astype(np.int64)
    forward = ~graph.relations.is_reverse()[relation_ids]
    # A symmetric relation is its own reverse: its facts stand at both ends.
    twice = graph.relations.reverse_ids()[relation_ids] == relation_ids
    kept = forward & (~twice | (around.source <= around.neighbours))
    # (facts,)
    columns = around.source[kept], relation_ids[kept] - FIRST_RELATION, around.neighbours[kept].astype(np.int64)
    return Facts(*map(torch.from_numpy, columns))


def split_facts(facts: Facts, num_held_out: int) -> tuple[Facts, Facts, Facts]:
    """Draw the facts for training, validation and test, by the global random state of torch.

    Args:
        facts: All facts.
        num_held_out: Facts for validation, and as many for the test; at most a twentieth of all.

    Raises:
        UserError: If the facts are so few that none would be held out.
    """
    total = len(facts)
    held_out = min(num_held_out, total // 20)
    if not held_out:
        raise UserError(f"the graph has {total} facts, too few to hold some out; accepted is 20 or more")
    val, test, train = torch.split(torch.randperm(total), [held_out, held_out, total - 2 * held_out])
    return facts.select(train), facts.select(val), facts.select(test)


class KnownFacts:
    """Look up which concepts make a fact together with one end and a relation.

    Args:
        facts: All facts.
        num_concepts: Number of concepts.
    """

    def __init__(self, facts: Facts, num_concepts: int) -> None:
        self.num_concepts = num_concepts
        heads, relations, tails = (column.numpy() for column in (facts.heads, facts.relations, facts.tails))
        self._tails = _Index(self._keys(heads, relations), tails)
        self._heads = _Index(self._keys(tails, relations), heads)

    def answers(self, known: Ints, relations: Ints, find_tails: bool) -> tuple[Ints, Ints]:
        """Return the position of a query, and a concept that answers it, for all answers; both ``(answers,)``.

        Args:
            known: Known end of each query ``(queries,)``.
            relations: Its relation ``(queries,)``.
            find_tails: Whether the known ends are heads.
        """
        return (self._tails if find_tails else self._heads).lookup(self._keys(known, relations))

    def _keys(self, ends: Ints, relations: Ints) -> Ints:
        """Return one number for each end and relation: no two have the same."""
        return relations * self.num_concepts + ends


class _Index:
    """Find the values of a key, of which it may have several or none.

    Args:
        keys: Key of each value ``(values,)``.
        values: The values ``(values,)``.
    """

    def __init__(self, keys: Ints, values: Ints) -> None:
        order = np.argsort(keys, kind="stable")
        self.keys, self.values = keys[order], values[order]

    def lookup(self, keys: Ints) -> tuple[Ints, Ints]:
        """Return the position of a key, and one of its values, for all values of all keys; both ``(found,)``."""
        # (keys,): where the values of each begin and end
        starts, ends = np.searchsorted(self.keys, keys, "left"), np.searchsorted(self.keys, keys, "right")
        counts = ends - starts
        # (found,)
        return np.repeat(np.arange(len(keys)), counts), self.values[positions_in_rows(starts, counts)]
