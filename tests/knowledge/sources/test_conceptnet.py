"""ConceptNet's dump: what is read of it, and the one sentence that each mistake in it gets."""

import gzip
from pathlib import Path

import pytest

from gatbert.errors import UserError
from gatbert.knowledge import KnowledgeGraph
from gatbert.knowledge.build import build_graph
from gatbert.knowledge.sources import Sources
from gatbert.knowledge.sources.assertions import Choice
from tests.knowledge.dump import LINES, assertion, edges, write_dump


def build(tmp_path: Path, lines: list[str], name: str = "dump.csv", choice: Choice | None = None) -> KnowledgeGraph:
    dump = write_dump(tmp_path / name, lines)
    return KnowledgeGraph(build_graph(tmp_path / "graph", Sources([str(dump)]), choice=choice))


@pytest.mark.parametrize("name", ["dump.csv", "dump.csv.gz"])
def test_conceptnet_folds_senses_and_keeps_the_greatest_weight(tmp_path: Path, name: str) -> None:
    assert edges(build(tmp_path, LINES, name)) == {
        ("en/wind_power", "IsA", "en/energy", 2.0),
        ("en/test", "dbpedia/genre", "en/exam", 0.5),
    }


def test_conceptnet_can_keep_senses_languages_and_self_loops(tmp_path: Path) -> None:
    graph = build(tmp_path, LINES, choice=Choice(keep_senses=True, languages=("fr", "en"), keep_self_loops=True))
    found = {(head, name, tail) for head, name, tail, _ in edges(graph)}
    assert ("en/wind_power/n", "IsA", "en/energy/n/wn/phenomenon") in found
    assert ("fr/éolienne", "IsA", "fr/énergie") in found
    assert len(graph.meta.num_edges_by_relation) == 3
    assert graph.num_edges == len(LINES)
    assert graph.concept_id("eolienne") == graph.concept_id("Éolienne") is not None


@pytest.mark.parametrize(
    ("choice", "relations"),
    [
        (Choice(keep_relations=("IsA",)), {"IsA"}),
        (Choice(drop_relations=("IsA",)), {"dbpedia/genre"}),
        (Choice(min_weight=1.5), {"IsA"}),
    ],
)
def test_choices_are_heeded(tmp_path: Path, choice: Choice, relations: set[str]) -> None:
    assert {name for _, name, _, _ in edges(build(tmp_path, LINES, choice=choice))} == relations


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("/a/x\t/r/IsA\t/c/en/a\t/c/en/b", ":3: 4 columns instead of 5"),
        (assertion("en/a", "IsA", "en/b").replace("{", "{{"), ":3: the last column is no JSON object with a weight"),
        (assertion("en/a", "IsA", "en/b").replace('"weight"', '"wait"'), ":3: the last column is no JSON object"),
        ("a\tb\tc\td\te\tf", ":3: 6 columns instead of 5"),
    ],
)
def test_wrong_lines_of_conceptnet_are_named(tmp_path: Path, wrong: str, words: str) -> None:
    with pytest.raises(UserError, match=words):
        build(tmp_path, [*LINES[:2], wrong, *LINES[2:]])
    assert not (tmp_path / "graph").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["dump.csv"]


def test_a_cut_gzip_file_is_named(tmp_path: Path) -> None:
    whole = gzip.compress("".join(f"{line}\n" for line in LINES * 500).encode())
    dump = tmp_path / "dump.csv.gz"
    dump.write_bytes(whole[: len(whole) - 30])
    with pytest.raises(UserError, match=r"dump\.csv\.gz:\d+: the gzip file is cut short"):
        build_graph(tmp_path / "graph", Sources([str(dump)]))
    assert [path.name for path in tmp_path.iterdir()] == ["dump.csv.gz"]


def test_bytes_that_are_not_utf8_are_named(tmp_path: Path) -> None:
    dump = tmp_path / "dump.csv"
    dump.write_bytes("\n".join(LINES).encode("latin-1"))
    with pytest.raises(UserError, match=r"dump\.csv:5: byte 0xe9 is not UTF-8"):
        build_graph(tmp_path / "graph", Sources([str(dump)]))


def test_a_language_that_is_not_there_lists_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"no concept in de; its languages are en, fr"):
        build(tmp_path, LINES, choice=Choice(languages=("de",)))


@pytest.mark.real_data
def test_the_real_assertions_are_read_exactly(data_folder: Path, tmp_path: Path) -> None:
    path = data_folder / "conceptnet" / "assertions_sample" / "assertions_assertions.csv"
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    assert len(rows) == 764
    wanted = {
        (row[2][3:].split("/")[1], row[1][3:], row[3][3:].split("/")[1])
        for row in rows
        if row[2].startswith("/c/en/") and row[3].startswith("/c/en/")
    }
    graph = KnowledgeGraph(build_graph(tmp_path / "graph", Sources([str(path)]), choice=Choice(keep_self_loops=True)))
    symmetric = graph.relations.symmetric
    unordered = {(*sorted((h, t)), r) if r in symmetric else (h, t, r) for h, r, t in wanted}
    assert graph.num_edges == len(wanted)
    found = {(h[3:], r, t[3:]) for h, r, t, _ in edges(graph)} | {(h, r, t) for h, r, t in wanted if h == t}
    assert {(*sorted((h, t)), r) if r in symmetric else (h, t, r) for h, r, t in found} == unordered
    # 82 of the lines point to a page on the web, which is no concept.
    concepts = [row for row in rows if row[2].startswith("/c/") and row[3].startswith("/c/")]
    assert len(concepts) == 682
    languages = {row[column].split("/")[2] for row in concepts for column in (2, 3)}
    everything = build_graph(
        tmp_path / "all",
        Sources([str(path)]),
        choice=Choice(languages=sorted(languages), keep_self_loops=True, keep_senses=True),
    )
    assert KnowledgeGraph(everything).num_edges == len({(row[1], row[2], row[3]) for row in concepts})


@pytest.mark.parametrize(
    ("order", "words"),
    [
        ((1, 0, 2, 3, 4), r":1: column 2 is '/a/\["),
        ((0, 2, 1, 3, 4), r":1: column 2 is '/c/en/wind_power'"),
        ((0, 1, 4, 2, 3), r"column 3 '\{"),
        ((2, 3, 1, 0, 4), r":1: column 2 is '/c/en/energy'"),
    ],
)
def test_a_dump_with_columns_in_another_order_is_named(tmp_path: Path, order: tuple[int, ...], words: str) -> None:
    lines = ["\t".join(line.split("\t")[column] for column in order) for line in LINES]
    with pytest.raises(UserError, match=words):
        build(tmp_path, lines)


@pytest.mark.parametrize("wrong", ["/c/en/", "/c/en", "/c/en//n"])
@pytest.mark.parametrize("before", [0, 1500])
def test_a_term_that_is_empty_is_named(tmp_path: Path, wrong: str, before: int) -> None:
    bad = assertion("en/a", "IsA", "en/b").replace("/c/en/b\t", f"{wrong}\t")
    good = [assertion(f"en/a{n}", "IsA", "en/b") for n in range(before)]
    with pytest.raises(UserError, match=rf":{before + 1}: .*'{wrong}' has no term; accepted is /c/LANGUAGE/TERM"):
        build(tmp_path, [*good, bad])
