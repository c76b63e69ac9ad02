"""Words that are split because the graph does not know them whole."""

import pytest

from gatbert.corpora.tagging_settings import LinkingSettings
from gatbert.knowledge import KnowledgeGraph
from gatbert.samples.words import Case, parts_of, split_words
from gatbert.tagging.linking import Linker
from gatbert.tagging.phrase_concepts import PhraseConcepts
from gatbert.tagging.word_pieces import split_hashtags, split_hyphens
from tests.knowledge.dump import graph_of


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    words = ("climate", "change", "co-op", "abortion", "african american", "heart", "art", "four-day work week")
    return graph_of(tmp_path_factory.mktemp("pieces"), [(word, "RelatedTo", "thing") for word in words])


@pytest.mark.parametrize(
    ("word", "pieces"),
    [
        ("#climatechange", ["climate", "change"]),
        ("#theclimate", ["the", "climate"]),
        ("#heart", ["heart"]),  # short ones are left whole
        ("#climatexyz", ["climatexyz"]),
        ("#abortions", ["abortions"]),
        ("climatechange", ["climatechange"]),  # no hashtag
    ],
)
def test_hashtags_are_split_in_words_that_the_graph_knows(graph: KnowledgeGraph, word: str, pieces: list[str]) -> None:
    parts = split_hashtags([word], parts_of([word]), PhraseConcepts(graph))
    assert [part.folded for part in parts if part.folded] == pieces
    assert {part.word_index for part in parts} == {0}


def test_what_hyphens_join_keeps_its_capitals_and_loses_prefixes() -> None:
    words = ["Ocasio-Cortez", "pro-Trump", "four-day", "week"]
    parts = split_hyphens(words, parts_of(words), covered={2, 3})
    assert [(part.folded, part.case, part.word_index) for part in parts] == [
        ("ocasio", Case.CAPITAL, 0),
        ("cortez", Case.CAPITAL, 0),
        ("trump", Case.CAPITAL, 1),
        ("four-day", Case.LOWER, 2),
        ("week", Case.LOWER, 3),
    ]


@pytest.mark.parametrize(
    ("text", "mentions"),
    [
        ("a co-op", ["co-op"]),  # known whole
        ("two co-ops", ["co-op"]),  # and by its ending
        ("a climate-change tax", ["climate", "change"]),
        ("a four-day work week", ["four-day work week"]),  # known with the words after it
        ("four-day heart", ["heart"]),
        ("anti-abortion", ["abortion"]),
        ("African-American art", ["african american", "art"]),
    ],
)
def test_hyphens_part_what_mentions_nothing_as_it_is(graph: KnowledgeGraph, text: str, mentions: list[str]) -> None:
    linked = Linker(graph, LinkingSettings(stop_words=False)).link(split_words(text))
    assert [graph.label(mention.concept) for mention in linked.mentions] == mentions
