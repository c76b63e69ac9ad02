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


def test_similarities_are_cosines_to_target_and_to_text(encoder: str, tmp_path: Path) -> None:
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
        *similar, none = relevance([sample.target, sample.text, "nothing"], [concepts, concepts, concepts[:0]])
        vectors = torch.stack([embedded(graph.label(concept)) for concept in concepts.tolist()])
        for found, side in zip(similar, (sample.target, sample.text), strict=True):
            np.testing.assert_allclose(found, vectors @ embedded(side), atol=1e-5)
        assert none.shape == (0,)


def test_each_phrase_is_read_once(encoder: str, tmp_path: Path) -> None:
    relevance = EncoderRelevance(graph_of(tmp_path, TRIPLES), encoder)
    sizes: list[int] = []
    relevance.reader.encoder.register_forward_pre_hook(
        lambda module, args, kwargs: sizes.append(len(kwargs["input_ids"])), with_kwargs=True
    )
    texts = ["the tax on the animal " * (n // 3 + 1) for n in range(9)]
    relevance(texts, [np.arange(3)] * len(texts))
    assert sum(sizes) == 3 + 3  # texts and concepts


def test_similarity_is_the_same_however_little_is_remembered(
    encoder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = graph_of(tmp_path, [("climate change", "RelatedTo", "weather"), ("zoo", "RelatedTo", "animal")])
    phrases = [f"the weather {n}, and the zoo" for n in range(6)]
    concepts = np.arange(len(graph))
    wanted = [EncoderRelevance(graph, encoder)([phrase], [concepts])[0] for phrase in phrases]
    monkeypatch.setattr("gatbert.tagging.relevance.CACHED_PHRASES", 2)
    relevance = EncoderRelevance(graph, encoder)
    for _ in range(2):
        for found, expected in zip(relevance(phrases, [concepts] * len(phrases)), wanted, strict=True):
            np.testing.assert_allclose(found, expected, atol=1e-5)
    assert len(relevance._vectors._known) <= 2 + len(graph) + len(phrases)
