"""HybridClassifier without a graph, or behind closed gates, is its pretrained encoder; what its head reads."""

import math
from copy import deepcopy
from itertools import product
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
import torch
from torch import nn
from transformers import AutoModel

from gatbert.errors import UserError
from gatbert.nn.attention_types import ATTENTION_TYPES
from gatbert.nn.graph_gate import GATE_SCALE
from gatbert.pretrained.encoders import load_tokenizer
from gatbert.samples.transforms import TRANSFORMS
from gatbert.stance_classifier import HybridClassifier
from gatbert.stance_classifier.hybrid import HybridPooling
from gatbert.stance_classifier.word_tokens import IN_TARGET
from tests.graphs import random_sample, random_samples
from tests.stance_classifier.random_models import FAMILIES, build, logits, open_gates
from tests.tiny import save_encoder

EVERY = [
    pytest.param(family, att_type, marks=[pytest.mark.slow] * (family != "bert" and att_type != "edge_as_att"))
    for family, att_type in product(FAMILIES, ATTENTION_TYPES)
]
"""Families of encoders with attention types; each of both is of the fast suite with one of the other."""


@pytest.mark.parametrize(("family", "att_type"), EVERY)
def test_without_concepts_hybrid_is_its_pretrained_encoder(tmp_path: Path, family: str, att_type: str) -> None:
    graph_encoder = save_encoder(tmp_path, family, config=FAMILIES[family])
    classifier, preprocessor = build(graph_encoder, HybridClassifier, att_type=att_type)
    original, tokenizer = AutoModel.from_pretrained(graph_encoder).eval(), load_tokenizer(graph_encoder)
    samples = TRANSFORMS["rm_external"]([*random_samples(), random_sample(7, num_words=30)], "")
    for sample, row in zip(samples, logits(classifier, preprocessor, samples), strict=True):
        inputs = tokenizer(sample.target, sample.text, return_tensors="pt")
        first = original(**inputs).last_hidden_state[:, 0]
        torch.testing.assert_close(row, classifier.head(first)[0], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("att_type", ATTENTION_TYPES)
@pytest.mark.parametrize("pooling", ["first", "mean", "target"])
def test_a_closed_gate_is_the_pretrained_encoder_on_every_sample(encoder: str, att_type: str, pooling: str) -> None:
    options = {"graph_gate": "zero", "token_relation": True, "pooling": pooling, "att_type": att_type}
    classifier, preprocessor = build(encoder, HybridClassifier, **options)
    classifier.double()
    original, tokenizer = AutoModel.from_pretrained(encoder).eval().double(), load_tokenizer(encoder)
    for sample, row in zip(random_samples(), logits(classifier, preprocessor, random_samples()), strict=True):
        inputs = tokenizer(sample.target, sample.text, return_tensors="pt")
        states = original(**inputs).last_hidden_state[0]
        in_target = torch.tensor([number == 0 for number in inputs.sequence_ids()])
        chosen = {"first": torch.arange(len(states)) == 0, "mean": in_target | ~in_target, "target": in_target}
        expected = classifier.head(states[chosen[pooling]].mean(0))
        torch.testing.assert_close(row, expected, rtol=0, atol=1e-6)


@pytest.mark.parametrize("att_type", ATTENTION_TYPES)
def test_gates_are_told_at_once_and_the_graph_when_they_are_open(encoder: str, att_type: str) -> None:
    classifier, preprocessor = build(encoder, HybridClassifier, graph_gate="zero", pooling="mean", att_type=att_type)
    batch = preprocessor.collate(preprocessor.encode(random_samples()))
    gates = [gate.gate for gate in classifier.graph_encoder.gates]
    relations = next(classifier.graph_encoder.layers[0].parameters())
    for is_open in (False, True):
        classifier(batch).square().sum().backward()
        assert all((gate.grad != 0).all() for gate in gates)
        assert (relations.grad != 0).any() == is_open
        classifier.zero_grad()
        open_gates(classifier)


def test_a_dropped_graph_is_read_by_no_token_of_its_sample_and_in_training_alone(encoder: str) -> None:
    options = {"graph_gate": "zero", "pooling": "mean", "graph_dropout": 0.5}
    classifier, preprocessor = build(encoder, HybridClassifier, **options)
    for module in classifier.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    without = logits(classifier, preprocessor, random_samples())  # its gates are closed
    open_gates(classifier)
    with_graph = logits(classifier, preprocessor, random_samples())
    dropped = torch.rand(len(without), generator=torch.Generator().manual_seed(0)) < 0.5
    assert 0 < dropped.sum() < len(dropped)
    torch.manual_seed(0)
    trained = logits(classifier.train(), preprocessor, random_samples())
    torch.testing.assert_close(trained, torch.where(dropped.unsqueeze(-1), without, with_graph))


def test_a_graph_without_gates_cannot_be_dropped(encoder: str) -> None:
    with pytest.raises(UserError, match=r"graph_dropout 0\.5 needs graph_gate zero"):
        build(encoder, HybridClassifier, graph_dropout=0.5)


def test_how_far_gates_are_open_is_said_by_layer(encoder: str) -> None:
    classifier, _ = build(encoder, HybridClassifier, graph_gate="zero", num_graph_layers=1)
    assert classifier.measures() == {"gate_layer1": 0}
    torch.nn.init.constant_(classifier.graph_encoder.gates[0].gate, -0.5 / GATE_SCALE)
    assert classifier.measures()["gate_layer1"].item() == pytest.approx(math.tanh(0.5))
    assert build(encoder, HybridClassifier)[0].measures() == {}


@pytest.mark.parametrize(("pooling", "num_read"), [("mean", 12), ("target", 2), ("concepts", 9)])
def test_the_head_reads_the_mean_over_what_pooling_says(encoder: str, pooling: str, num_read: int) -> None:
    classifier, preprocessor = build(encoder, HybridClassifier, pooling=pooling)
    sample, bare = random_sample(1, num_words=9, num_concepts=9, num_edges=30), random_sample(2, num_concepts=0)
    (encoded, empty) = preprocessor.encode([sample, bare])
    num_tokens = [len(one.arrays["input_ids"]) for one in (encoded, empty)]
    batch = preprocessor.collate([encoded, empty])
    (readout,) = classifier.readout(batch)
    of_sample = batch.node_index[(readout.weights[0] > 0) & (batch.sample_of_row == 0)].sort().values.tolist()
    expected = {
        "mean": range(num_tokens[0]),
        "target": np.flatnonzero(encoded.arrays["node_groups"][: num_tokens[0]] == IN_TARGET),
        "concepts": range(num_tokens[0], num_tokens[0] + num_read),
    }
    assert of_sample == list(expected[pooling])
    of_bare = int((readout.weights[0] > 0)[batch.sample_of_row == 1].sum())
    assert of_bare == (sum(empty.arrays["node_groups"] == IN_TARGET) if pooling == "target" else num_tokens[1])


@pytest.mark.parametrize("options", [{}, {"graph_gate": "zero"}, {"token_relation": True}])
@pytest.mark.parametrize("pooling", get_args(HybridPooling))
def test_rows_that_nobody_reads_change_nothing(encoder: str, pooling: str, options: dict[str, Any]) -> None:
    classifier, preprocessor = build(encoder, HybridClassifier, pooling=pooling, **options)
    open_gates(classifier)
    batch = preprocessor.collate(preprocessor.encode(random_samples()))
    preprocessor.read = "all"
    whole = preprocessor.collate(preprocessor.encode(random_samples()))
    embeddings = classifier.embeddings(whole, classifier.encoder.get_input_embeddings())
    states = classifier.graph_encoder(classifier.encoder, embeddings, whole)
    assert len(states) == len(whole.sample_of_row) >= len(batch.sample_of_row)
    (readout,) = classifier.readout(whole)
    owned = readout.weights.float() * (whole.sample_of_row == torch.arange(len(whole))[:, None])
    expected = classifier.head(owned @ states / owned.sum(1, keepdim=True))
    torch.testing.assert_close(classifier(batch), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("options", [{}, {"graph_gate": "zero", "pooling": "mean", "token_relation": True}])
def test_gradient_checkpointing_changes_nothing(encoder: str, options: dict[str, Any]) -> None:
    classifier, preprocessor = build(encoder, HybridClassifier, **options)
    open_gates(classifier)
    batch = preprocessor.collate(preprocessor.encode(random_samples()))
    found = []
    for checkpointing in (False, True):
        model = deepcopy(classifier).train()
        for module in model.modules():
            module.p = 0.0 if isinstance(module, nn.Dropout) else getattr(module, "p", None)
        if checkpointing:
            model.encoder.gradient_checkpointing_enable({"use_reentrant": False})
        model(batch).square().sum().backward()
        found.append([parameter.grad for parameter in model.parameters()])
    for one, other in zip(*found, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-6)
