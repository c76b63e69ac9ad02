"""Similarity of concepts and samples, against the embeddings computed one by one."""

from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import AutoModel

from gatbert.pretrained.encoders import load_tokenizer
from gatbert.samples import Sample
from gatbert.tagging.relevance import EncoderRelevance
from tests.knowledge.dump import graph_of

TRIPLES = [("wind power", "IsA", "power"), ("zoo", "RelatedTo", "animal")]


def test_similarity_is_the_mean_cosine_to_target_and_text(encoder: str, tmp_path: Path) -> None:
    graph = graph_of(tmp_path, TRIPLES)
    relevance = EncoderRelevance(graph, encoder)
    sample = Sample("a", "we must oppose the tax on the animal", "the zoo")
    concepts = np.arange(len(graph))
    tokenizer, model = load_tokenizer(encoder), AutoModel.from_pretrained(encoder).eval()

    @torch.no_grad()
    def embedded(phrase: str) -> torch.Tensor:
        states = model(**tokenizer(phrase, return_tensors="pt")).last_hidden_state[0]
        return torch.nn.functional.normalize(states.mean(0), dim=0)

    for _ in range(2):  # the second time from memory
        similar = relevance(sample, concepts)
        for concept, found in zip(concepts.tolist(), similar.tolist(), strict=True):
            vector = embedded(graph.label(concept))
            expected = float(vector @ embedded(sample.target) + vector @ embedded(sample.text)) / 2
            assert found == pytest.approx(expected, abs=1e-5)


def test_similarity_is_the_same_however_little_is_remembered(
    encoder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = graph_of(tmp_path, [("climate change", "RelatedTo", "weather"), ("zoo", "RelatedTo", "animal")])
    samples = [Sample(str(n), f"the weather {n}", f"zoo {n}") for n in range(6)]
    concepts = np.arange(len(graph))
    wanted = [EncoderRelevance(graph, encoder)(sample, concepts) for sample in samples]
    monkeypatch.setattr("gatbert.tagging.relevance.CACHED_PHRASES", 2)
    relevance = EncoderRelevance(graph, encoder)
    for _ in range(2):
        for sample, expected in zip(samples, wanted, strict=True):
            np.testing.assert_allclose(relevance(sample, concepts), expected, atol=1e-5)
    assert len(relevance._vectors._known) <= 2 + len(graph)
