"""The language of a sample, and the linker of each language."""

from pathlib import Path

import pytest

from gatbert.corpora.known_names import KnownNames
from gatbert.errors import UserError
from gatbert.knowledge import KnowledgeGraph
from gatbert.knowledge.build import build_graph
from gatbert.knowledge.sources import Sources
from gatbert.knowledge.sources.assertions import Choice
from gatbert.samples import Sample
from gatbert.tagging.linkers import Linkers, language_of
from gatbert.tagging.spelling import find_names
from tests.knowledge.dump import assertion, write_dump

LANGUAGES = ["de", "en"]


def sample(language: str, text: str = "text") -> Sample:
    return Sample("1", text, "target", meta={"language": language} if language else {})


@pytest.mark.parametrize(
    ("given", "found"), [("", "de"), ("en", "en"), ("EN", "en"), ("en-GB", "en"), ("en_US", "en"), ("de-CH", "de")]
)
def test_a_sample_is_in_the_language_of_its_flag(given: str, found: str) -> None:
    assert language_of(sample(given), LANGUAGES) == found


@pytest.mark.parametrize("given", ["English", "fr", "e", "-"])
def test_another_language_is_refused(given: str) -> None:
    with pytest.raises(
        UserError, match=rf"no concepts in the language {given!r}, but in de, en; build one with --lang"
    ):
        language_of(sample(given), LANGUAGES)


@pytest.fixture
def graph(tmp_path: Path) -> KnowledgeGraph:
    lines = [assertion("de/gift", "Synonym", "en/poison"), assertion("en/gift", "RelatedTo", "en/trump")]
    lines += [assertion("de/trump", "RelatedTo", "de/gift"), assertion("de/schön", "Antonym", "de/schon")]
    sources = Sources(conceptnet=[str(write_dump(tmp_path / "dump.csv", lines))])
    return KnowledgeGraph(build_graph(tmp_path / "graph", sources, Choice(languages=LANGUAGES)))


def test_each_language_has_its_linker_and_the_first_what_the_corpus_knows(graph: KnowledgeGraph) -> None:
    known = KnownNames(names=frozenset({"trump"}))
    linkers = Linkers(graph, allowed=range(len(graph)), known=known)
    keys = {code: [graph.key(one) for one in linkers.of(code).link(["Gift"]).seeds.tolist()] for code in LANGUAGES}
    assert keys == {"de": ["de/gift"], "en": ["en/gift"]}
    assert linkers.of("de") is linkers.of("de")
    assert (linkers.of("de").known, linkers.of("en").known) == (known, KnownNames())
    assert Linkers(graph, allowed=[]).of("de").link(["Gift"]).mentions == ()


def test_diacritics_tell_words_apart_where_the_graph_has_both(graph: KnowledgeGraph) -> None:
    assert [graph.key(graph.concept_id(word, "de") or 0) for word in ("schön", "schon", "SCHÖN", "gíft")] == [
        "de/schön", "de/schon", "de/schön", "de/gift",
    ]  # fmt: skip


def test_capitals_of_german_are_no_evidence_of_names(graph: KnowledgeGraph, tmp_path: Path) -> None:
    texts = ["wir sehen Trump und Trump", "so ist Trump"]
    assert find_names([sample("de", text) for text in texts], graph) == KnownNames()
    (tmp_path / "english").mkdir()
    dump = write_dump(tmp_path / "english" / "dump.csv", [assertion("en/trump", "IsA", "de/mann")])
    choice = Choice(languages=["en", "de"])
    first = KnowledgeGraph(build_graph(tmp_path / "english" / "graph", Sources(conceptnet=[str(dump)]), choice))
    assert find_names([sample("en", text) for text in texts], first).names == {"trump"}
    assert find_names([sample("de", text) for text in texts], first) == KnownNames()
