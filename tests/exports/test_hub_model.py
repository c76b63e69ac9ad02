"""What transformers loads gives the probabilities of gatbert, in every family, by its own class where it can."""

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor
from transformers import pipeline

import gatbert
from gatbert.exports import Choices, Extras, export_model
from gatbert.exports.inputs import pipeline_input
from gatbert.pretrained.nli_head import FIRST, SECOND
from gatbert.samples import Sample
from gatbert.samples.pair_settings import PairSettings
from tests.classifiers import BagOfTokens
from tests.exports.made import TARGETS, TEXTS, predicted, write_checkpoint
from tests.graphs import STANCES
from tests.pretrained.test_nli_head import save_nli
from tests.tiny import CONFIGS, DECODERS, ENCODER_DECODERS, save_encoder

OF_THE_FAMILY = ("bert", "roberta", "distilbert", "deberta-v2", "electra")
"""Families whose own head can be ours over the first token; that of ModernBERT norms what it reads."""

ELECTRA = {**CONFIGS["bert"], "embedding_size": 8}
FIRSTS = [(family, "first") for family in (*CONFIGS, "electra")]
MEANS = [(family, "mean") for family in (*CONFIGS, *ENCODER_DECODERS, *DECODERS)]
LASTS = [(family, "last") for family in ("bert", *DECODERS)]
FAST = [("bert", "first"), ("bert", "mean"), ("gpt2", "last"), ("distilbert", "first")]


def cases() -> list[Any]:
    return [
        pytest.param(*case, id="-".join(case), marks=() if case in FAST else pytest.mark.slow)
        for case in (*FIRSTS, *MEANS, *LASTS)
    ]


def by_pipeline(folder: Path, pair: PairSettings, trust: bool) -> Tensor:
    """Return the probabilities of a pipeline for the texts, as the card tells to ask for them ``(texts, stances)``."""
    classify = pipeline("text-classification", model=str(folder), trust_remote_code=trust, device="cpu")
    given = pipeline_input(pair, 48, ())
    rows = []
    for number, (text, target) in enumerate(zip(TEXTS, TARGETS, strict=True)):
        rendered = pair.rendered(Sample(str(number), text, target))
        fields = {"text": rendered.first} | ({"text_pair": rendered.second} if pair.second else {})
        found = classify(fields, top_k=None, truncation=given.truncation, max_length=48)
        scores = {one["label"]: one["score"] for one in found}
        rows.append([scores[stance] for stance in STANCES])
    return torch.tensor(rows)


@pytest.mark.parametrize(("family", "pooling"), cases())
def test_a_pipeline_gives_the_same_probabilities(family: str, pooling: str, tmp_path: Path) -> None:
    source = save_encoder(tmp_path / "encoder", family, config=ELECTRA if family == "electra" else None)
    checkpoint = write_checkpoint(tmp_path / "a.ckpt", source, pooling=pooling)
    wanted = predicted(gatbert.load(checkpoint))
    model = export_model(checkpoint, tmp_path / "out", "out", Choices(), Extras())
    assert model.classifies
    assert model.own_code == (pooling != "first" or family not in OF_THE_FAMILY)
    torch.testing.assert_close(predicted(gatbert.load(tmp_path / "out")), wanted, rtol=0, atol=1e-6)
    found = by_pipeline(tmp_path / "out", PairSettings(), model.own_code)
    torch.testing.assert_close(found, wanted, rtol=0, atol=1e-6)
    assert wanted.std(0).min() > 1e-3  # texts are told apart


@pytest.mark.parametrize(
    "family",
    ["bert", *(pytest.param(name, marks=pytest.mark.slow) for name in ("roberta", "deberta-v2", "modernbert"))],
)
def test_the_head_of_an_nli_model_is_that_of_its_family(family: str, tmp_path: Path) -> None:
    pair = PairSettings(FIRST, SECOND)
    source = save_nli(tmp_path / "encoder", family)
    checkpoint = write_checkpoint(tmp_path / "a.ckpt", source, pair=pair, pooling="nli")
    wanted = predicted(gatbert.load(checkpoint))
    model = export_model(checkpoint, tmp_path / "out", "out", Choices(), Extras())
    assert (model.classifies, model.own_code) == (True, False)
    torch.testing.assert_close(by_pipeline(tmp_path / "out", pair, False), wanted, rtol=0, atol=1e-6)


@pytest.mark.parametrize("options", [{"head_layers": 2}, {"head_layers": 3, "head_hidden_size": 5}])
def test_a_head_of_several_layers_goes_along_as_code(options: dict[str, Any], encoder: str, tmp_path: Path) -> None:
    checkpoint = write_checkpoint(tmp_path / "a.ckpt", encoder, **options)
    wanted = predicted(gatbert.load(checkpoint))
    assert export_model(checkpoint, tmp_path / "out", "out", Choices(), Extras()).own_code
    found = by_pipeline(tmp_path / "out", PairSettings(), True)
    torch.testing.assert_close(found, wanted, rtol=0, atol=1e-6)


@pytest.mark.parametrize(
    "pair", [PairSettings("{text}", "{target}?"), PairSettings("{target}: {text}", "")], ids=["text first", "one"]
)
def test_templates_are_given_as_they_are_filled_in(pair: PairSettings, encoder: str, tmp_path: Path) -> None:
    checkpoint = write_checkpoint(tmp_path / "a.ckpt", encoder, pair=pair)
    wanted = predicted(gatbert.load(checkpoint))
    export_model(checkpoint, tmp_path / "out", "out", Choices(), Extras())
    torch.testing.assert_close(by_pipeline(tmp_path / "out", pair, False), wanted, rtol=0, atol=1e-6)


def test_of_another_classifier_it_is_the_encoder_alone(encoder: str, tmp_path: Path) -> None:
    own = "tests.classifiers.BagOfTokens"
    checkpoint = write_checkpoint(tmp_path / "a.ckpt", encoder, BagOfTokens)
    wanted = predicted(gatbert.load(checkpoint, classifier=own))
    model = export_model(checkpoint, tmp_path / "out", "out", Choices(classifier=own), Extras())
    assert not model.classifies
    assert f'gatbert.load("out", classifier="{own}")' in (tmp_path / "out" / "README.md").read_text()
    found = predicted(gatbert.load(tmp_path / "out", classifier=own))
    torch.testing.assert_close(found, wanted, rtol=0, atol=1e-6)
