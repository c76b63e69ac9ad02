"""Relation ids: reserved, forward, reverse."""

from hypothesis import given
from hypothesis import strategies as st

from gatbert.files.records import from_plain, to_plain
from gatbert.samples.relations import FIRST_RELATION, WORD_CONCEPT, Relations, vocabulary

names = st.lists(st.sampled_from(["IsA", "Antonym", "UsedFor", "dbpedia/genre", "RelatedTo", "near"]), unique=True)


@given(names, names)
def test_reverses_undo_themselves_and_symmetric_relations_have_none(
    given_names: list[str], symmetric: list[str]
) -> None:
    relations = vocabulary(given_names, symmetric)
    reverse = relations.reverse_ids()
    assert len(reverse) == len(relations) == len(relations.labels())
    assert reverse[reverse].tolist() == list(range(len(relations)))
    assert reverse[: WORD_CONCEPT + 1].tolist() == [0, 1, 2]
    assert relations.is_reverse().tolist() == [label.endswith("^-1") for label in relations.labels()]
    for name in relations.names:
        assert (reverse[relations.id(name)] == relations.id(name)) == (name in relations.symmetric)
        if name not in relations.symmetric:
            assert relations.labels()[reverse[relations.id(name)]] == f"{name}^-1"
    assert from_plain(Relations, to_plain(relations), "it") == relations


def test_a_name_that_looks_like_a_reverse_is_none() -> None:
    assert Relations(("near^-1",), frozenset({"near^-1"})).is_reverse().tolist() == [False] * 4


def test_relations_begin_with_those_whose_ids_mean_the_same() -> None:
    relations = Relations(("Causes", "IsA"))
    assert relations.begin_with(relations)
    assert relations.begin_with(Relations(()))
    assert not Relations(()).begin_with(relations)
    assert relations.begin_with(Relations(("Causes", "IsA"), frozenset({"Causes", "IsA"})))
    assert not relations.begin_with(Relations(("IsA",)))


def test_ids_do_not_depend_on_the_order_of_names() -> None:
    assert vocabulary(["b", "a", "b"]) == vocabulary(["a", "b"])
    assert vocabulary(["b", "a"]).id("a") == FIRST_RELATION
