"""TextClassifier over every family of encoders, against Hugging Face called directly."""

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

import pytest
import torch
from transformers import AutoModel

from gatbert.pretrained.encoders import load_encoder, load_tokenizer
from gatbert.samples import Sample
from gatbert.stance_classifier import TextBatch, TextClassifier, TextPreprocessor

POOLINGS = ("first", "mean")
SAMPLES = [
    Sample("a", "we must oppose the tax", "tax", "against"),
    Sample("b", "good", "wind power", "favor"),
    Sample("c", "maybe it is a zoo, why not? " * 4, "the zoo", "neutral"),
]


def build(source: str, **options: Any) -> tuple[TextClassifier, TextPreprocessor]:
    torch.manual_seed(0)
    classifier = TextClassifier(load_encoder(source), 3, **options)
    return classifier, TextClassifier.preprocessor(load_tokenizer(source), 48)


def batch_of(preprocessor: TextPreprocessor, samples: Sequence[Sample]) -> TextBatch:
    return preprocessor.collate(preprocessor.encode(samples))


@pytest.mark.parametrize("pooling", POOLINGS)
def test_logits_equal_hugging_face_called_directly(any_encoder: str, pooling: str) -> None:
    classifier, preprocessor = build(any_encoder, pooling=pooling)
    logits = classifier.eval()(batch_of(preprocessor, SAMPLES))
    tokenizer, encoder = load_tokenizer(any_encoder), AutoModel.from_pretrained(any_encoder).eval()
    for sample, row in zip(SAMPLES, logits, strict=True):
        inputs = tokenizer(sample.target, sample.text, truncation="only_second", max_length=48, return_tensors="pt")
        states = encoder(**inputs).last_hidden_state[0]
        pooled = states[0] if pooling == "first" else states.mean(0)
        torch.testing.assert_close(row, classifier.head(pooled), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("pooling", POOLINGS)
def test_a_sample_alone_equals_its_row_among_others(any_encoder: str, pooling: str) -> None:
    classifier, preprocessor = build(any_encoder, pooling=pooling)
    classifier.eval()
    together = classifier(batch_of(preprocessor, SAMPLES))
    alone = torch.cat([classifier(batch_of(preprocessor, [sample])) for sample in SAMPLES])
    torch.testing.assert_close(together, alone, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("pooling", POOLINGS)
def test_every_parameter_gets_a_gradient_and_inputs_stay(any_encoder: str, pooling: str) -> None:
    classifier, preprocessor = build(any_encoder, pooling=pooling)
    batch = batch_of(preprocessor, SAMPLES)
    before = deepcopy(batch)
    loss = torch.nn.functional.cross_entropy(classifier(batch), torch.tensor([0, 1, 2]))
    loss.backward()
    without = [name for name, parameter in classifier.named_parameters() if parameter.grad is None]
    assert without == []
    torch.testing.assert_close(batch.input_ids, before.input_ids)
    torch.testing.assert_close(batch.attention_mask, before.attention_mask)


@pytest.mark.slow  # the contract of all classifiers has it for one family
def test_overfits_eight_samples(any_encoder: str) -> None:
    classifier, preprocessor = build(any_encoder, head_dropout=0.0)
    texts = ["good help", "bad harm", "why maybe", "love support"] * 2
    samples = [Sample(str(i), text, ("zoo", "tax")[i % 2]) for i, text in enumerate(texts)]
    gold = torch.tensor([0, 1, 2, 0, 0, 1, 2, 0])
    batch = batch_of(preprocessor, samples)
    optimizer = torch.optim.Adam(classifier.parameters(), lr=1e-2)
    for _ in range(60):
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(classifier(batch), gold).backward()
        optimizer.step()
    assert torch.equal(classifier.eval()(batch).argmax(-1), gold)


def test_token_types_stand_where_the_family_has_them(any_encoder: str) -> None:
    _, preprocessor = build(any_encoder)
    batch = batch_of(preprocessor, SAMPLES[:1])
    with_types = any(family in any_encoder for family in ("/bert", "deberta"))
    assert (batch.token_type_ids is not None) == with_types
    if batch.token_type_ids is not None:
        assert batch.token_type_ids.tolist() == [[0, 0, 0, 1, 1, 1, 1, 1, 1]]
