"""What every source of knowledge promises: whole or not at all, the same each time, and a name for what is missing."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from gatbert.errors import UserError
from gatbert.knowledge import KnowledgeGraph
from gatbert.knowledge.build import build_graph
from gatbert.knowledge.sources import Sources, Triples, Wikidata5M
from gatbert.knowledge.sources.assertions import Choice
from gatbert.knowledge.sources.source import Source
from tests.knowledge.dump import CSKG, LINES, causal, write_dump, write_wikidata5m, write_wordnet


def write_text(path: Path, text: str) -> str:
    path.write_text(text)
    return str(path)


TRIPLES = "IsA\twind power\tenergy\nUsedFor\twind power\tlight\n"


MADE: Mapping[str, Callable[[Path], Any]] = {
    "conceptnet": lambda path: str(write_dump(path, LINES)),
    "wordnet": lambda path: str(write_wordnet(path)),
    "triples": lambda path: Triples(write_text(path, TRIPLES)),
    "aliases": lambda path: write_text(path, "FormOf\tPOTUS\tPresident of the United States\n"),
    "wikidata5m": lambda path: Wikidata5M(str(write_wikidata5m(path))),
    "causenet": lambda path: write_text(path, causal("smoking", "cancer")),
    "kgtk": lambda path: write_text(path, CSKG),
}
"""How a small source of each kind is made."""

CLASSES = [source for source in Source.__subclasses__() if source.__module__.startswith("gatbert.")]
SOURCES = [source.kind for source in CLASSES]


@pytest.fixture(params=SOURCES)
def given(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, Any]:
    """A source of each kind, as an argument of ``Sources``."""
    if request.param not in MADE:
        pytest.fail(f"tests/knowledge/sources/test_sources.py makes no source of the kind {request.param}")
    return {request.param: [MADE[request.param](tmp_path / "it's the source")]}


def test_all_sources_are_found() -> None:
    assert set(MADE) <= set(SOURCES)
    assert set(SOURCES) <= vars(Sources()).keys()


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


def test_an_empty_source_is_named_and_leaves_nothing(given: dict[str, Any], tmp_path: Path) -> None:
    made = tmp_path / "it's the source"
    for file in [made] if made.is_file() else list(made.iterdir()):
        file.write_bytes(b"")
    with pytest.raises(UserError, match="it's the source"):
        build_graph(tmp_path / "graph", Sources(**given))
    assert [path.name for path in tmp_path.iterdir()] == [made.name]


def test_a_source_says_what_it_is(given: dict[str, Any], tmp_path: Path) -> None:
    meta = KnowledgeGraph(build_graph(tmp_path / "graph", Sources(**given))).meta
    (described,) = meta.sources
    assert described["kind"] in given
    assert described["name"].endswith("it's the source")
    assert described["bytes"] > 0
    assert described["num_assertions"] >= meta.num_edges > 0


@pytest.mark.parametrize("kind", [source.kind for source in CLASSES if source.is_english])
def test_an_english_source_says_nothing_in_other_languages(tmp_path: Path, kind: str) -> None:
    other = Triples(write_text(tmp_path / "other.tsv", TRIPLES))
    english: dict[str, Any] = {kind: [MADE[kind](tmp_path / "english")]}
    given = Sources(triples=[other], **english)
    if kind == "aliases":
        graph = KnowledgeGraph(build_graph(tmp_path / "graph", given, Choice(languages=("de",))))
        assert graph.num_edges == 2
    else:
        with pytest.raises(UserError, match="english has no assertion that languages, relations and min_weight let"):
            build_graph(tmp_path / "graph", given, Choice(languages=("de",)))
    both = KnowledgeGraph(build_graph(tmp_path / "both", given, Choice(languages=("de", "en"))))
    assert {both.key(concept)[:3] for concept in range(len(both))} == {"de/", "en/"}


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
