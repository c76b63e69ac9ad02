"""What every classifier says of its parameters."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from gatbert.errors import UserError
from gatbert.nn.encoder_parts import encoder_layers
from gatbert.nn.optimization import Optimization
from gatbert.pretrained.encoders import load_encoder
from gatbert.stance_classifier import ConcatClassifier, ExternalClassifier, StanceClassifier, TextClassifier
from tests.graphs import RELATIONS
from tests.tiny import save_encoder

DEFAULTS = Optimization(1e-5, 1e-3, 0.1, 1.0, "linear", 0.0, 0.0, None, None, None, 0.0)


EMBEDDINGS = re.compile(r"embed|shared|wte|wpe")


def rates_of(classifier: StanceClassifier, settings: Optimization) -> dict[int, float]:
    """Return the learning rate of each parameter by its ``id``."""
    groups = classifier.parameter_groups(settings)
    return {id(parameter): group["lr"] for group in groups for parameter in group["params"]}


def test_parameters_are_grouped_by_rate_and_decay(any_encoder: str) -> None:
    classifier = TextClassifier(load_encoder(any_encoder), num_stances=3)
    classifier.head.bias.requires_grad_(False)
    groups = classifier.parameter_groups(DEFAULTS)
    settings = {
        id(parameter): (group["lr"], group["weight_decay"]) for group in groups for parameter in group["params"]
    }
    assert sum(len(group["params"]) for group in groups) == len(settings) == len(list(classifier.parameters())) - 1
    assert settings[id(classifier.head.weight)] == (1e-3, 0.1)
    assert id(classifier.head.bias) not in settings
    for parameter in classifier.encoder.parameters():
        assert settings[id(parameter)] == (1e-5, 0.1 if parameter.ndim > 1 else 0.0)
    assert rates_of(classifier, replace(DEFAULTS, head_learning_rate=None))[id(classifier.head.weight)] == 1e-5


@pytest.mark.parametrize("family", ["bert", "deberta-v2", "modernbert", "bart", "t5", "gpt2", "llama"])
def test_the_learning_rate_falls_by_layer(family: str, tmp_path: Path) -> None:
    """Which layer a parameter is of is told by what it is called in each family, written out here."""
    classifier = TextClassifier(load_encoder(save_encoder(tmp_path, family)), 3, pooling="mean")
    rates = rates_of(classifier, replace(DEFAULTS, layer_decay=0.5))
    found: dict[float, set[str]] = {}
    for name, parameter in classifier.encoder.named_parameters():
        number = re.search(r"(?:layer|layers|block|h)\.(\d+)\.", name)
        place = f"layer {number[1]}" if number else ("embeddings" if EMBEDDINGS.search(name) else "end")
        found.setdefault(rates[id(parameter)], set()).add(place)
    ends = set() if family in ("bert", "bart", "deberta-v2") else {"end"}
    assert found == {0.25e-5: {"embeddings"}, 0.5e-5: {"layer 0"}, 1e-5: {"layer 1"} | ends}
    assert rates[id(classifier.head.weight)] == 1e-3


def test_a_copy_of_the_layers_falls_from_its_own_top(encoder: str) -> None:
    classifier = ConcatClassifier(load_encoder(encoder), 3, RELATIONS, num_graph_layers=1)
    rates = rates_of(classifier, replace(DEFAULTS, layer_decay=0.5))
    top = encoder_layers(classifier.concept_layers)[0]
    assert {rates[id(parameter)] for parameter in top.parameters()} == {1e-5}
    words = classifier.encoder.get_input_embeddings().weight
    assert rates[id(words)] == 0.25e-5


def trained(module: torch.nn.Module) -> set[bool]:
    return {parameter.requires_grad for parameter in module.parameters()}


@pytest.mark.parametrize("family", ["bert", "modernbert", "llama"])
@pytest.mark.parametrize(("part", "frozen"), [(None, []), ("embeddings", [0]), (1, [0, 1]), (2, [0, 1, 2])])
def test_what_is_frozen_is_not_trained(family: str, part: Any, frozen: list[int], tmp_path: Path) -> None:
    classifier = TextClassifier(load_encoder(save_encoder(tmp_path, family)), 3, pooling="mean")
    classifier.freeze(part)
    layers = encoder_layers(classifier.encoder)
    parts = [classifier.encoder.get_input_embeddings(), *layers]
    assert [trained(one) for one in parts] == [{depth not in frozen} for depth in range(3)]
    assert trained(classifier.head) == {True}
    listed = rates_of(classifier, DEFAULTS)
    assert listed.keys() == {id(parameter) for parameter in classifier.parameters() if parameter.requires_grad}


@pytest.mark.parametrize("kind", [ConcatClassifier, ExternalClassifier])
def test_a_whole_encoder_is_frozen_with_the_copies_of_its_layers(kind: Any, encoder: str) -> None:
    classifier = kind(load_encoder(encoder), 3, RELATIONS)
    classifier.freeze("encoder")
    still = [name for name, parameter in classifier.named_parameters() if not parameter.requires_grad]
    assert {name.partition(".")[0] for name in still} <= {"encoder", "concept_layers"}
    assert trained(classifier.encoder) == {False}
    assert trained(classifier.head) == trained(classifier.graph_encoder) == {True}


def test_layers_that_are_not_there_cannot_be_frozen(encoder: str) -> None:
    with pytest.raises(UserError, match="freeze 3 is not accepted: TextClassifier has 2 layers of its encoder"):
        TextClassifier(load_encoder(encoder), 3).freeze(3)
