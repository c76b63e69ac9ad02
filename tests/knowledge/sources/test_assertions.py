"""What is kept of all sources together."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from gatbert.errors import UserError
from gatbert.knowledge import KnowledgeGraph
from gatbert.knowledge.build import build_graph
from gatbert.knowledge.sources import Sources, Triples
from gatbert.knowledge.sources.assertions import Assertions, Choice


def test_the_user_may_allow_more_relations(tmp_path: Path) -> None:
    path = tmp_path / "t.tsv"
    path.write_text("".join(f"r{n}\ta{n}\tb{n}\n" for n in range(1200)))
    sources = Sources(triples=[Triples(str(path))])
    with pytest.raises(UserError, match="1,001 different relations in 1,001 lines"):
        build_graph(tmp_path / "graph", sources)
    with pytest.raises(UserError, match="1,101 different relations"):
        build_graph(tmp_path / "graph", sources, Choice(max_relations=1100))
    made = KnowledgeGraph(build_graph(tmp_path / "graph", sources, Choice(max_relations=1200)))
    assert len(made.relations.names) == 1200
    assert len(made.neighbours(made.concept_id("a1199") or 0).relation_ids) == 1


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"min_weight": float("nan")}, "min_weight nan is not accepted"),
        ({"max_relations": 0}, "max_relations 0 is not accepted; accepted is 1 to 16000"),
        ({"max_relations": 20_000}, "max_relations 20000 is not accepted"),
        ({"languages": ()}, "languages is empty"),
        ({"languages": ("en'",)}, 'languages: "en\'" is none'),
    ],
)
def test_choices_have_their_ranges(options: dict[str, Any], words: str) -> None:
    with pytest.raises(UserError, match=words):
        Choice(**options)


def test_the_first_source_that_says_what_a_concept_is_stays(tmp_path: Path) -> None:
    assertions = Assertions(tmp_path, Choice(), progress=lambda what, done: None)
    assertions.add_glosses(pa.table({"key": ["en/zoo", "en/wind"], "gloss": ["a place", "moving air"]}))
    assertions.add_glosses(pa.table({"key": ["en/tax", "en/zoo"], "gloss": ["what is paid", "another place"]}))
    found = dict(assertions.rows("SELECT key, gloss FROM glosses"))
    assert found == {"en/zoo": "a place", "en/wind": "moving air", "en/tax": "what is paid"}
    assertions.close()
