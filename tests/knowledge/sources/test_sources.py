"""What every source of knowledge promises: whole or not at all, the same each time, and a name for what is missing."""

from collections.abc import Callable, Mapping
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import pytest

from gatbert.errors import UserError
from gatbert.knowledge import KnowledgeGraph, sources
from gatbert.knowledge.build import build_graph
from gatbert.knowledge.sources import Sources, Triples
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
    """A source of each kind, as an argument of ``Sources``."""
    if request.param not in MADE:
        pytest.fail(f"tests/knowledge/sources/test_sources.py makes no source of the kind {request.param}")
    return {request.param: [MADE[request.param](tmp_path / "it's the source")]}


def test_all_sources_are_found() -> None:
    assert set(MADE) <= set(SOURCES)


def test_the_same_source_gives_the_same_graph(given: dict[str, Any], tmp_path: Path) -> None:
    one, other = (KnowledgeGraph(build_graph(tmp_path / name, Sources(**given))) for name in ("one", "other"))
    assert one.num_edges > 0
    assert one.checksum == other.checksum
    assert one.meta.sources == other.meta.sources
    assert [one.label(concept) for concept in range(len(one))] == [other.label(concept) for concept in range(len(one))]


def test_a_source_that_is_not_there_is_named_and_leaves_nothing(given: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "it's the source").rename(tmp_path / "elsewhere")
    with pytest.raises(UserError, match="it's the source"):
        build_graph(tmp_path / "graph", Sources(**given))
    assert [path.name for path in tmp_path.iterdir()] == ["elsewhere"]


def test_a_build_that_breaks_off_leaves_nothing(given: dict[str, Any], tmp_path: Path) -> None:
    def interrupted(step: str, done: float) -> None:
        raise KeyboardInterrupt

    before = sorted(tmp_path.iterdir())
    with pytest.raises(KeyboardInterrupt):
        build_graph(tmp_path / "graph", Sources(**given), progress=interrupted)
    assert sorted(tmp_path.iterdir()) == before


def test_sources_together_may_not_have_more_relations(tmp_path: Path) -> None:
    sources = []
    for name in "ab":
        (tmp_path / name).write_text("".join(f"{name}{n % 600}\tx{n}\ty{n}\n" for n in range(1300)))
        sources.append(Triples(str(tmp_path / name)))
    with pytest.raises(UserError, match=r"1,200 different relations, such as 'a0', .* more than max_relations 1,000"):
        build_graph(tmp_path / "graph", Sources(triples=sources))


def test_a_wrong_source_is_refused_before_another_is_read(tmp_path: Path) -> None:
    dump = write_dump(tmp_path / "dump.csv", LINES)
    steps: list[str] = []
    (tmp_path / "t.tsv").write_text("IsA\ta\n")
    for given, words in (
        (Sources([str(dump)], triples=[Triples(str(tmp_path / "t.tsv"))]), r"t\.tsv:1: 2 columns"),
        (Sources([str(dump)], triples=[Triples(str(tmp_path / "nowhere.tsv"))]), r"nowhere\.tsv does not exist"),
        (Sources([str(dump)], wordnet=[str(tmp_path)]), r"data\.noun is missing"),
    ):
        with pytest.raises(UserError, match=words):
            build_graph(tmp_path / "graph", given, progress=lambda what, _: steps.append(what))
    assert steps == []
