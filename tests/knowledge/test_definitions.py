"""What a concept says: its gloss, or its strongest edges in plain English."""

from pathlib import Path

import pytest

from gatbert.knowledge.definitions import TEMPLATES, VAGUE, Definitions, templates
from gatbert.samples.relations import FIRST_RELATION, SYMMETRIC, vocabulary
from tests.knowledge.damage import give_glosses
from tests.knowledge.dump import graph_of

EDGES = [
    ("nuclear power", "Causes", "meltdown", 1.0),
    ("nuclear power", "IsA", "energy", 2.0),
    ("nuclear power", "RelatedTo", "atom", 9.0),
    ("plant", "UsedFor", "nuclear power", 1.0),
    ("nuclear power", "InventedByFermi", "pile", 0.5),
    ("atom", "RelatedTo", "bomb", 1.0),
]


def says(folder: Path, phrase: str, **options: int) -> str:
    graph = graph_of(folder, EDGES)
    concept = graph.concept_id(phrase)
    assert concept is not None
    return Definitions(graph, **options)(concept)


@pytest.mark.parametrize(
    ("phrase", "most_edges", "wanted"),
    [
        ("nuclear power", 3, "is a kind of energy; causes meltdown; uses plant"),
        (
            "nuclear power",
            9,
            "is a kind of energy; causes meltdown; uses plant; invented by fermi pile; is related to atom",
        ),
        ("meltdown", 3, "is caused by nuclear power"),
        ("pile", 3, "nuclear power invented by fermi this"),
        ("atom", 3, "is related to nuclear power; is related to bomb"),
    ],
)
def test_strongest_edges_come_first_and_vague_ones_last(
    tmp_path: Path, phrase: str, most_edges: int, wanted: str
) -> None:
    assert says(tmp_path, phrase, most_edges=most_edges) == wanted


def test_a_gloss_goes_before_edges(tmp_path: Path) -> None:
    graph = give_glosses(graph_of(tmp_path, EDGES), {"energy": "what moves things"})
    define = Definitions(graph)
    energy, meltdown = graph.concept_ids(["energy", "meltdown"])
    assert energy is not None
    assert meltdown is not None
    assert define(energy) == "what moves things"
    assert define(meltdown) == "is caused by nuclear power"


def test_an_edge_to_itself_or_to_another_language_says_nothing(tmp_path: Path) -> None:
    graph = graph_of(tmp_path, [("a", "IsA", "b"), ("b", "IsA", "c")])
    (b,) = graph.concept_ids(["b"])
    assert b is not None
    assert Definitions(graph)(b) == "is a kind of c; has the kind a"


def test_every_relation_id_says_something_of_the_other_end() -> None:
    relations = vocabulary([*TEMPLATES, "dbpedia/genre", "xIntent", "7", "{odd}", "IsA2"])
    said = templates(relations)
    assert len(said) == len(relations)
    for label, template in zip(relations.labels()[FIRST_RELATION:], said[FIRST_RELATION:], strict=True):
        assert template.count("{}") == 1, label
        assert "thing" in template.format("thing"), label
    of_label = dict(zip(relations.labels(), said, strict=True))
    assert of_label["IsA"].format("energy") == "is a kind of energy"
    assert of_label["IsA^-1"].format("wind") == "has the kind wind"
    assert of_label["dbpedia/genre"].format("jazz") == "genre jazz"
    assert of_label["xIntent^-1"].format("rest") == "rest x intent this"


def test_relations_without_a_direction_say_the_same_both_ways() -> None:
    assert all(TEMPLATES[name][0] == TEMPLATES[name][1] for name in SYMMETRIC)
    assert set(TEMPLATES) >= VAGUE | SYMMETRIC
