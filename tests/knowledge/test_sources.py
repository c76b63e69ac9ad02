"""Each source: what it reads, and the one sentence that each mistake in it gets."""

import gzip
from collections import Counter
from pathlib import Path

import pytest

from gatbert.errors import UserError
from gatbert.knowledge import KnowledgeGraph
from gatbert.knowledge.build import build_graph
from gatbert.knowledge.sources import Triples
from gatbert.knowledge.sources.assertions import Choice
from gatbert.knowledge.sources.wordnet import PARTS, read_synsets
from tests.knowledge.dump import assertion, write_dump, write_wordnet

LINES = [
    assertion("en/wind_power", "IsA", "en/energy", 2.0),
    assertion("en/wind_power/n", "IsA", "en/energy/n/wn/phenomenon", 1.0),
    assertion("en/test/n/wikt/en_1", "dbpedia/genre", "en/exam", 0.5),
    assertion("en/exam", "RelatedTo", "en/exam"),
    assertion("fr/éolienne", "RelatedTo", "en/wind_power"),
    assertion("fr/éolienne", "IsA", "fr/énergie"),
]


def edges(graph: KnowledgeGraph) -> set[tuple[str, str, str, float]]:
    """Return the forward edges of a graph by name."""
    labels = graph.relation_vocabulary.labels()
    found = set()
    for concept in range(len(graph)):
        around = graph.neighbours(concept)
        for neighbour, relation, weight in zip(*around[1:], strict=True):
            name = labels[relation]
            if not name.endswith("^-1") and (name not in graph.relation_vocabulary.symmetric or concept < neighbour):
                found.add((graph.key(concept), name, graph.key(int(neighbour)), round(float(weight), 4)))
    return found


def build(tmp_path: Path, lines: list[str], name: str = "dump.csv", **choice: object) -> KnowledgeGraph:
    dump = write_dump(tmp_path / name, lines)
    return KnowledgeGraph(build_graph(tmp_path / "graph", [str(dump)], choice=Choice(**choice)))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["dump.csv", "dump.csv.gz"])
def test_conceptnet_folds_senses_and_keeps_the_greatest_weight(tmp_path: Path, name: str) -> None:
    assert edges(build(tmp_path, LINES, name)) == {
        ("en/wind_power", "IsA", "en/energy", 2.0),
        ("en/test", "dbpedia/genre", "en/exam", 0.5),
    }


def test_conceptnet_can_keep_senses_languages_and_self_loops(tmp_path: Path) -> None:
    graph = build(tmp_path, LINES, keep_senses=True, languages=("fr", "en"), keep_self_loops=True)
    found = {(head, name, tail) for head, name, tail, _ in edges(graph)}
    assert ("en/wind_power/n", "IsA", "en/energy/n/wn/phenomenon") in found
    assert ("fr/éolienne", "IsA", "fr/énergie") in found
    assert len(graph.meta.num_edges_by_relation) == 3
    assert graph.num_edges == len(LINES)
    assert graph.concept_id("eolienne") == graph.concept_id("Éolienne") is not None


@pytest.mark.parametrize(
    ("choice", "relations"),
    [
        ({"keep_relations": ("IsA",)}, {"IsA"}),
        ({"drop_relations": ("IsA",)}, {"dbpedia/genre"}),
        ({"min_weight": 1.5}, {"IsA"}),
    ],
)
def test_choices_are_heeded(tmp_path: Path, choice: dict[str, object], relations: set[str]) -> None:
    assert {name for _, name, _, _ in edges(build(tmp_path, LINES, **choice))} == relations


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
        build_graph(tmp_path / "graph", [str(dump)])
    assert [path.name for path in tmp_path.iterdir()] == ["dump.csv.gz"]


def test_bytes_that_are_not_utf8_are_named(tmp_path: Path) -> None:
    dump = tmp_path / "dump.csv"
    dump.write_bytes("\n".join(LINES).encode("latin-1"))
    with pytest.raises(UserError, match=r"dump\.csv:5: byte 0xe9 is not UTF-8"):
        build_graph(tmp_path / "graph", [str(dump)])


