"""Pictures of samples name what is there, and no more."""

import re
from dataclasses import replace

import pytest

from gatbert.evaluation.drawing import (
    OTHER_COLOR,
    RELATION_COLORS,
    Edge,
    Node,
    Picture,
    page,
    sample_picture,
    svg,
)
from gatbert.knowledge import KnowledgeGraph
from gatbert.samples import GraphSample
from gatbert.samples.relations import vocabulary
from gatbert.samples.transforms import TRANSFORMS
from gatbert.tagging.tagger import Tagger
from tests.graphs import GRAPH
from tests.knowledge.dump import graph_of
from tests.tagged import SAMPLE, TRIPLES


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    return graph_of(tmp_path_factory.mktemp("tagging"), TRIPLES)


def test_pictures_name_every_node_and_relation(graph: KnowledgeGraph) -> None:
    sample = replace(Tagger(graph).tag(SAMPLE).sample, target="<nuclear> & power")
    picture = sample_picture(sample, graph.relations)
    drawn = svg(picture)
    for word in ("nuclear", "reactors", *sample.concepts, "Causes", "HasA", "RelatedTo"):
        assert f">{word}<" in drawn
    assert ">says<" not in drawn
    assert "Causes^-1" not in drawn
    html = page(sample.target, sample.text, picture)
    assert "&lt;nuclear&gt; &amp; power" in html
    assert "<nuclear>" not in html
    assert "src=" not in html


def test_a_picture_shows_no_first_token() -> None:
    (linked,) = TRANSFORMS["cls_global_edges"]([GRAPH], "<m>")
    assert isinstance(linked, GraphSample)
    relations = vocabulary(["IsA", "RelatedTo", "UsedFor", "Causes"])
    assert sample_picture(linked, relations) == sample_picture(GRAPH, relations)


def test_what_ties_target_and_text_stands_between_their_concepts(graph: KnowledgeGraph) -> None:
    picture = sample_picture(Tagger(graph).tag(SAMPLE).sample, graph.relations)
    columns = {node.label: picture.headings[node.column] for node in picture.nodes}
    assert columns["nuclear power"] == "its concepts"
    assert columns["reactors"] == "text"
    mentioned = {"its concepts", "concepts of the text"}
    for edge in picture.edges:
        ends = {picture.headings[picture.nodes[node].column] for node in (edge.head, edge.tail)}
        assert bool(ends & {"target", "text"}) == (not edge.label)
        assert ends & mentioned or ends == {"between"}


def test_two_edges_of_the_same_nodes_are_one_curve() -> None:
    nodes = [Node("sun", "concept", 0), Node("heat", "concept", 1)]
    edges = [Edge(0, 1, "Causes"), Edge(1, 0, "RelatedTo"), Edge(0, 1, "Causes")]
    drawn = svg(Picture(nodes, edges, ("concept", "neighbours")))
    assert drawn.count("<path") == 1
    assert ">Causes, RelatedTo<" in drawn


def test_many_edges_are_told_by_colours_in_a_legend() -> None:
    names = [f"Relation{number}" for number in range(10)]
    nodes = [Node("hub", "concept", 0), *(Node(f"spoke {number}", "concept", 1) for number in range(55))]
    # The first relation has ten edges, the next nine, and so on.
    of_relation = [name for place, name in enumerate(names) for _ in range(10 - place)]
    edges = [Edge(0, spoke, name) for spoke, name in enumerate(of_relation, start=1)]
    drawn = svg(Picture(nodes, edges, ("concept", "neighbours")))
    told = re.findall(r'fill="(#[0-9a-f]+)"/><text[^>]*>(Relation[0-9]|others)</text>', drawn)
    assert told == [*zip(RELATION_COLORS, names[:8], strict=True), (OTHER_COLOR, "others")]
    assert [drawn.count(f'stroke="{color}"') for color in RELATION_COLORS] == [10, 9, 8, 7, 6, 5, 4, 3]
    assert drawn.count(f'stroke="{OTHER_COLOR}"') == 3
