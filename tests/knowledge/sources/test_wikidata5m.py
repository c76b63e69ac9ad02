"""Wikidata5M: what is read of its files, and the one sentence that each mistake in them gets."""

import gzip
from pathlib import Path

import pytest

from gatbert.errors import UserError
from gatbert.knowledge import KnowledgeGraph
from gatbert.knowledge.build import build_graph
from gatbert.knowledge.sources import Sources, Wikidata5M
from tests.knowledge.dump import ENTITIES, WIKIDATA, edges, write_wikidata5m

TRIPLES = next(iter(WIKIDATA.values()))


def build(folder: Path, keep: frozenset[str] | None = None, output: str = "graph") -> KnowledgeGraph:
    return KnowledgeGraph(build_graph(folder.parent / output, Sources(wikidata5m=[Wikidata5M(str(folder), keep)])))


def test_entities_are_their_labels_and_names_forms_of_these(tmp_path: Path) -> None:
    graph = build(write_wikidata5m(tmp_path / "wikidata5m"))
    assert edges(graph) == {
        ("en/donald_john_trump", "IsA", "en/human", 1.0),
        ("en/donald_john_trump", "IsA", "en/politician", 1.0),
        ("en/donald_john_trump", "PlaceOfBirth", "en/new_york_city", 1.0),
        ("en/trump", "IsA", "en/village", 1.0),
        ("en/ac_dc", "P777", "en/new_york_city", 1.0),
        ("en/donnie_trump", "FormOf", "en/donald_john_trump", 1.0),
        ("en/donald_trump", "FormOf", "en/donald_john_trump", 1.0),
        ("en/potus_45", "FormOf", "en/donald_john_trump", 1.0),
        ("en/trump", "FormOf", "en/donald_john_trump", 1.0),
        ("en/trump_village", "FormOf", "en/trump", 1.0),
        ("en/nyc", "FormOf", "en/new_york_city", 1.0),
        ("en/big_apple", "FormOf", "en/new_york_city", 1.0),
        ("en/person", "FormOf", "en/human", 1.0),
    }
    names = {graph.label(concept) for concept in range(len(graph)) if graph.is_name(concept)}
    assert {"donald john trump", "nyc", "big apple", "trump"} <= names
    assert names.isdisjoint({"human", "politician", "trump village"})


def test_without_texts_the_first_name_is_the_label(tmp_path: Path) -> None:
    found = edges(build(write_wikidata5m(tmp_path / "wikidata5m", texts=None)))
    assert ("en/donnie_trump", "IsA", "en/politician", 1.0) in found
    assert ("en/donald_trump", "FormOf", "en/donnie_trump", 1.0) in found


def test_one_spelling_with_capitals_outweighs_one_without(tmp_path: Path) -> None:
    entities = ENTITIES.replace("donnie trump", "donald trump")
    graph = build(write_wikidata5m(tmp_path / "wikidata5m", entities=entities))
    assert graph.is_name(graph.concept_id("Donald Trump") or 0)


@pytest.mark.parametrize(
    ("keep", "relations"),
    [
        ({"nyc"}, {("donald_john_trump", "new_york_city"), ("ac_dc", "new_york_city")}),
        ({"village", "nothing"}, {("trump", "village")}),
        (
            {"trump"},
            {("donald_john_trump", other) for other in ("human", "politician", "new_york_city")}
            | {("trump", "village")},
        ),
    ],
)
def test_only_the_neighbourhood_of_what_is_to_be_kept_is_read(
    tmp_path: Path, keep: set[str], relations: set[tuple[str, str]]
) -> None:
    found = edges(build(write_wikidata5m(tmp_path / "wikidata5m"), frozenset(keep)))
    assert {(head[3:], tail[3:]) for head, name, tail, _ in found if name != "FormOf"} == relations
    forms = {tail[3:] for _, name, tail, _ in found if name == "FormOf"}
    assert forms <= {end for pair in relations for end in pair}


def test_nothing_to_keep_is_told(tmp_path: Path) -> None:
    folder = write_wikidata5m(tmp_path / "wikidata5m")
    with pytest.raises(UserError, match="wikidata5m_keep: none of its 2 phrases is a name of an entity in"):
        build(folder, frozenset({"joe biden", "climate change"}))
    assert [path.name for path in tmp_path.iterdir()] == ["wikidata5m"]


