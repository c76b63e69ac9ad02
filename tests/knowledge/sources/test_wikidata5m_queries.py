"""What SQL makes of a name is what Python makes of it, so that the same phrase is one concept whatever its source."""

import duckdb
from hypothesis import given
from hypothesis import strategies as st

from gatbert.knowledge.sources import wikidata5m_queries
from gatbert.knowledge.sources.rows import concept_key
from gatbert.samples.phrases import fold

NAMES = st.text(
    st.characters(codec="latin-1", categories=["Lu", "Ll", "Nd", "P", "Zs"], exclude_characters="ßµ"), min_size=1
)
"""Names in the letters of western Europe, less two that are other letters when folded, which DuckDB leaves."""


def value(expression: str, name: str) -> str:
    return str(duckdb.execute(f"SELECT {expression} FROM (SELECT ? AS name)", [name]).fetchall()[0][0])  # noqa: S608


@given(NAMES.filter(lambda name: fold(name.replace("/", " ")) != ""))
def test_a_name_is_the_same_concept(name: str) -> None:
    assert f"en/{value(wikidata5m_queries.term('name'), name)}" == concept_key("x", name, "en")


@given(NAMES.filter(lambda name: fold(name.replace("/", " ")) != ""))
def test_a_name_is_folded_in_the_same_way(name: str) -> None:
    assert value(wikidata5m_queries.folded("name"), name) == fold(concept_key("x", name, "en")[3:])
