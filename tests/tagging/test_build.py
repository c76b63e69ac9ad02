"""A tagger is built again from what a tagged corpus says of itself, with its own graph alone."""

from pathlib import Path

import pytest

from gatbert.corpora.graph_corpus import GraphCorpusInfo
from gatbert.corpora.tagging_settings import TaggingSettings
from gatbert.errors import UserError
from gatbert.tagging.build import build_tagger
from gatbert.tagging.tagger import Tagger
from tests.knowledge.dump import graph_of
from tests.tagged import SAMPLE, TRIPLES


@pytest.mark.parametrize("allowed", [None, (0, 1, 2)])
def test_it_tags_as_the_corpus_was_tagged(tmp_path: Path, allowed: tuple[int, ...] | None) -> None:
    graph = graph_of(tmp_path, TRIPLES)
    settings = TaggingSettings(sampling="naive", hops=1, max_concepts=3)
    info = GraphCorpusInfo(graph.relations, graph.checksum, "moved", settings, allowed=allowed)
    one, other = build_tagger(info, graph).tag(SAMPLE).sample, Tagger(graph, settings, allowed).tag(SAMPLE).sample
    assert (one.concepts, one.edges.tolist()) == (other.concepts, other.edges.tolist())
    assert one.concepts != Tagger(graph).tag(SAMPLE).sample.concepts


def test_another_graph_is_refused_by_both_checksums(tmp_path: Path) -> None:
    graph = graph_of(tmp_path, TRIPLES)
    info = GraphCorpusInfo(graph.relations, "f" * 64, "graphs/mine")
    with pytest.raises(
        UserError,
        match=rf"checksum {graph.checksum[:12]}, and the corpus was tagged with graphs/mine, checksum f{{12}};",
    ):
        build_tagger(info, graph)
