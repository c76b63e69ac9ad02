"""Heads of NLI models: as the start of ours they answer as their own model does, by the names of its labels."""

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor
from transformers import AutoConfig, AutoModelForSequenceClassification, AutoTokenizer

from gatbert.batches import Preprocessor
from gatbert.errors import UserError
from gatbert.pretrained.encoders import load_encoder, load_tokenizer
from gatbert.pretrained.nli_head import FIRST, SECOND, NliHead, nli_labels, start_nli_head
from gatbert.samples import Sample
from gatbert.samples.pair_settings import PairSettings
from gatbert.stance_classifier import StanceClassifier, TextClassifier
from gatbert.stance_classifier.options import build_preprocessor, build_started
from tests.tiny import CONFIGS, save_encoder

LABELS = ("neutral", "ENTAILMENT", "contradiction")
STANCES = ("against", "favor", "neutral")
SAMPLES = [Sample("a", "we must oppose the tax", "tax"), Sample("b", "good", "wind power")]
FAMILIES = {
    **{name: CONFIGS[name] for name in ("bert", "roberta", "deberta-v2", "distilbert", "modernbert")},
    "electra": {**CONFIGS["bert"], "embedding_size": 8},
}


def save_nli(folder: Path, family: str = "bert", labels: tuple[str, ...] = LABELS) -> str:
    """Save a random NLI model, whose answers differ from pair to pair, and return its folder."""
    source = save_encoder(folder, family, config=FAMILIES.get(family))
    config = AutoConfig.from_pretrained(source)
    config.id2label = dict(enumerate(labels))
    config.label2id = {label: number for number, label in enumerate(labels)}
    torch.manual_seed(1)
    model = AutoModelForSequenceClassification.from_config(config)
    for parameter in model.parameters():
        parameter.data += 0.3 * torch.randn_like(parameter)
    model.save_pretrained(folder)
    return source


def build(source: str, stances: tuple[str, ...] = STANCES) -> tuple[StanceClassifier, Preprocessor]:
    """Return a classifier that starts as the NLI model, and its preprocessor."""
    options = {"pooling": "nli"}
    classifier = build_started(TextClassifier, load_encoder(source), source, stances, None, options)
    tokenizer = load_tokenizer(source)
    return classifier.eval(), build_preprocessor(TextClassifier, tokenizer, 48, options, PairSettings(FIRST, SECOND))


def own_probabilities(source: str) -> Tensor:
    """Return what the NLI model itself says of each sample, by label ``(samples, labels)``."""
    model = AutoModelForSequenceClassification.from_pretrained(source).eval()
    tokenizer = AutoTokenizer.from_pretrained(source)
    rows = []
    for sample in SAMPLES:
        inputs = tokenizer(sample.text, f"The author is in favor of {sample.target}.", return_tensors="pt")
        with torch.no_grad():
            rows.append(model(**inputs).logits[0].softmax(-1))
    return torch.stack(rows)


@torch.no_grad()
def found(source: str, stances: tuple[str, ...] = STANCES) -> Tensor:
    classifier, preprocessor = build(source, stances)
    probabilities: Tensor = classifier(preprocessor.collate(preprocessor.encode(SAMPLES))).softmax(-1)
    return probabilities


@pytest.mark.parametrize("family", FAMILIES)
def test_zero_shots_equal_the_models_own_softmax_by_the_names_of_its_labels(family: str, tmp_path: Path) -> None:
    source = save_nli(tmp_path, family)
    own = own_probabilities(source)
    assert (own[0] - own[1]).abs().max() > 1e-3
    torch.testing.assert_close(found(source), own[:, [2, 1, 0]], rtol=0, atol=1e-6)
    turned = found(source, ("favor", "neutral", "against"))
    torch.testing.assert_close(turned, own[:, [1, 0, 2]], rtol=0, atol=1e-6)


def test_against_and_neutral_share_what_is_no_entailment(tmp_path: Path) -> None:
    source = save_nli(tmp_path, labels=("not_entailment", "entailment"))
    own = own_probabilities(source)
    shared = torch.stack([own[:, 0] / 2, own[:, 1], own[:, 0] / 2], -1)
    torch.testing.assert_close(found(source), shared, rtol=0, atol=1e-6)
    torch.testing.assert_close(found(source, ("against", "favor")), own, rtol=0, atol=1e-6)


def test_two_stances_of_three_labels_leave_the_third_out(tmp_path: Path) -> None:
    source = save_nli(tmp_path)
    both = own_probabilities(source)[:, [2, 1]]
    expected = both / both.sum(-1, keepdim=True)
    torch.testing.assert_close(found(source, ("against", "favor")), expected, rtol=0, atol=1e-6)


def test_the_head_is_trained_on_from_there(tmp_path: Path) -> None:
    classifier, preprocessor = build(save_nli(tmp_path))
    batch = preprocessor.collate(preprocessor.encode(SAMPLES))
    torch.nn.functional.cross_entropy(classifier.train()(batch), torch.tensor([0, 1])).backward()
    without = [name for name, parameter in classifier.named_parameters() if parameter.grad is None]
    assert without == []


@pytest.mark.parametrize(
    ("labels", "expected"),
    [(LABELS, LABELS), (("entailment", "not_entailment"), ("entailment", "not_entailment"))],
)
def test_labels_tell_nli(labels: tuple[str, ...], expected: tuple[str, ...], tmp_path: Path) -> None:
    assert nli_labels(save_nli(tmp_path, labels=labels)) == expected


def test_what_is_no_nli_model_is_refused(encoder: str, tmp_path: Path) -> None:
    assert nli_labels(encoder) is None
    with pytest.raises(UserError, match="has no head with the labels entailment, neutral and contradiction"):
        build(encoder)
    source = save_nli(tmp_path / "three")
    with pytest.raises(UserError, match="no label of neutral, ENTAILMENT, contradiction says 'query'"):
        build(source, ("against", "favor", "query"))
    config: Any = load_encoder(source).config
    head = NliHead(config, 3)
    other = load_encoder(save_encoder(tmp_path / "other", seed=5))
    with pytest.raises(UserError, match="cannot be used apart from its model"):
        start_nli_head(head, other, source, STANCES)