def test_a_language_that_is_not_there_lists_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"no concept in de; its languages are en, fr"):
        build(tmp_path, LINES, languages=("de",))


def test_wordnet_becomes_conceptnets_relations(tmp_path: Path) -> None:
    graph = KnowledgeGraph(build_graph(tmp_path / "graph", wordnet=[str(write_wordnet(tmp_path / "dict"))]))
    assert edges(graph) == {
        ("en/abortion", "Synonym", "en/termination", 0.5),
        ("en/abortion", "IsA", "en/ending", 1.0),
        ("en/termination", "IsA", "en/ending", 0.5),
        ("en/abortion", "DerivedFrom", "en/abort", 1.0),
        ("en/abort", "DerivedFrom", "en/abortion", 1.0),
        ("en/women", "FormOf", "en/woman", 1.0),
        ("en/abortion", "RelatedTo", "en/ending", 0.5),
        ("en/ending", "RelatedTo", "en/termination", 0.25),
        ("en/abortion", "RelatedTo", "en/pregnancy", 0.5),
        ("en/pregnancy", "RelatedTo", "en/termination", 0.25),
        ("en/abort", "RelatedTo", "en/pregnancy", 0.5),
    }


def test_damaged_wordnet_is_named(tmp_path: Path) -> None:
    folder = write_wordnet(tmp_path / "dict")
    data = folder / "data.noun"
    whole = data.read_text()
    data.write_text(whole.replace("04 n 01 pregnancy", "04 n xx pregnancy"))
    with pytest.raises(UserError, match=r"data\.noun:4: no synset"):
        build_graph(tmp_path / "graph", wordnet=[str(folder)])
    data.write_text("\n".join(whole.splitlines()[:2]) + "\n")
    with pytest.raises(UserError, match="points to n00000002, which is not there"):
        build_graph(tmp_path / "graph", wordnet=[str(folder)])
    data.unlink()
    with pytest.raises(UserError, match=r"data\.noun is missing"):
        build_graph(tmp_path / "graph", wordnet=[str(folder)])


def triples_graph(tmp_path: Path, text: str, name: str = "t.tsv", **options: object) -> KnowledgeGraph:
    (tmp_path / name).write_text(text)
    source = Triples(str(tmp_path / name), **options)  # type: ignore[arg-type]
    return KnowledgeGraph(build_graph(tmp_path / "graph", triples=[source]))


def test_triples_in_any_column_order_phrases_or_uris(tmp_path: Path) -> None:
    graph = triples_graph(
        tmp_path,
        'what,from,note,to\n"IsA",/c/en/wind_power/n,x,"Energy, clean"\nUsedFor, Wind  Power ,y,light\n',
        "t.csv",
        columns=("relation", "head", "_", "tail"),
        header=True,
    )
    assert edges(graph) == {
        ("en/wind_power", "IsA", "en/energy,_clean", 1.0),
        ("en/wind_power", "UsedFor", "en/light", 1.0),
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("IsA\ta\tb\nIsA\ta\n", r"t\.tsv:2: 2 columns instead of 3"),
        ("IsA\ta\t \n", r"t\.tsv:1: the tail is empty"),
        ("", r"t\.tsv: the file has no triples"),
    ],
)
def test_wrong_triples_are_named(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(UserError, match=words):
        triples_graph(tmp_path, text)


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
    graph = KnowledgeGraph(build_graph(tmp_path / "graph", [str(path)], choice=Choice(keep_self_loops=True)))
    symmetric = graph.relation_vocabulary.symmetric
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
        [str(path)],
        choice=Choice(languages=sorted(languages), keep_self_loops=True, keep_senses=True),
    )
    assert KnowledgeGraph(everything).num_edges == len({(row[1], row[2], row[3]) for row in concepts})


@pytest.mark.real_data
def test_wordnet_has_the_published_synsets(data_folder: Path) -> None:
    counts = Counter({part: sum(1 for _ in read_synsets(data_folder / "wordnet" / "dict", part)) for part in PARTS})
    assert counts == {"noun": 82115, "verb": 13767, "adj": 18156, "adv": 3621}
    assert counts.total() == 117659
