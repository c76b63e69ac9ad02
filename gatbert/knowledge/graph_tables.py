"""The tables of a graph: assertions merged, numbered and turned round, in DuckDB, out of core."""

from collections.abc import Sequence

from gatbert.errors import UserError
from gatbert.knowledge.sources.assertions import MANY_RELATIONS, Assertions
from gatbert.samples.relations import FIRST_RELATION, Relations, vocabulary

NUMBER_CONCEPTS = """
    CREATE TABLE concepts AS SELECT CAST(row_number() OVER (ORDER BY key) - 1 AS INTEGER) AS id, key
    FROM (SELECT head AS key FROM assertions UNION SELECT tail FROM assertions)
"""
"""By key, so that the same sources give the same ids, in whatever order they are read."""

JOIN_EDGES = """
    CREATE TABLE edges AS SELECT h.id AS head, t.id AS tail, n.there, n.back, max(a.weight) AS weight
    FROM assertions a JOIN concepts h ON a.head = h.key JOIN concepts t ON a.tail = t.key
        JOIN numbers n ON a.relation = n.name
    GROUP BY h.id, t.id, n.there, n.back
"""
"""An assertion that several sources make is one edge, with its greatest weight."""

SORT_EDGES = """
    CREATE TABLE adjacency AS SELECT concept, neighbour, relation, max(weight) AS weight FROM (
        SELECT head AS concept, tail AS neighbour, there AS relation, weight FROM edges
        UNION ALL SELECT tail, head, back, weight FROM edges)
    GROUP BY concept, neighbour, relation
"""
"""Every edge stands at both of its ends; a symmetric one that sources have in both directions does so once."""


def number_relations(assertions: Assertions, symmetric: Sequence[str]) -> Relations:
    """Make the table ``numbers``: name of a relation, its id, and that of its reverse.

    Args:
        assertions: All assertions.
        symmetric: Relations without a direction, beside those of ConceptNet.

    Raises:
        UserError: If there are more relations than a knowledge graph has.
    """
    names = [row[0] for row in assertions.rows("SELECT DISTINCT relation FROM assertions")]
    if len(names) > (most := assertions.choice.max_relations or MANY_RELATIONS):
        raise UserError(
            f"the sources have {len(names):,} different relations, such as {', '.join(map(repr, sorted(names)[:3]))}, "
            f"more than max_relations {most:,}; say what each column is, or allow more"
        )
    relations = vocabulary(names, symmetric)
    # By id; a symmetric relation is its own reverse.
    reverse = relations.reverse_ids().tolist()
    assertions.connection.execute("CREATE TABLE numbers(name VARCHAR, there SMALLINT, back SMALLINT)")
    assertions.connection.executemany(
        "INSERT INTO numbers VALUES (?, ?, ?)",
        [(name, number, reverse[number]) for number, name in enumerate(relations.names, start=FIRST_RELATION)],
    )
    return relations


def make_tables(assertions: Assertions) -> None:
    """Make the tables ``concepts``, ``edges`` and ``adjacency``, of all assertions and ``numbers``."""
    assertions.run("number the concepts", NUMBER_CONCEPTS)
    assertions.run("join the edges", JOIN_EDGES)
    assertions.run("sort the edges", SORT_EDGES)
