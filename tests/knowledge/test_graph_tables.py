"""Tables of a graph: relations numbered with their reverses, and every edge at both of its ends."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from gatbert.errors import UserError
from gatbert.knowledge.graph_tables import make_tables, number_relations
from gatbert.knowledge.sources import Sources, Triples
from gatbert.knowledge.sources.assertions import Assertions, Choice


def silent(what: str, done: float) -> None:
    """Show no progress."""


@pytest.fixture
def assertions(tmp_path: Path) -> Iterator[Assertions]:
    """Four assertions, of which two are of a relation without a direction, and two are the same edge."""
    path = tmp_path / "t.tsv"
    path.write_text("IsA\tb\tc\nRelatedTo\ta\tb\nRelatedTo\tb\ta\nIsA\tb\tc\n")
    with closing(Assertions(tmp_path, Choice(), silent, "1GB", None)) as opened:
        Sources(triples=[Triples(str(path))]).add_to(opened)
        yield opened


def test_every_edge_stands_at_both_of_its_ends_once(assertions: Assertions) -> None:
    relations = number_relations(assertions, [])
    make_tables(assertions)
    assert relations.names == ("IsA", "RelatedTo")
    keys = dict(assertions.rows("SELECT id, key FROM concepts"))
    assert list(keys.values()) == ["en/a", "en/b", "en/c"]
    labels = relations.labels()
    found = assertions.rows("SELECT concept, neighbour, relation FROM adjacency")
    assert sorted((keys[head][3:], labels[relation], keys[tail][3:]) for head, tail, relation in found) == [
        ("a", "RelatedTo", "b"), ("b", "IsA", "c"), ("b", "RelatedTo", "a"), ("c", "IsA^-1", "b"),
    ]  # fmt: skip


def test_more_relations_than_a_graph_has_are_refused(assertions: Assertions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gatbert.knowledge.graph_tables.MANY_RELATIONS", 1)
    with pytest.raises(
        UserError, match=r"2 different relations, such as 'IsA', 'RelatedTo', more than max_relations 1"
    ):
        number_relations(assertions, [])
