"""What every source of knowledge promises: whole or not at all, the same each time, and a name for what is missing."""

from collections.abc import Callable, Mapping
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import pytest

from gatbert.errors import UserError
from gatbert.knowledge import KnowledgeGraph, sources
from gatbert.knowledge.build import build_graph
from gatbert.knowledge.sources import Triples
from tests.knowledge.dump import LINES, write_dump, write_wordnet


def write_triples(path: Path) -> Triples:
    path.write_text("IsA\twind power\tenergy\nUsedFor\twind power\tlight\n")
    return Triples(str(path))


MADE: Mapping[str, Callable[[Path], Any]] = {
    "conceptnet": lambda path: str(write_dump(path, LINES)),
    "wordnet": lambda path: str(write_wordnet(path)),
    "triples": write_triples,
}
"""How a small source of each kind is made."""

SOURCES = [one.name for one in iter_modules(sources.__path__) if hasattr(sources, f"add_{one.name}")]


@pytest.fixture(params=SOURCES)
def given(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, Any]:
    """A source of each kind, as an argument of ``build_graph``."""
    if request.param not in MADE:
        pytest.fail(f"tests/knowledge/sources/test_contract.py makes no source of the kind {request.param}")
    return {request.param: [MADE[request.param](tmp_path / "it's the source")]}


def test_all_sources_are_found() -> None:
    assert set(MADE) <= set(SOURCES)


def test_the_same_source_gives_the_same_graph(given: dict[str, Any], tmp_path: Path) -> None:
    one, other = (KnowledgeGraph(build_graph(tmp_path / name, **given)) for name in ("one", "other"))
    assert one.num_edges > 0
    assert one.checksum == other.checksum
    assert one.meta.sources == other.meta.sources
    assert [one.label(concept) for concept in range(len(one))] == [other.label(concept) for concept in range(len(one))]


def test_a_source_that_is_not_there_is_named_and_leaves_nothing(given: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "it's the source").rename(tmp_path / "elsewhere")
    with pytest.raises(UserError, match="it's the source"):
        build_graph(tmp_path / "graph", **given)
    assert [path.name for path in tmp_path.iterdir()] == ["elsewhere"]


def test_a_build_that_breaks_off_leaves_nothing(given: dict[str, Any], tmp_path: Path) -> None:
    def interrupted(step: str, done: float) -> None:
        raise KeyboardInterrupt

    before = sorted(tmp_path.iterdir())
    with pytest.raises(KeyboardInterrupt):
        build_graph(tmp_path / "graph", progress=interrupted, **given)
    assert sorted(tmp_path.iterdir()) == before
