"""What is remembered of phrases is bounded, and nothing that is still needed is dropped."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatbert.pretrained.encoders import load_tokenizer
from gatbert.samples import GraphSample, Sample
from gatbert.samples.phrases import PhraseCache
from gatbert.samples.words import split_words
from gatbert.stance_classifier import graph_preprocessor
from gatbert.stance_classifier.hybrid import HybridPreprocessor
from gatbert.tagging import linking
from gatbert.tagging import tagger as tagger_module
from gatbert.tagging.linking import Linker
from gatbert.tagging.relevance import EncoderRelevance
from gatbert.tagging.tagger import Tagger
from tests.graphs import random_samples
from tests.knowledge.dump import graph_of


@given(st.lists(st.sets(st.text("abc", max_size=3), max_size=9)), st.integers(1, 5))
def test_all_that_is_asked_for_is_there_however_little_is_remembered(asked: list[set[str]], limit: int) -> None:
    found: list[str] = []
    cache = PhraseCache[str](lambda phrases: (found.append(p) or p.upper() for p in phrases), limit)  # type: ignore[func-returns-value]
    given_out = [(phrases, cache.look_up(phrases)) for phrases in asked]
    for phrases, known in given_out:
        assert {phrase: known[phrase] for phrase in phrases} == {phrase: phrase.upper() for phrase in phrases}
    assert len(cache._known) < limit + 9


def test_with_much_room_each_phrase_is_found_once() -> None:
    found: list[str] = []
    cache = PhraseCache[int](lambda phrases: (found.append(p) or len(p) for p in phrases), 100)  # type: ignore[func-returns-value]
    for phrases in (["a", "bb"], ["bb", "ccc"], ["a", "ccc"]):
        cache.look_up(phrases)
    assert found == ["a", "bb", "ccc"]


TRIPLES = [
    ("climate", "RelatedTo", "change"),
    ("climate change", "RelatedTo", "weather"),
    ("zoo", "RelatedTo", "animal"),
    ("women", "FormOf", "woman"),
]
TEXTS = [
    f"Zoos and #climatechange for WOMEN {number} word{number} other{number} animals" + " weather" * number
    for number in range(40)
]


def test_a_linker_that_remembers_little_links_as_one_that_remembers_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = graph_of(tmp_path, TRIPLES)
    wanted = [Linker(graph).link(split_words(text)) for text in TEXTS]
    assert all(len(linked.mentions) >= 4 for linked in wanted)
    for limit in (1, 7, 50):
        monkeypatch.setattr(linking, "CACHED_PHRASES", limit)
        linker = Linker(graph)
        assert [linker.link(split_words(text)) for text in TEXTS] == wanted
        most = limit + 200  # what one text needs, hashtags and endings included
        assert max(len(linker._concepts._known), len(linker._usable_concepts._known)) < most


def test_a_tagger_remembers_a_number_of_targets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tagger_module, "CACHED_TARGETS", 3)
    tagger = Tagger(graph_of(tmp_path, TRIPLES))
    for number in range(20):
        tagged = tagger.tag(Sample(str(number), "the weather", f"climate change {number % 7}"))
        assert tagged.sample.concepts == ("climate change", "weather")
    assert tagger._link_target.cache_info().currsize == 3


def test_similarity_is_the_same_however_little_is_remembered(
    encoder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = graph_of(tmp_path, TRIPLES)
    samples = [Sample(str(n), f"the weather {n}", f"zoo {n}") for n in range(6)]
    concepts = np.arange(len(graph))
    wanted = [EncoderRelevance(graph, encoder)(sample, concepts) for sample in samples]
    monkeypatch.setattr("gatbert.tagging.relevance.CACHED_PHRASES", 2)
    relevance = EncoderRelevance(graph, encoder)
    for _ in range(2):
        for sample, expected in zip(samples, wanted, strict=True):
            np.testing.assert_allclose(relevance(sample, concepts), expected, atol=1e-5)
    assert len(relevance._vectors._known) <= 2 + len(graph)


def test_subwords_are_the_same_however_little_is_remembered(encoder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    samples: list[GraphSample] = random_samples()
    tokenizer = load_tokenizer(encoder)
    wanted = HybridPreprocessor(tokenizer).encode(samples)
    monkeypatch.setattr(graph_preprocessor, "CACHED_CONCEPTS", 1)
    preprocessor = HybridPreprocessor(tokenizer)
    for _ in range(2):
        for one, other in zip(preprocessor.encode(samples), wanted, strict=True):
            assert {name: array.tolist() for name, array in one.arrays.items()} == {
                name: array.tolist() for name, array in other.arrays.items()
            }
