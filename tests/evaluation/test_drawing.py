"""Pictures of samples name what is there, and no more."""

from dataclasses import replace

import pytest

from gatbert.evaluation.drawing import page, sample_picture, svg
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
