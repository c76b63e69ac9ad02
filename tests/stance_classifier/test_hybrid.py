"""HybridClassifier without a graph is its pretrained encoder."""

from copy import deepcopy
from itertools import product
from pathlib import Path

import pytest
import torch
from torch import nn
from transformers import AutoModel

from gatbert.nn.attention_types import ATTENTION_TYPES
from gatbert.pretrained.encoders import load_tokenizer
from gatbert.samples.transforms import TRANSFORMS
from gatbert.stance_classifier import HybridClassifier
from tests.graphs import random_sample, random_samples
from tests.stance_classifier.random_models import FAMILIES, build, logits
from tests.tiny import CONFIGS, save_encoder

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


def test_local_layers_stay_local(tmp_path: Path) -> None:
    """ModernBERT's local layers see a window of the text, whatever the graph."""
    config = {**CONFIGS["modernbert"], "local_attention": 8, "num_hidden_layers": 3, "global_attn_every_n_layers": 3}
    source = save_encoder(tmp_path, "modernbert", config=config)
    classifier, preprocessor = build(source, HybridClassifier)
    original, tokenizer = AutoModel.from_pretrained(source).eval(), load_tokenizer(source)
    sample = random_sample(7, num_words=30, num_concepts=0)
    states = original(**tokenizer(sample.target, sample.text, return_tensors="pt")).last_hidden_state
    torch.testing.assert_close(
        logits(classifier, preprocessor, [sample]), classifier.head(states[:, 0]), rtol=1e-4, atol=1e-5
    )


def test_gradient_checkpointing_changes_nothing(encoder: str) -> None:
    classifier, preprocessor = build(encoder, HybridClassifier)
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