def test_files_may_be_gzipped_lie_in_a_folder_within_and_be_those_of_a_split(tmp_path: Path) -> None:
    folder = write_wikidata5m(tmp_path / "wikidata5m")
    plain = build(folder, output="plain")
    (folder / "wikidata5m_alias").mkdir()
    for name in list(WIKIDATA):
        path = folder / name
        within = "wikidata5m_alias/" if name in ("wikidata5m_entity.txt", "wikidata5m_relation.txt") else ""
        other = name.replace("all_triplet", "transductive_train")
        (folder / f"{within}{other}.gz").write_bytes(gzip.compress(path.read_bytes()))
        path.unlink()
    assert build(folder).checksum == plain.checksum


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (
            "triples",
            r"wikidata5m_all_triplet\.txt or .* is missing in .*; it comes in wikidata5m_all_triplet\.txt\.gz or",
        ),
        (
            "entities",
            r"wikidata5m_entity\.txt is missing in .*; it comes in wikidata5m_alias\.tar\.gz, which is unpacked",
        ),
        ("relations", r"wikidata5m_relation\.txt is missing in .*; it comes in wikidata5m_alias\.tar\.gz"),
    ],
)
def test_a_missing_file_is_named_with_its_archive(tmp_path: Path, kind: str, words: str) -> None:
    with pytest.raises(UserError, match=words):
        build(write_wikidata5m(tmp_path / "wikidata5m", **{kind: None}))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (
            {"triples": "Q1\tP31\n"},
            r"all_triplet\.txt:1: 'Q1\\tP31' is no line of Wikidata5M; accepted is Q22686<TAB>P39",
        ),
        (
            {"triples": TRIPLES * 300 + "Q1\tinstance of\tQ5\n" + TRIPLES},
            r"all_triplet\.txt:1801: 'Q1\\tinstance of\\tQ5'",
        ),
        ({"triples": TRIPLES * 300 + "Q1\tP31\tQ5\tQ6\n"}, r"all_triplet\.txt:1801: "),
        ({"triples": TRIPLES * 300 + "Q1\tP31\n" + TRIPLES}, r"all_triplet\.txt:1801: "),
        (
            {"entities": ENTITIES * 300 + "Donald Trump\n"},
            r"entity\.txt:2101: 'Donald Trump' is no line .*an id, a tab, and",
        ),
        ({"entities": "P1\tx\n"}, r"entity\.txt:1: 'P1\\tx' is no line"),
        ({"relations": "P31\tinstance of\nP39\n"}, r"relation\.txt:2: 'P39' is no line"),
        ({"texts": ""}, r"text\.txt: the file is empty"),
    ],
)
def test_wrong_lines_are_named(tmp_path: Path, changed: dict[str, str], words: str) -> None:
    with pytest.raises(UserError, match=words):
        build(write_wikidata5m(tmp_path / "wikidata5m", **changed))
    assert [path.name for path in tmp_path.iterdir()] == ["wikidata5m"]


def test_bytes_that_are_not_utf8_are_named(tmp_path: Path) -> None:
    folder = write_wikidata5m(tmp_path / "wikidata5m")
    (folder / "wikidata5m_entity.txt").write_bytes(ENTITIES.encode() * 300 + b"Q8\tcaf\xe9\n")
    with pytest.raises(UserError, match=r"entity\.txt:2101: byte 0xe9 is not UTF-8"):
        build(folder)


def test_two_folders_make_one_graph(tmp_path: Path) -> None:
    one, other = write_wikidata5m(tmp_path / "one"), write_wikidata5m(tmp_path / "other", triples="Q60\tP31\tQ532\n")
    keep = frozenset({"trump", "nyc"})
    sources = Sources(wikidata5m=[Wikidata5M(str(one), keep), Wikidata5M(str(other), keep)])
    graph = KnowledgeGraph(build_graph(tmp_path / "graph", sources))
    assert edges(graph) == edges(build(one, keep, "first")) | edges(build(other, keep, "second"))
