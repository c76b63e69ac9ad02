"""Small graphs of which it is known what an embedding should find."""

from pathlib import Path

import pytest

from gatbert.knowledge import KnowledgeGraph
from tests.knowledge.dump import graph_of

STEPS = (1, 2, 3, 5, 7, 11)


@pytest.fixture
def circle(tmp_path: Path) -> KnowledgeGraph:
    """Concepts in a circle; each relation leads some steps on, so that every fact follows from others."""
    size = 60
    return graph_of(tmp_path, [(f"c{i}", f"On{step}", f"c{(i + step) % size}") for i in range(size) for step in STEPS])


@pytest.fixture
def mixed(tmp_path: Path) -> KnowledgeGraph:
    """Directed, symmetric and parallel facts, several answers to one question."""
    triples = [("a", "Causes", "b"), ("a", "Causes", "c"), ("b", "IsA", "c"), ("b", "Causes", "c"), ("c", "IsA", "b")]
    return graph_of(tmp_path, [*triples, ("a", "RelatedTo", "d"), ("d", "RelatedTo", "b"), ("e", "IsA", "a")])
