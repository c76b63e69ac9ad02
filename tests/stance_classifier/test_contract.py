"""What all graph classifiers promise, over all their attention types and graph encoders."""

from copy import deepcopy
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_args

import pytest
import torch
from torch import Tensor

from gatbert.errors import UserError
from gatbert.nn.attention_types import ATTENTION_TYPES, AttentionTypeName
from gatbert.nn.concept_encoder import GraphEncoderName
from gatbert.nn.graph_convolutions import CONVOLUTIONS
from gatbert.pretrained.encoders import build_encoder, load_encoder, load_tokenizer
from gatbert.samples import GraphSample, Sample
from gatbert.samples.transforms import TRANSFORMS
from gatbert.stance_classifier import ConcatClassifier, ExternalClassifier, HybridClassifier, StanceClassifier
from gatbert.stance_classifier.options import build_classifier, build_preprocessor
from tests.graphs import RELATIONS, random_sample, random_samples, shuffled
from tests.stance_classifier.graph_models import FAMILIES, build, logits
from tests.tiny import save_encoder

VARIANTS: list[tuple[type[StanceClassifier], dict[str, Any]]] = [
    *((HybridClassifier, {"att_type": name}) for name in ATTENTION_TYPES),
    (HybridClassifier, {"num_graph_layers": 1}),
    *((ExternalClassifier, {"att_type": name}) for name in ATTENTION_TYPES),
    *((ExternalClassifier, {"graph_encoder": name}) for name in get_args(GraphEncoderName)),
    (ConcatClassifier, {}),
    (ConcatClassifier, {"pooling": "seeds", "graph_encoder": "compgcn"}),
]
ALL = pytest.mark.parametrize(
    ("kind", "options"),
    VARIANTS,
    ids=lambda value: "-".join(map(str, value.values())) if isinstance(value, dict) else value.__name__,
)


def tensors(value: Any) -> dict[str, Tensor]:
    """Return all tensors of a batch, those of batches within it too."""
    found = {}
    for field in fields(value):
        part = getattr(value, field.name)
        found |= {field.name: part} if isinstance(part, Tensor) else {}
        found |= {f"{field.name}.{k}": v for k, v in tensors(part).items()} if is_dataclass(part) else {}
    return found


@ALL
def test_a_sample_alone_equals_its_row_among_others(
    encoder: str, kind: type[StanceClassifier], options: dict[str, Any]
) -> None:
    classifier, preprocessor = build(encoder, kind, **options)
    together = logits(classifier, preprocessor, random_samples())
    alone = torch.cat([logits(classifier, preprocessor, [sample]) for sample in random_samples()])
    torch.testing.assert_close(together, alone, rtol=1e-4, atol=1e-5)


@ALL
def test_the_order_of_edges_and_samples_does_not_matter(
    encoder: str, kind: type[StanceClassifier], options: dict[str, Any]
) -> None:
    classifier, preprocessor = build(encoder, kind, **options)
    expected = logits(classifier, preprocessor, random_samples())
    again = logits(classifier, preprocessor, shuffled(random_samples())[::-1]).flip(0)
    torch.testing.assert_close(again, expected, rtol=1e-4, atol=1e-5)


@ALL
def test_the_graph_changes_the_logits(encoder: str, kind: type[StanceClassifier], options: dict[str, Any]) -> None:
    classifier, preprocessor = build(encoder, kind, **options)
    with torch.no_grad():
        for parameter in classifier.parameters():
            parameter.mul_(1 if parameter.ndim < 2 else 8)  # random weights are small, and their effect is too
    sample = random_sample(1, num_words=12, num_concepts=9, num_edges=30, num_links=6)
    (without,) = TRANSFORMS["rm_external"]([sample], "")
    changed = logits(classifier, preprocessor, [sample]) - logits(classifier, preprocessor, [without])
    assert changed.abs().max() > 1e-5


@ALL
@pytest.mark.parametrize(
    "samples", [random_samples(), [random_sample(2, num_concepts=0)]], ids=["graphs", "no concepts"]
)
def test_every_parameter_gets_a_gradient_and_inputs_stay(
    encoder: str, kind: type[StanceClassifier], options: dict[str, Any], samples: list[GraphSample]
) -> None:
    """Where all graphs are empty too: otherwise processes would wait for each other."""
    classifier, preprocessor = build(encoder, kind, **options)
    batch = preprocessor.collate(preprocessor.encode(samples))
    before = deepcopy(batch)
    torch.nn.functional.cross_entropy(
        classifier.train()(batch), torch.zeros(len(samples), dtype=torch.int64)
    ).backward()
    without = [
        name for name, parameter in classifier.named_parameters() if parameter.requires_grad and parameter.grad is None
    ]
    assert without == []
    for name, tensor in tensors(before).items():
        torch.testing.assert_close(tensors(batch)[name], tensor, rtol=0, atol=0)


