"""Hybrid on encoders of ModernBERT's and XLM-R's shape, beyond one forward pass: long texts, trained and rebuilt."""

import json
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import AutoModel, PreTrainedModel

from gatbert.batches import Preprocessor
from gatbert.corpora.controlled import RELATIONS, SyntheticSettings, generate
from gatbert.nn.attention_types import ATTENTION_TYPES
from gatbert.pretrained.configurations import build_encoder
from gatbert.pretrained.encoders import load_encoder, load_tokenizer
from gatbert.samples import GraphSample
from gatbert.stance_classifier import HybridClassifier
from gatbert.stance_classifier.options import build_classifier, build_preprocessor
from tests.controlled import WIDE
from tests.graphs import STANCES, random_sample
from tests.stance_classifier.random_models import build, logits, open_gates
from tests.tiny import CONFIGS, save_encoder

LOCAL = {"local_attention": 8, "num_hidden_layers": 4, "global_attn_every_n_layers": 3}
SHAPES = {"modernbert": {**CONFIGS["modernbert"], **LOCAL}, "xlm-roberta": CONFIGS["roberta"]}
"""ModernBERT's first and last layer see all of a text, the two between see four tokens to each side."""

GATES = ("none", "zero")
EVERY = pytest.mark.parametrize(
    ("family", "att_type", "graph_gate"),
    [
        pytest.param(*one, marks=[pytest.mark.slow] * (one[1:] not in (("rel_mat", "none"), ("edge_as_att", "zero"))))
        for one in product(SHAPES, ATTENTION_TYPES, GATES)
    ],
)


def mixed_samples() -> list[GraphSample]:
    """Return samples without concepts: one of as many tokens as the encoders can take, and shorter ones."""
    return [random_sample(seed, num_words=words, num_concepts=0) for seed, words in enumerate((5, 59, 30))]


@EVERY
def test_without_concepts_every_token_is_that_of_the_plain_encoder(
    tmp_path: Path, family: str, att_type: str, graph_gate: str
) -> None:
    source = save_encoder(tmp_path, family, config=SHAPES[family])
    options = {"att_type": att_type, "graph_gate": graph_gate, "pooling": "mean"}
    classifier, preprocessor = build(source, HybridClassifier, **options)
    preprocessor.max_length = 62
    open_gates(classifier)
    classifier.double()
    plain, tokenizer = AutoModel.from_pretrained(source).eval().double(), load_tokenizer(source)
    found = logits(classifier, preprocessor, mixed_samples())
    for sample, row in zip(mixed_samples(), found, strict=True):
        states = plain(**tokenizer(sample.target, sample.text, return_tensors="pt")).last_hidden_state[0]
        torch.testing.assert_close(row, classifier.head(states.mean(0)), rtol=0, atol=1e-6)
    assert len(states) == 33


def build_for_controlled(source: str, encoder: PreTrainedModel, **options: Any) -> tuple[Any, Any]:
    """Build a random classifier of controlled data, and its preprocessor."""
    torch.manual_seed(0)
    options = {"head_dropout": 0.0, "pooling": "concepts", **options}
    classifier = build_classifier(HybridClassifier, encoder, 3, RELATIONS, options)
    return classifier, build_preprocessor(HybridClassifier, load_tokenizer(source), 62, options)


def controlled_batch(preprocessor: Preprocessor) -> tuple[Any, Tensor]:
    """Return texts of which each has each stance once, told by the relation of one edge alone, and these stances."""
    samples = list(generate(SyntheticSettings(num_texts=2, hops=1, relation_dependent=True)))
    gold = torch.tensor([STANCES.index(str(sample.stance)) for sample in samples])
    return preprocessor.collate(preprocessor.encode(samples)), gold


@EVERY
def test_the_graph_is_learnt_and_the_classifier_rebuilt(
    tmp_path: Path, family: str, att_type: str, graph_gate: str
) -> None:
    source = save_encoder(tmp_path, family, config={**SHAPES[family], **WIDE})
    options = {"att_type": att_type, "graph_gate": graph_gate}
    classifier, preprocessor = build_for_controlled(source, load_encoder(source), **options)
    batch, gold = controlled_batch(preprocessor)
    before = {name: value.clone() for name, value in classifier.graph_encoder.named_parameters()}
    optimizer = torch.optim.Adam(classifier.parameters(), lr=3e-3)
    losses: list[float] = []
    while len(losses) < 200 and not (losses and losses[-1] < 0.05):
        optimizer.zero_grad()
        loss = functional.cross_entropy(classifier.train()(batch), gold)
        loss.backward()
        nn.utils.clip_grad_norm_(classifier.parameters(), 1.0)
        optimizer.step()
        losses.append(loss.item())
    # Three samples of the same words have three stances: without the graph, the mean loss is log 3 at least.
    assert losses[-1] < 0.05
    same = [name for name, value in classifier.graph_encoder.named_parameters() if torch.equal(value, before[name])]
    # The head reads concepts, to which nothing comes of what tokens read in the last layer.
    assert same == ([] if graph_gate == "none" else [f"gates.{len(classifier.graph_encoder.gates) - 1}.gate"])
    config = json.loads(json.dumps(classifier.encoder.config.to_diff_dict()))
    rebuilt, _ = build_for_controlled(source, build_encoder(config), **options)
    rebuilt.load_state_dict(classifier.state_dict())
    torch.testing.assert_close(rebuilt.eval()(batch), classifier.eval()(batch), rtol=0, atol=0)


@pytest.mark.parametrize("family", SHAPES)
@pytest.mark.parametrize("graph_gate", ["none", "zero"])
def test_a_step_with_all_weights_in_half_precision(tmp_path: Path, family: str, graph_gate: str) -> None:
    source = save_encoder(tmp_path, family, config=SHAPES[family])
    classifier, preprocessor = build_for_controlled(source, load_encoder(source), graph_gate=graph_gate)
    open_gates(classifier)
    batch, gold = controlled_batch(preprocessor)
    expected = classifier.eval()(batch)
    classifier.bfloat16()
    found = classifier(batch.in_precision(torch.bfloat16))
    assert found.dtype == torch.bfloat16
    torch.testing.assert_close(found.float(), expected, rtol=0.1, atol=0.05)
    optimizer = torch.optim.AdamW(classifier.parameters(), lr=1e-3)
    loss = functional.cross_entropy(found.float(), gold)
    loss.backward()
    assert all(one.grad is not None and one.grad.isfinite().all() for one in classifier.parameters())
    assert all((one.grad != 0).any() for one in classifier.graph_encoder.layers.parameters())
    optimizer.step()
    after = classifier(batch.in_precision(torch.bfloat16))
    assert after.isfinite().all()
    assert not torch.equal(after, found)


@pytest.mark.parametrize("family", SHAPES)
def test_gradient_checkpointing_changes_nothing(tmp_path: Path, family: str) -> None:
    source = save_encoder(tmp_path, family, config=SHAPES[family])
    classifier, preprocessor = build_for_controlled(source, load_encoder(source))
    batch, gold = controlled_batch(preprocessor)
    found = []
    for checkpointing in (False, True):
        if checkpointing:
            classifier.encoder.gradient_checkpointing_enable({"use_reentrant": False})
        classifier.zero_grad()
        torch.manual_seed(0)  # of dropout
        functional.cross_entropy(classifier.train()(batch), gold).backward()
        found.append([parameter.grad for parameter in classifier.parameters()])
    for one, other in zip(*found, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-6)
