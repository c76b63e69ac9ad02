"""What is kept of all sources together."""

from pathlib import Path

import pytest

from gatbert.errors import UserError
from gatbert.knowledge import KnowledgeGraph
from gatbert.knowledge.build import build_graph
from gatbert.knowledge.sources import Triples
from gatbert.knowledge.sources.assertions import Choice


def test_the_user_may_allow_more_relations(tmp_path: Path) -> None:
    path = tmp_path / "t.tsv"
    path.write_text("".join(f"r{n}\ta{n}\tb{n}\n" for n in range(1200)))
    build = {"triples": [Triples(str(path))]}
    with pytest.raises(UserError, match="1,001 different relations in 1,001 lines"):
        build_graph(tmp_path / "graph", **build)  # type: ignore[arg-type]
    with pytest.raises(UserError, match="1,101 different relations"):
        build_graph(tmp_path / "graph", choice=Choice(max_relations=1100), **build)  # type: ignore[arg-type]
    made = KnowledgeGraph(build_graph(tmp_path / "graph", choice=Choice(max_relations=1200), **build))  # type: ignore[arg-type]
    assert len(made.relation_vocabulary.names) == 1200
    assert len(made.neighbours(made.concept_id("a1199") or 0).relations) == 1


def test_sources_together_may_not_have_more_relations(tmp_path: Path) -> None:
    sources = []
    for name in "ab":
        (tmp_path / name).write_text("".join(f"{name}{n % 600}\tx{n}\ty{n}\n" for n in range(1300)))
        sources.append(Triples(str(tmp_path / name)))
    with pytest.raises(UserError, match=r"1,200 different relations, such as 'a0', .* more than max_relations 1,000"):
        build_graph(tmp_path / "graph", triples=sources)


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
def test_choices_have_their_ranges(options: dict[str, object], words: str) -> None:
    with pytest.raises(UserError, match=words):
        Choice(**options)  # type: ignore[arg-type]
