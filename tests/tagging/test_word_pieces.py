"""Words that are split because the graph does not know them whole."""

import pytest

from gatbert.knowledge import KnowledgeGraph
from gatbert.samples.words import Case, parts_of
from gatbert.tagging.phrase_concepts import PhraseConcepts
from gatbert.tagging.word_pieces import split_unknown
from tests.knowledge.dump import graph_of


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    words = ("climate", "change", "co-op", "abortion", "african american", "heart", "art")
    return graph_of(tmp_path_factory.mktemp("pieces"), [(word, "RelatedTo", "thing") for word in words])


@pytest.mark.parametrize(
    ("word", "pieces"),
    [
        ("#climatechange", ["climate", "change"]),
        ("#theclimate", ["the", "climate"]),
        ("#heart", ["heart"]),  # short ones are left whole
        ("#climatexyz", ["climatexyz"]),
        ("#abortions", ["abortions"]),
        ("co-op", ["co-op"]),  # known whole
        ("co-ops", ["co-ops"]),  # and by its ending
        ("climate-change", ["climate", "change"]),
        ("anti-abortion", ["abortion"]),  # a prefix is no word
        ("xyz-zy", ["xyz", "zy"]),
        ("don't", ["don't"]),
    ],
)
def test_words_are_split_where_the_graph_does_not_know_them(
    graph: KnowledgeGraph, word: str, pieces: list[str]
) -> None:
    parts = split_unknown([word], parts_of([word]), PhraseConcepts(graph))
    assert [part.folded for part in parts if part.folded] == pieces
    assert {part.word_index for part in parts} == {0}


def test_pieces_keep_their_capitals(graph: KnowledgeGraph) -> None:
    words = ["Ocasio-Cortez", "pro-Trump"]
    parts = split_unknown(words, parts_of(words), PhraseConcepts(graph))
    assert [(part.folded, part.case, part.word_index) for part in parts] == [
        ("ocasio", Case.CAPITAL, 0),
        ("cortez", Case.CAPITAL, 0),
        ("trump", Case.CAPITAL, 1),
    ]
