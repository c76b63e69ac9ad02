"""What a classifier says that its head reads is what its head reads."""

from collections.abc import Sequence
from typing import Any, get_args

import pytest
import torch
from torch import Tensor, nn

from gatbert.batches import Batch
from gatbert.pretrained.encoders import load_encoder, load_tokenizer
from gatbert.stance_classifier import (
    ConcatClassifier,
    ExternalClassifier,
    HybridClassifier,
    Readout,
    StanceClassifier,
    TextClassifier,
)
from gatbert.stance_classifier.class_paths import known_classifiers
from gatbert.stance_classifier.hybrid import HybridPooling
from gatbert.stance_classifier.options import build_classifier, build_preprocessor
from tests.classifiers import BagOfTokens, LastToken
from tests.graphs import RELATIONS, random_samples

VARIANTS: list[tuple[type[StanceClassifier], dict[str, Any]]] = [
    (TextClassifier, {}),
    (TextClassifier, {"pooling": "mean"}),
    (ExternalClassifier, {}),
    (ExternalClassifier, {"graph_encoder": "rgcn"}),
    (ConcatClassifier, {}),
    (ConcatClassifier, {"pooling": "seeds"}),
    (ConcatClassifier, {"pooling": "seeds", "graph_encoder": "compgcn"}),
    *((HybridClassifier, {"pooling": pooling}) for pooling in get_args(HybridPooling)),
    (HybridClassifier, {"graph_gate": "zero", "pooling": "concepts"}),
    (LastToken, {}),
]
ALL = pytest.mark.parametrize(("kind", "options"), VARIANTS)


def build(source: str, kind: type[StanceClassifier], options: dict[str, Any]) -> tuple[StanceClassifier, Batch]:
    torch.manual_seed(0)
    classifier = build_classifier(kind, load_encoder(source), 3, RELATIONS, options).eval()
    preprocessor = build_preprocessor(kind, load_tokenizer(source), 48, options)
    return classifier, preprocessor.collate(preprocessor.encode(random_samples()))


def means(readout: Readout, states: Tensor, batch: Batch) -> list[Tensor]:
    """Return the weighted mean of each sample's states by each vector's weights ``(batch, hidden)``, nan for none."""
    found = []
    for weights in readout.weights.float():
        if readout.graph is None:
            found.append(torch.einsum("bt,bth->bh", weights, states) / weights.sum(1, keepdim=True))
            continue
        assert not weights[len(states) :].any()  # rows that the last layer does not compute
        chosen, owner = weights[: len(states)], readout.graph.sample_of_row[: len(states)]
        owned = chosen * (owner == torch.arange(len(batch))[:, None])
        found.append(owned @ states / owned.sum(1, keepdim=True))
    return found


@ALL
@torch.no_grad()
def test_the_head_gets_the_means_that_the_readout_tells(
    encoder: str, kind: type[StanceClassifier], options: dict[str, Any]
) -> None:
    classifier, batch = build(encoder, kind, options)
    states: dict[bool, Tensor] = {}
    heads: list[Tensor] = []

    def keep_text(module: nn.Module, args: tuple[Any, ...], output: Any) -> None:
        states[False] = output.last_hidden_state

    def keep_graph(module: nn.Module, args: tuple[Any, ...], output: Tensor) -> None:
        states[True] = output

    classifier.encoder.register_forward_hook(keep_text)
    if hasattr(classifier, "graph_encoder"):
        classifier.graph_encoder.register_forward_hook(keep_graph)  # type: ignore[union-attr]  # a module
    classifier.head.register_forward_pre_hook(lambda module, args: heads.append(args[0]))  # type: ignore[union-attr]  # a module
    classifier(batch)
    readouts: Sequence[Readout] = classifier.readout(batch)
    told = [mean for readout in readouts for mean in means(readout, states[readout.graph is not None], batch)]
    vectors = heads[0].chunk(len(told), dim=-1)
    for mean, vector in zip(told, vectors, strict=True):
        known = ~mean.isnan().any(1)
        torch.testing.assert_close(vector[known], mean[known])
        assert known.any()


@ALL
def test_attention_leads_there_but_where_convolutions_do(
    encoder: str, kind: type[StanceClassifier], options: dict[str, Any]
) -> None:
    classifier, batch = build(encoder, kind, options)
    by_attention = [readout.encoder is not None for readout in classifier.readout(batch)]
    assert all(by_attention) == (options.get("graph_encoder", "relational") == "relational")
    assert all(readout.encoder in (None, *classifier.modules()) for readout in classifier.readout(batch))


def test_a_classifier_may_say_nothing_and_those_of_the_package_all_say_something(encoder: str) -> None:
    classifier, batch = build(encoder, BagOfTokens, {})
    assert classifier.readout(batch) == ()
    assert {kind for kind, _ in VARIANTS} >= set(known_classifiers().values())
