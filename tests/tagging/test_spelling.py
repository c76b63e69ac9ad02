"""What the spelling of a corpus tells of its names."""

from pathlib import Path

import pytest

from gatbert.knowledge import KnowledgeGraph
from gatbert.samples import Sample
from gatbert.tagging.spelling import find_names
from tests.knowledge.dump import graph_of


@pytest.fixture
def graph(tmp_path: Path) -> KnowledgeGraph:
    words = ("trump", "abortion", "church", "sander", "gun control", "clinic", "joe")
    return graph_of(tmp_path, [(word, "RelatedTo", "thing") for word in words])


def corpus(*texts: str, target: str = "gun control") -> list[Sample]:
    return [Sample(str(number), text, target) for number, text in enumerate(texts)]


def test_what_has_capitals_more_often_is_a_name(graph: KnowledgeGraph) -> None:
    texts = [
        "we know Trump well",
        "so does Trump",
        "a trump, a trump, Sir",
        "no trump here, says Sanders",
        "ask Sanders",
    ]
    texts += ["the Church", "a church and a church, Sir", "the Abortion clinic", "an abortion, Sir"]
    found = find_names(corpus(*texts), graph)
    # One capital may be for emphasis, one at the start of a sentence says nothing; what the graph does not know in any
    # form is left out.
    assert found.names == {"sanders"}
    assert found.common == {"trump", "church", "abortion"}


def test_names_of_several_words_are_known_where_they_are_also_in_lower_case(graph: KnowledgeGraph) -> None:
    texts = ["we like Joe Biden", "and Joe Biden likes Mike Pence", "nobody likes joe biden, Sir"]
    texts += ["we need Gun Control now", "no gun control, Bob", "no gun control, Bob, never"]
    found = find_names(corpus(*texts), graph)
    assert {name for name in found.names if " " in name} == {"joe biden"}
    assert {name for name in found.common if " " in name} == {"gun control"}


def test_a_target_in_lower_case_is_a_name_if_texts_write_it_so(graph: KnowledgeGraph) -> None:
    found = find_names(corpus("we like Mike Pence", "mike pence rules", target="mike pence"), graph)
    assert {"mike pence", "mike", "pence"} <= found.names


def test_who_sets_no_capitals_but_the_first_tells_nothing(graph: KnowledgeGraph) -> None:
    found = find_names(corpus("I do not like trump. So sad!", "no trump", target="Trump"), graph)
    assert (found.names, found.common) == (frozenset(), frozenset())


def test_a_word_of_a_name_of_several_is_sure_at_once(graph: KnowledgeGraph) -> None:
    found = find_names(corpus("we like Joe Biden", "so says Abortion"), graph)
    assert "joe" in found.names
    assert "abortion" not in found.names


def test_headlines_and_texts_without_capitals_tell_nothing(graph: KnowledgeGraph) -> None:
    texts = ["Why The Church Says No To Abortion Today", "CHURCH AND ABORTION", "the church says no to trump"]
    found = find_names(corpus(*texts), graph)
    assert (found.names, found.common) == (frozenset(), frozenset())


def test_a_text_with_several_targets_counts_once(graph: KnowledgeGraph) -> None:
    samples = [Sample(str(n), "we know Trump", f"target {n}") for n in range(3)]
    found = find_names([*samples, *corpus("we know a trump, Sir", "two trumps", "a trump, Sir, a trump")], graph)
    assert "trump" in found.common
