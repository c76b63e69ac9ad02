"""TextClassifier over every family of encoders, against Hugging Face called directly."""

import logging
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoModel

from gatbert.errors import UserError
from gatbert.pretrained.encoders import load_encoder, load_tokenizer
from gatbert.samples import Sample
from gatbert.samples.background import BackgroundName
from gatbert.samples.pair_settings import PairSettings
from gatbert.stance_classifier import (
    ConcatClassifier,
    ExternalClassifier,
    HybridClassifier,
    StanceClassifier,
    TextBatch,
    TextClassifier,
    TextPreprocessor,
)
from gatbert.stance_classifier.options import build_preprocessor
from tests.graphs import GRAPH, RELATIONS, random_samples
from tests.tiny import DECODERS, save_encoder

POOLINGS = ("first", "last", "mean")
SAMPLES = [
    Sample("a", "we must oppose the tax", "tax", "against"),
    Sample("b", "good", "wind power", "favor"),
    Sample("c", "maybe it is a zoo, why not? " * 4, "the zoo", "neutral"),
]

DEFINED = PairSettings(background="definition")

TAGGED = replace(
    GRAPH,
    target="zoo",
    words=("zoo", "wind", "power"),
    definitions=("it is good", "", "the zoo animal"),
)


def build(source: str, **options: Any) -> tuple[TextClassifier, TextPreprocessor]:
    torch.manual_seed(0)
    classifier = TextClassifier(load_encoder(source), 3, **options)
    return classifier, TextClassifier.preprocessor(load_tokenizer(source), 48)


def batch_of(preprocessor: TextPreprocessor, samples: Sequence[Sample]) -> TextBatch:
    return preprocessor.collate(preprocessor.encode(samples))


@pytest.mark.parametrize(
    ("background", "wanted"),
    [
        ("none", "[CLS] zoo [SEP] wind power [SEP]"),
        ("concepts", "[CLS] zoo [SEP] wind power [SEP] zoo , wind , animal [SEP]"),
        ("definition", "[CLS] zoo [SEP] wind power [SEP] zoo . it is good , wind , animal . the zoo animal [SEP]"),
    ],
)
def test_a_background_comes_after_the_text(any_encoder: str, background: BackgroundName, wanted: str) -> None:
    """The tiny tokenizer knows neither colon nor semicolon: both are put in the place of what it knows."""
    tokenizer = load_tokenizer(any_encoder)
    preprocessor = TextPreprocessor(tokenizer, 48, PairSettings(background=background))
    (encoded,) = preprocessor.encode([TAGGED])
    expected = wanted.replace(" . ", " [UNK] ").replace(" , ", " [UNK] ").split()
    assert tokenizer.convert_ids_to_tokens(encoded.arrays["input_ids"].tolist()) == expected
    assert encoded.size == len(expected)
    if "token_type_ids" in encoded.arrays:
        assert encoded.arrays["token_type_ids"].tolist() == [0] * 3 + [1] * (len(expected) - 3)


def test_a_background_is_cut_before_the_text_and_a_target_never(encoder: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, logger="gatbert")
    tokenizer = load_tokenizer(encoder)
    whole = TextPreprocessor(tokenizer, 48, DEFINED).encode([TAGGED])[0].arrays["input_ids"].tolist()
    pair = TextPreprocessor(tokenizer, 48).encode([TAGGED])[0].arrays["input_ids"].tolist()
    for max_length in range(5, len(whole) + 1):
        (cut,) = TextPreprocessor(tokenizer, max_length, DEFINED).encode([TAGGED])
        (plain,) = TextPreprocessor(tokenizer, max_length).encode([TAGGED])
        ids = cut.arrays["input_ids"].tolist()
        assert cut.cut == plain.cut == (max_length < len(pair))
        if max_length <= len(pair) + 1:
            assert ids == plain.arrays["input_ids"].tolist()
        else:
            assert ids == [*whole[: max_length - 1], whole[-1]]
    assert "1 of 1 backgrounds do not fit into max_length" in caplog.text


def test_classifiers_that_read_no_background_say_so(encoder: str) -> None:
    with pytest.raises(UserError, match=r"HybridClassifier reads no background definition, .*give --classifier Text"):
        build_preprocessor(HybridClassifier, load_tokenizer(encoder), 48, {}, DEFINED)
    preprocessor = TextPreprocessor(load_tokenizer(encoder), 48, DEFINED)
    assert preprocessor.settings() != TextPreprocessor(load_tokenizer(encoder), 48).settings()
    with pytest.raises(UserError, match="sample a has no concepts"):
        preprocessor.encode(SAMPLES)


