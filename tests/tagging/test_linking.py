"""Words and the concepts that they mention: golden cases."""

from pathlib import Path
from typing import Any

import pytest

from gatbert.corpora.known_names import KnownNames
from gatbert.corpora.tagging_settings import LinkingSettings
from gatbert.knowledge import KnowledgeGraph
from gatbert.samples.words import split_words
from gatbert.tagging import phrase_concepts
from gatbert.tagging.linking import Linker
from tests.knowledge.dump import graph_of

PHRASES = [
    *("climate change", "climate", "change", "change of climate", "nuclear power", "power", "nuclear", "power plant"),
    *(
        "make america great",
        "america",
        "great",
        "abortion",
        "abort",
        "woman",
        "pipeline",
        "study",
        "ban",
        "banned",
    ),
    *("wind power", "wind", "zoo", "café", "remote work", "of", "the", "person", "party", "life", "wolf", "bus"),
]


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    triples = [(phrase, "RelatedTo", "hub") for phrase in PHRASES]
    forms = [("women", "FormOf", "woman"), ("banned", "FormOf", "ban"), ("was", "FormOf", "be")]
    return graph_of(tmp_path_factory.mktemp("linking"), [*triples, *forms])


def linked(graph: KnowledgeGraph, text: str, **settings: Any) -> list[tuple[str, str]]:
    """Return the words and the concept of each mention."""
    words = split_words(text)
    mentions = Linker(graph, LinkingSettings(**settings)).link(words).mentions
    return [(" ".join(words[m.word_index[0] : m.word_index[1] + 1]), graph.label(m.concept)) for m in mentions]


@pytest.mark.parametrize(
    ("text", "mentions"),
    [
        ("Climate change is here", [("Climate change", "climate change")]),
        ("the climate, change it", [("climate", "climate")]),  # punctuation ends an n-gram; "change" alone says little
        ("a change of climate", [("change of climate", "change of climate")]),
        ("nuclear power plants", [("nuclear power", "nuclear power")]),  # what is left over links to nothing
        ("wind powers", [("wind powers", "wind power")]),
        ("remote work works", [("remote work", "remote work")]),
        ("WOMEN", [("WOMEN", "woman")]),  # nothing but a form
        ("banned", [("banned", "banned"), ("banned", "ban")]),  # a word of its own, and a form
        ("abortions, pipelines, studies", [("abortions", "abortion"), ("pipelines", "pipeline"), ("studies", "study")]),
        ("was of the", []),
        ("#ClimateChange now", [("#ClimateChange", "climate change")]),
        ("#climatechange", [("#climatechange", "climate change")]),
        ("#MakeAmericaGreat", [("#MakeAmericaGreat", "make america great")]),
        ("@climate http://zoo.org/wind www.zoo.org", []),
        ("Caf\u00e9 or cafe", [("Caf\u00e9", "caf\u00e9"), ("cafe", "caf\u00e9")]),
        ("the zoo's wolves", [("zoo's", "zoo"), ("wolves", "wolf")]),
        ("zoo \u2019 zoo", [("zoo", "zoo"), ("zoo", "zoo")]),
        ("", []),
    ],
)
def test_golden_cases(graph: KnowledgeGraph, text: str, mentions: list[tuple[str, str]]) -> None:
    assert linked(graph, text) == mentions


NAMES = [
    *("Bernie Sanders", "Hillary Clinton", "Mike Pence", "Black Lives Matter", "Joe Biden", "Donald Trump"),
    *("Anthony S. Fauci", "Hillary Rodham Clinton", "Senator Elizabeth Warren", "Rush Limbaugh"),
]
"""Names of which the graph knows words, as other things, and nothing else."""


