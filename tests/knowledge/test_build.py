"""A graph is built whole or not at all, from any sources, in any place."""

from pathlib import Path
from typing import Any

import pytest

from gatbert.errors import UserError
from gatbert.knowledge import KnowledgeGraph
from gatbert.knowledge.build import build_graph
from gatbert.knowledge.sources import Sources, Triples
from tests.knowledge.dump import LINES, assertion, write_dump, write_wordnet

ODD = 'it\'s "odd" [a] *b? {c} ünï %20; --x $(y)'


def test_any_character_may_stand_in_a_path(tmp_path: Path) -> None:
    folder = tmp_path / ODD
    folder.mkdir()
    lines = [assertion(f"en/wind_{n}", "IsA", "en/energy") for n in range(50)]
    for name in (f"{ODD}.csv", f"{ODD}.csv.gz", "[1].csv", "a*.csv"):
        write_dump(folder / name, lines)
    (folder / f"{ODD}.tsv").write_text("Is'A\tit's\tb\n")
    write_wordnet(folder / "di'ct")
    dumps = [str(folder / name) for name in (f"{ODD}.csv", f"{ODD}.csv.gz", "[1].csv", "a*.csv")]
    made = build_graph(
        folder / f"gr'aph {ODD}",
        Sources(dumps, [str(folder / "di'ct")], [Triples(str(folder / f"{ODD}.tsv"))], symmetric=["Is'A"]),
        memory_limit="1 GB",
        threads=1,
    )
    graph = KnowledgeGraph(made)
    assert graph.concept_id("it's") is not None
    assert [source["num_assertions"] for source in graph.meta.sources if source["kind"] == "conceptnet"] == [50] * 4


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"memory_limit": "1GB'; DROP TABLE x; --"}, "memory_limit .* is no size; accepted is such as 1GB"),
        ({"memory_limit": "much"}, "is no size"),
        ({"memory_limit": "-1"}, "is no size"),
        ({"memory_limit": "0GB"}, "is no size"),
        ({"memory_limit": ""}, "is no size"),
        ({"threads": 0}, "threads 0 is not accepted; accepted is 1 to 1024"),
        ({"threads": 10**9}, "threads 1000000000 is not accepted"),
    ],
)
def test_options_of_the_database_have_their_ranges(tmp_path: Path, options: dict[str, Any], words: str) -> None:
    dump = write_dump(tmp_path / "dump.csv", LINES)
    with pytest.raises(UserError, match=words):
        build_graph(tmp_path / "graph", Sources([str(dump)]), **options)
    assert not (tmp_path / "graph").exists()


def test_too_little_memory_is_one_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    dump = write_dump(tmp_path / "dump.csv", LINES)
    with pytest.raises(UserError, match="memory_limit 1MB is too little for these sources; nothing was written"):
        build_graph(tmp_path / "graph", Sources([str(dump)]), memory_limit="1MB")
    assert [path.name for path in tmp_path.iterdir()] == ["dump.csv"]


def test_the_same_sources_give_the_same_graph(tmp_path: Path, graph: KnowledgeGraph) -> None:
    triples = Triples(str(tmp_path / "triples.tsv"), ("head", "relation", "tail", "weight"))
    again = KnowledgeGraph(build_graph(tmp_path / "again", Sources(triples=[triples, triples])))
    assert again.checksum == graph.checksum
    assert again.meta.sources[0]["sha256"] == graph.meta.sources[0]["sha256"]


def test_an_existing_folder_stays_as_it_is(tmp_path: Path, graph: KnowledgeGraph) -> None:
    with pytest.raises(UserError, match="exists already"):
        build_graph(graph.folder, Sources(triples=[Triples(str(tmp_path / "triples.tsv"))]))
    with pytest.raises(UserError, match="no source"):
        build_graph(tmp_path / "other", Sources())