@pytest.mark.parametrize("pooling", POOLINGS)
def test_logits_equal_hugging_face_called_directly(any_encoder: str, pooling: str) -> None:
    classifier, preprocessor = build(any_encoder, pooling=pooling)
    logits = classifier.eval()(batch_of(preprocessor, SAMPLES))
    tokenizer, encoder = load_tokenizer(any_encoder), AutoModel.from_pretrained(any_encoder).eval()
    for sample, row in zip(SAMPLES, logits, strict=True):
        inputs = tokenizer(sample.target, sample.text, truncation="only_second", max_length=48, return_tensors="pt")
        states = encoder(**inputs).last_hidden_state[0]
        pooled = {"first": states[0], "last": states[-1], "mean": states.mean(0)}[pooling]
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


@pytest.mark.parametrize("family", DECODERS)
def test_a_decoder_reads_alike_with_padding_on_either_side_and_with_none(family: str, tmp_path: Path) -> None:
    source = save_encoder(tmp_path, family)
    classifier, preprocessor = build(source, pooling="last")
    classifier.eval()
    batch = batch_of(preprocessor, SAMPLES)
    # The tokenizer of the files has padding on the left, and no token for it: ours has both.
    assert (batch.attention_mask[:, 0] == 1).all()
    right = classifier(batch)
    single = torch.cat([classifier(batch_of(preprocessor, [sample])) for sample in SAMPLES])
    torch.testing.assert_close(right, single, rtol=0, atol=1e-5)
    # (batch, tokens): the same tokens, padded on the left, in Hugging Face called directly
    order = batch.attention_mask.argsort(dim=1, stable=True)
    ids, mask = batch.input_ids.gather(1, order), batch.attention_mask.gather(1, order)
    assert (mask[:, -1] == 1).all()
    positions = (mask.cumsum(-1) - 1).clamp(min=0)
    whole = AutoModel.from_pretrained(source).eval()
    states = whole(input_ids=ids, attention_mask=mask, position_ids=positions).last_hidden_state
    torch.testing.assert_close(right, classifier.head(states[:, -1]), rtol=0, atol=1e-5)
    assert not torch.allclose(right[0], right[1], atol=1e-3)


@pytest.mark.parametrize("kind", [TextClassifier, HybridClassifier, ConcatClassifier, ExternalClassifier])
def test_what_cannot_work_on_a_decoder_is_refused(kind: type[StanceClassifier], tmp_path: Path) -> None:
    encoder = load_encoder(save_encoder(tmp_path, "llama"))
    graph: dict[str, Any] = {} if kind is TextClassifier else {"relations": RELATIONS}
    with pytest.raises(UserError, match=r"'llama'.*reads from left to right") as refused:
        kind(encoder, 3, **graph)
    advice = {TextClassifier: "--model.pooling last or mean", ConcatClassifier: "--model.pooling seeds"}
    assert advice.get(kind, "ModernBERT can") in str(refused.value)


def test_a_decoder_has_no_head_of_inference(tmp_path: Path) -> None:
    encoder = load_encoder(save_encoder(tmp_path, "gpt2"))
    with pytest.raises(UserError, match=r"'gpt2' reads from left to right.*--model.pooling last or mean"):
        TextClassifier(encoder, 3, pooling="nli")


def test_convolutions_over_concepts_work_on_a_decoder(tmp_path: Path) -> None:
    source = save_encoder(tmp_path, "gpt2")
    samples = random_samples()[:3]
    kinds: list[tuple[Any, dict[str, str]]] = [(ConcatClassifier, {"pooling": "seeds"}), (ExternalClassifier, {})]
    for kind, options in kinds:
        classifier = kind(load_encoder(source), 3, RELATIONS, graph_encoder="gatv2", **options).eval()
        preprocessor = kind.preprocessor(load_tokenizer(source), 48)
        together = classifier(preprocessor.collate(preprocessor.encode(samples)))
        alone = [classifier(preprocessor.collate(preprocessor.encode([sample]))) for sample in samples]
        torch.testing.assert_close(together, torch.cat(alone), rtol=0, atol=1e-5)


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
