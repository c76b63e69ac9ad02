"""Processes that tag: the same samples in the same order, however many there are."""

from dataclasses import replace
from pathlib import Path

import pytest

from gatbert.corpora.graph_corpus import GraphCorpusInfo
from gatbert.samples import Sample
from gatbert.tagging.build import build_tagger
from gatbert.tagging.workers import tagging_processes
from tests.knowledge.dump import graph_of
from tests.tagged import SAMPLE, TRIPLES

# Flags of their own, as those of a corpus have: the default of all samples cannot travel to a process.
SAMPLES = [replace(SAMPLE, meta={}), *(Sample(f"p{number}", "a reactor", "waste", meta={}) for number in range(3))]


@pytest.mark.parametrize("num_workers", [0, pytest.param(2, marks=pytest.mark.slow)])
def test_samples_come_tagged_in_their_order(tmp_path: Path, num_workers: int) -> None:
    graph = graph_of(tmp_path, TRIPLES)
    info = GraphCorpusInfo(graph.relations, graph.checksum, str(graph.folder))
    with tagging_processes(build_tagger(info, graph), info, num_workers) as tag_all:
        found = list(tag_all(SAMPLES))
    assert [tagged.sample.id for tagged in found] == [sample.id for sample in SAMPLES]
    assert found[0].sample.concepts == ("nuclear power", "reactor", "radiation", "waste")
