"""What a coverage report counts."""

import pytest

from gatbert.corpora.tagging_settings import TaggingSettings
from gatbert.knowledge import KnowledgeGraph
from gatbert.samples import Sample
from gatbert.tagging.coverage import CoverageReport
from gatbert.tagging.tagger import Tagger
from tests.knowledge.dump import graph_of
from tests.tagged import SAMPLE, TRIPLES, tagged_samples


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    return graph_of(tmp_path_factory.mktemp("tagging"), TRIPLES)


def test_the_coverage_report_counts(graph: KnowledgeGraph) -> None:
    report = CoverageReport()
    for tagged in [*tagged_samples(graph, 3), Tagger(graph, TaggingSettings(max_concepts=1)).tag(SAMPLE)]:
        report.add("test", tagged)
    report.add("test", Tagger(graph).tag(Sample("none", "xyzzy xyzzy", "quux")))
    said = report.plain()["test"]
    assert (said["num_samples"], said["target_linked"], said["bridged"]) == (5, 0.8, 0.6)
    assert (said["concepts_median"], said["concepts_cut"], said["samples_cut"]) == (4, 3, 1)
    assert dict(said["unlinked"]) == {"xyzzy": 1, "quux": 1}
    assert list(said["targets"]) == ["nuclear power", "quux"]


def test_unlinked_words_come_in_the_same_order_each_time(graph: KnowledgeGraph) -> None:
    """A set of words has another order in each process."""
    words = [f"{letter}yzzy" for letter in "qwertzuiopasdfghjklyxcvbnm"]
    report = CoverageReport()
    report.add("test", Tagger(graph).tag(Sample("none", " ".join([*words, *words]), "zebra")))
    assert report.plain()["test"]["unlinked"] == [(word, 1) for word in words]