@ALL
def test_overfits_eight_samples(encoder: str, kind: type[StanceClassifier], options: dict[str, Any]) -> None:
    classifier, preprocessor = build(encoder, kind, **options)
    samples = [random_sample(seed, num_links=6) for seed in range(8)]
    gold = torch.tensor([0, 1, 2, 0, 0, 1, 2, 0])
    batch = preprocessor.collate(preprocessor.encode(samples))
    optimizer = torch.optim.Adam(classifier.parameters(), lr=1e-2)
    for _ in range(80):
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(classifier(batch), gold).backward()
        optimizer.step()
    assert torch.equal(classifier(batch).argmax(-1), gold)


@ALL
def test_is_rebuilt_from_plain_values(encoder: str, kind: type[StanceClassifier], options: dict[str, Any]) -> None:
    classifier, preprocessor = build(encoder, kind, **options)
    config = deepcopy(classifier.encoder.config.to_diff_dict())
    rebuilt = build_classifier(kind, build_encoder(config), 3, RELATIONS, {"head_dropout": 0.0, **options})
    rebuilt.load_state_dict(classifier.state_dict())
    expected = logits(classifier, preprocessor, random_samples())
    torch.testing.assert_close(logits(rebuilt.eval(), preprocessor, random_samples()), expected, rtol=0, atol=1e-6)


@ALL
def test_bf16_autocast_stays_close_and_finite(
    encoder: str, kind: type[StanceClassifier], options: dict[str, Any]
) -> None:
    classifier, preprocessor = build(encoder, kind, **options)
    expected = logits(classifier, preprocessor, random_samples())
    with torch.autocast("cpu", torch.bfloat16):
        found = logits(classifier, preprocessor, random_samples()).float()
    torch.testing.assert_close(found, expected, rtol=0.1, atol=0.05)


def test_every_member_of_the_open_sets_is_tested() -> None:
    tested = {name for _, options in VARIANTS for name in options.values()}
    assert set(get_args(AttentionTypeName)) == set(ATTENTION_TYPES) <= tested
    assert set(get_args(GraphEncoderName)) == {"relational", "compgcn", *CONVOLUTIONS} <= tested


@pytest.fixture(params=FAMILIES)
def graph_encoder(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A tiny encoder of every family that can read a graph."""
    return save_encoder(tmp_path, request.param, config=FAMILIES[request.param])


@pytest.mark.parametrize(
    ("kind", "options", "words"),
    [
        (HybridClassifier, {"num_graph_layers": 3}, "num_graph_layers 3 .* 1 to 2"),
        (HybridClassifier, {"num_graph_layers": 0}, "num_graph_layers 0 .* 1 to 2"),
        (ExternalClassifier, {"num_graph_layers": 3}, "num_graph_layers 3"),
        (ExternalClassifier, {"num_graph_layers": 0, "graph_encoder": "rgcn"}, "num_graph_layers 0"),
        (HybridClassifier, {"concept_embeddings": "file"}, "concept_vectors"),
        (HybridClassifier, {"concept_vectors": "somewhere"}, "concept_vectors"),
        (HybridClassifier, {"max_concepts": -1}, "max_concepts -1"),
    ],
)
def test_wrong_options_are_refused(
    encoder: str, kind: type[StanceClassifier], options: dict[str, Any], words: str
) -> None:
    with pytest.raises(UserError, match=words):
        build(encoder, kind, **options)


def test_a_corpus_without_graphs_is_refused_with_the_remedy(encoder: str) -> None:
    with pytest.raises(UserError, match=r"HybridClassifier reads a graph.*gatbert tag"):
        build_classifier(HybridClassifier, load_encoder(encoder), 3, None, {})
    preprocessor = build_preprocessor(HybridClassifier, load_tokenizer(encoder), 48, {})
    with pytest.raises(UserError, match=r"sample a has no graph.*gatbert tag"):
        preprocessor.encode([Sample("a", "text", "target")])
