"""Pictures of samples name what is there, and no more."""

from dataclasses import replace

import numpy as np
import pytest

from gatbert.evaluation.drawing import page, sample_picture, svg
from gatbert.knowledge import KnowledgeGraph
from gatbert.samples import GraphSample
from gatbert.samples.relations import vocabulary
from gatbert.samples.transforms import TRANSFORMS
from gatbert.tagging.tagger import Tagger
from tests.knowledge.dump import graph_of
from tests.tagged import SAMPLE, TRIPLES


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    return graph_of(tmp_path_factory.mktemp("tagging"), TRIPLES)


def test_pictures_name_every_node_and_relation(graph: KnowledgeGraph) -> None:
    sample = replace(Tagger(graph).tag(SAMPLE).sample, target="<nuclear> & power")
    picture = sample_picture(sample, graph.relations)
    drawn = svg(picture)
    for word in ("nuclear", "Reactors", *sample.concepts, "Causes", "HasA", "RelatedTo"):
        assert f">{word}<" in drawn
    assert ">says<" not in drawn
    assert "Causes^-1" not in drawn
    html = page(sample.target, sample.text, picture)
    assert "&lt;nuclear&gt; &amp; power" in html
    assert "<nuclear>" not in html
    assert "src=" not in html


GRAPH = GraphSample(
    id="g1",
    text="wind power",
    target="zoos",
    stance="favor",
    words=("zoos", "wind", "power"),
    num_target_words=1,
    concepts=("zoo", "wind", "animal"),
    concept_ids=(7, 8, 9),
    edges=np.array([[0, 3, 1, 4, 3, 5], [3, 0, 4, 1, 5, 3], [2, 2, 2, 2, 6, 9]], np.int32),
)
"""The target mentions the concept zoo, the text the concept wind; zoo and animal are related."""


def test_a_picture_shows_no_first_token() -> None:
    (linked,) = TRANSFORMS["cls_global_edges"]([GRAPH], "<m>")
    assert isinstance(linked, GraphSample)
    relations = vocabulary(["IsA", "RelatedTo", "UsedFor", "Causes"])
    assert sample_picture(linked, relations) == sample_picture(GRAPH, relations)
