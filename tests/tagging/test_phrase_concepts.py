"""Phrases and the concepts for which they stand, as words and as names."""

import pytest

from gatbert.knowledge import KnowledgeGraph
from gatbert.knowledge.build import build_graph
from gatbert.knowledge.sources import Sources, Triples
from gatbert.tagging.phrase_concepts import PhraseConcepts
from tests.knowledge.dump import write_wordnet

TRIPLES = [
    *("Biden\tFormOf\tJoe Biden", "POTUS\tFormOf\tpresident", "Trump\tFormOf\tDonald Trump"),
    *("Joe Biden\tIsA\tpolitician", "Donald Trump\tIsA\tpolitician", "joe\tIsA\tcoffee"),
    *("pence\tFormOf\tpenny", "penny\tIsA\tcoin", "sander\tIsA\ttool", "God\tIsA\tbeing", "god\tIsA\tidol"),
    *(
        "Waite\tIsA\tjudge",
        "Clinton\tFormOf\tHillary Clinton",
        "Clinton\tIsA\ttown",
        "is\tFormOf\tbe",
        "pipeline\tIsA\ttube",
    ),
]


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    """A graph in which ending and women are in lower case, and joe, pence, sander and pipeline as well."""
    folder = tmp_path_factory.mktemp("phrases")
    noun = write_wordnet(folder / "dict") / "data.noun"
    noun.write_text(
        noun.read_text().replace("01 pregnancy 0", "07 pregnancy 0 joe 0 pence 0 sander 0 trump 0 god 0 tube 0")
    )
    (folder / "triples.tsv").write_text("".join(f"{line}\n" for line in TRIPLES))
    triples = Triples(str(folder / "triples.tsv"), ("head", "relation", "tail"))
    return KnowledgeGraph(build_graph(folder / "graph", Sources(wordnet=[str(folder / "dict")], triples=[triples])))


def labels(graph: KnowledgeGraph, concepts: tuple[int, ...]) -> list[str]:
    return [graph.label(concept) for concept in concepts]


@pytest.mark.parametrize(
    ("phrase", "as_word", "as_name"),
    [
        ("biden", ["joe biden"], ["joe biden"]),
        ("trump", ["trump"], ["donald trump"]),  # the card, and the name
        ("potus", ["president"], ["president"]),  # an abbreviation of what is no name
        ("pence", ["pence", "penny"], ["pence"]),  # no form of penny
        ("women", ["woman"], []),  # nothing but a form
        ("sanders", ["sander"], []),
        ("pipelines", ["pipeline"], []),
        ("joe", ["joe"], ["joe"]),
        ("clinton", ["clinton"], ["clinton", "hillary clinton"]),  # a name by itself, and a form of one
        ("god", ["god"], ["god"]),
        ("waited", [], []),  # no form of the judge
        ("waites", ["waite"], []),
        ("xyzzy", [], []),
    ],
)
def test_a_name_is_no_inflected_word(
    graph: KnowledgeGraph, phrase: str, as_word: list[str], as_name: list[str]
) -> None:
    concepts = PhraseConcepts(graph)
    assert labels(graph, concepts.of_words([phrase])[phrase]) == as_word
    assert labels(graph, concepts.of_names([phrase])[phrase]) == as_name


def test_what_the_corpus_knows_as_a_name_is_no_word_like_others(graph: KnowledgeGraph) -> None:
    names = PhraseConcepts(graph, names=frozenset({"joe", "god", "biden", "trump"}))
    found = names.of_names(["joe", "god", "biden", "trump"])
    assert {phrase: labels(graph, concepts) for phrase, concepts in found.items()} == {
        "joe": [],
        "god": ["god"],  # both a name and a word
        "biden": ["joe biden"],
        "trump": ["donald trump"],
    }


def test_stop_words_and_hubs_and_what_is_not_allowed_are_left_out(graph: KnowledgeGraph) -> None:
    assert PhraseConcepts(graph).of_words(["is"])["is"]
    assert PhraseConcepts(graph, stop_words=frozenset({"be"})).of_words(["is"])["is"] == ()
    joe = graph.concept_id("joe biden")
    assert joe is not None
    assert PhraseConcepts(graph, allowed=frozenset()).of_names(["biden"])["biden"] == ()
    assert PhraseConcepts(graph, allowed=frozenset({joe})).of_names(["biden"])["biden"] == (joe,)
    assert PhraseConcepts(graph, degree_cap=1).of_names(["biden"])["biden"] == ()
