"""Facts of a graph: each once."""

import numpy as np
import pytest
import torch

from gatbert.knowledge import KnowledgeGraph
from gatbert.knowledge.embedding.facts import KnownFacts, graph_facts, split_facts


def test_each_fact_comes_once(mixed: KnowledgeGraph) -> None:
    facts = graph_facts(mixed)
    names = mixed.relations.names
    columns = (facts.heads.tolist(), facts.relations.tolist(), facts.tails.tolist())
    found = [
        (mixed.label(head), names[relation], mixed.label(tail)) for head, relation, tail in zip(*columns, strict=True)
    ]
    assert len(found) == len(set(found)) == mixed.num_edges
    directed = {fact for fact in found if fact[1] != "RelatedTo"}
    assert directed == {
        ("a", "Causes", "b"),
        ("a", "Causes", "c"),
        ("b", "Causes", "c"),
        ("b", "IsA", "c"),
        ("c", "IsA", "b"),
        ("e", "IsA", "a"),
    }
    assert {frozenset((head, tail)) for head, name, tail in found if name == "RelatedTo"} == {
        frozenset("ad"),
        frozenset("bd"),
    }


def test_every_fact_is_drawn_once_and_a_twentieth_is_held_out(circle: KnowledgeGraph) -> None:
    facts = graph_facts(circle)
    torch.manual_seed(0)
    parts = split_facts(facts, 1000)
    assert [len(part) for part in parts] == [len(facts) - 2 * (len(facts) // 20), len(facts) // 20, len(facts) // 20]
    rows = [
        row
        for part in parts
        for row in zip(part.heads.tolist(), part.relations.tolist(), part.tails.tolist(), strict=True)
    ]
    assert sorted(rows) == sorted(
        zip(facts.heads.tolist(), facts.relations.tolist(), facts.tails.tolist(), strict=True)
    )


@pytest.mark.parametrize("find_tails", [True, False])
def test_all_answers_of_a_query_are_found_and_no_others(mixed: KnowledgeGraph, find_tails: bool) -> None:
    facts = graph_facts(mixed)
    rows = list(zip(facts.heads.tolist(), facts.relations.tolist(), facts.tails.tolist(), strict=True))
    queries = [(end, relation) for end in range(len(mixed)) for relation in range(len(mixed.relations.names))]
    known, relations = np.asarray(queries).T
    places, answers = KnownFacts(facts, len(mixed)).answers(known, relations, find_tails)
    found = sorted(zip(places.tolist(), answers.tolist(), strict=True))
    expected = [
        (place, tail if find_tails else head)
        for place, (end, relation) in enumerate(queries)
        for head, other, tail in rows
        if other == relation and end == (head if find_tails else tail)
    ]
    assert found == sorted(expected)
