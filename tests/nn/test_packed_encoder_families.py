"""Families of encoders: which can read a graph, and that rows left out change nothing."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from transformers import AutoConfig, AutoModel, PreTrainedModel

from gatbert.errors import UserError
from gatbert.stance_classifier import HybridClassifier
from tests.graphs import RELATIONS, random_samples
from tests.stance_classifier.random_models import FAMILIES, build
from tests.tiny import save_encoder


@pytest.fixture(params=FAMILIES)
def graph_encoder(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A tiny encoder of every family that can read a graph."""
    return save_encoder(tmp_path, request.param, config=FAMILIES[request.param])


def test_every_family_reads_the_graph_the_same_with_and_without_leaving_out_rows(graph_encoder: str) -> None:
    """What no later layer reads is not computed, and nothing else changes."""
    classifier, preprocessor = build(graph_encoder, HybridClassifier)
    batch = preprocessor.collate(preprocessor.encode(random_samples()))
    everything = replace(batch, rows_by_hops=batch.rows_by_hops[-1:])
    states = classifier.embeddings(batch, classifier.encoder.get_input_embeddings())
    few = classifier.graph_encoder(classifier.encoder, states, batch)
    every = classifier.graph_encoder(classifier.encoder, states, everything)
    assert len(few) == len(batch) < len(every)
    torch.testing.assert_close(few, every[: len(batch)], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("family", ["deberta-v2", "mpnet", "albert"])
def test_other_families_are_refused_by_name(family: str) -> None:
    sizes = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32}
    encoder: PreTrainedModel = AutoModel.from_config(AutoConfig.for_model(family, vocab_size=50, **sizes))
    with pytest.raises(UserError, match=rf"'{family}' cannot read a graph.*BERT, RoBERTa, XLM-R"):
        HybridClassifier(encoder, 3, RELATIONS)