@pytest.fixture(scope="module")
def words_of_names(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    names = "joe sander trump penny black life live matter donald mike bernie rush warren anthony clinton senator"
    words = names.split()
    triples = [(word, "RelatedTo", "thing") for word in words]
    return graph_of(tmp_path_factory.mktemp("names"), [*triples, ("pence", "FormOf", "penny")])


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_the_graph_does_not_know_is_not_its_words(words_of_names: KnowledgeGraph, name: str) -> None:
    for text in (name, f"we all know {name}.", f"{name} said so", f"so it is with {name}'s ideas"):
        assert {concept for _, concept in linked(words_of_names, text)} <= {"senator"}
    linker = Linker(words_of_names)
    in_target, names = linker.link_target(split_words(name))
    assert in_target.unlinked  # and coverage says so
    for word in name.lower().split()[-1:]:  # nor is its last word alone, in whatever case
        mentions = linker.link(split_words(f"no {word}, no {word.capitalize()}"), names).mentions
        assert not mentions


def test_a_name_that_the_corpus_writes_in_lower_case_is_none_of_its_words(words_of_names: KnowledgeGraph) -> None:
    known = KnownNames(frozenset({"mike pence", "trump"}), frozenset({"black"}))
    linker = Linker(words_of_names, known=known)

    def found(text: str, target: str) -> list[str]:
        names = linker.link_target(split_words(target))[1]
        return [words_of_names.label(m.concept) for m in linker.link(split_words(text), names).mentions]

    assert found("mike pence and trump and pence", "mike pence") == []
    assert found("we vote for pence", "guns") == ["penny"]  # nobody knows of a name
    assert found("a Black life", "guns") == ["black", "life"]


def test_a_name_of_the_graph_is_found_in_full_and_in_short(tmp_path: Path) -> None:
    triples = [
        ("Joe Biden", "IsA", "politician"),
        ("Trump", "FormOf", "Donald Trump"),
        ("Donald Trump", "IsA", "politician"),
        ("Trump Tower", "IsA", "house"),
        ("black", "IsA", "colour"),
        ("Black Lives Matter", "IsA", "movement"),
    ]
    linker = Linker(graph := graph_of(tmp_path, triples))

    def found(text: str, target: str) -> list[str]:
        names = linker.link_target(split_words(target))[1]
        return [graph.label(m.concept) for m in linker.link(split_words(text), names).mentions]

    assert found("we saw Joe Biden, then Trump", "guns") == ["joe biden", "donald trump"]
    assert found("vote biden, vote Biden, #biden", "joe biden") == ["joe biden"] * 3
    text = "we saw Donald J. Trump at Trump Tower, with Melania Trump, not Mr. Trump"
    assert found(text, "Donald Trump") == ["donald trump", "trump tower", "donald trump"]
    assert found("black people matter", "Black Lives Matter") == []


def test_a_name_may_have_a_word_of_grammar_with_a_capital(tmp_path: Path) -> None:
    phrases = ("Second Amendment", "Theresa May", "First Lady", "amendment", "theresa", "gun control")
    graph = graph_of(tmp_path, [(phrase, "IsA", "thing") for phrase in phrases])
    text = "we know the Second Amendment, the First Lady and Theresa May"
    assert [concept for _, concept in linked(graph, text)] == ["second amendment", "first lady", "theresa may"]
    assert [concept for _, concept in linked(graph, "a second amendment may do")] == ["amendment"]
    assert linked(graph, "Sen. Warren, Gen. Kelly") == []
    # A phrase of several words that the graph has is what it says, whatever the corpus knows of it.
    linker = Linker(graph, known=KnownNames(names=frozenset({"gun control"})))
    assert len(linker.link(split_words("we need Gun Control, and gun control")).mentions) == 2


def test_settings_are_heeded(graph: KnowledgeGraph) -> None:
    assert linked(graph, "the person of power", stop_words=False) == [
        ("the", "the"),
        ("person", "person"),
        ("of", "of"),
        ("power", "power"),
    ]
    assert linked(graph, "climate change", max_words=1) == [("climate", "climate")]
    assert linked(graph, "banned", degree_cap=1) == []
    assert linked(graph, "hub zoo", degree_cap=5) == [("zoo", "zoo")]


def test_only_allowed_concepts_are_linked(graph: KnowledgeGraph) -> None:
    zoo = graph.concept_id("zoo")
    assert zoo is not None
    linked_words = Linker(graph, allowed=[zoo]).link(["wind", "zoo"])
    assert linked_words.seeds.tolist() == [zoo]
    assert linked_words.unlinked == ("wind",)
    assert list(linked_words.links(first_word=3)) == [(4, zoo)]


def test_unlinked_words_are_content_words(graph: KnowledgeGraph) -> None:
    words = split_words("The zebra asked 3 zoos at http://x.org, @someone and the Okapi")
    assert Linker(graph).link(words).unlinked == ("zebra", "okapi")


def test_path_of_the_graph_is_all_a_linker_needs(graph: KnowledgeGraph, tmp_path: Path) -> None:
    assert Linker(KnowledgeGraph(graph.folder)).link(["zoo"]) == Linker(graph).link(["zoo"])


TRIPLES = [
    ("climate", "RelatedTo", "change"),
    ("climate change", "RelatedTo", "weather"),
    ("zoo", "RelatedTo", "animal"),
    ("women", "FormOf", "woman"),
]


TEXTS = [
    f"zoos and #climatechange for women {number} word{number} other{number} animals" + " weather" * number
    for number in range(40)
]


def test_a_linker_that_remembers_little_links_as_one_that_remembers_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = graph_of(tmp_path, TRIPLES)
    wanted = [Linker(graph).link(split_words(text)) for text in TEXTS]
    assert all(len(linked.mentions) >= 4 for linked in wanted)
    for limit in (1, 7, 50):
        monkeypatch.setattr(phrase_concepts, "CACHED_PHRASES", limit)
        linker = Linker(graph)
        assert [linker.link(split_words(text)) for text in TEXTS] == wanted
        most = limit + 200  # what one text needs, hashtags and endings included
        assert max(len(cache._known) for cache in (linker.concepts._ids, linker.concepts._of_words)) < most
