"""A small graph, built once and copied for each test that may spoil it."""

import shutil
from pathlib import Path

import pytest

from gatbert.knowledge import KnowledgeGraph
from tests.knowledge.dump import TRIPLES, graph_of


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the graph of ``TRIPLES``, and the file that it was built from."""
    folder = tmp_path_factory.mktemp("graph")
    graph_of(folder, TRIPLES)
    return folder


@pytest.fixture
def graph(built: Path, tmp_path: Path) -> KnowledgeGraph:
    """The graph of ``TRIPLES``."""
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    return KnowledgeGraph(tmp_path / "graph")
