"""What all classifiers promise, over all choices of their options."""

import inspect
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import fields, is_dataclass
from typing import Any, Literal, get_args, get_origin

import pytest
import torch
from _pytest.mark.structures import ParameterSet
from torch import Tensor

from gatbert.errors import UserError
from gatbert.nn.optimization import Optimization
from gatbert.pretrained.configurations import build_encoder
from gatbert.pretrained.encoders import load_encoder, load_tokenizer
from gatbert.samples import GraphSample, Sample
from gatbert.samples.transforms import TRANSFORMS
from gatbert.stance_classifier import ExternalClassifier, HybridClassifier, StanceClassifier, TextClassifier
from gatbert.stance_classifier.class_paths import known_classifiers
from gatbert.stance_classifier.options import build_classifier, build_preprocessor, with_reader
from tests.graphs import RELATIONS, random_sample, random_samples, shuffled
from tests.stance_classifier.random_models import build, logits, open_gates


def takes(kind: type[StanceClassifier], option: str) -> bool:
    """Whether a classifier has an argument of this name."""
    return option in inspect.signature(kind).parameters


def variants() -> Iterator[ParameterSet]:
    """Yield every classifier of the package with every choice of its options.

    A choice that another classifier was tested with already is slow. Vectors from a file are tested elsewhere.
    """
    tested = set()
    for kind in reversed(known_classifiers().values()):
        yield pytest.param(kind, {}, id=kind.__name__)
        if takes(kind, "num_graph_layers"):
            yield pytest.param(kind, {"num_graph_layers": 1}, id=f"{kind.__name__}-1")
        if takes(kind, "concept_vector_size"):
            marks = [] if kind is HybridClassifier else [pytest.mark.slow]
            yield pytest.param(
                kind, {"concept_embeddings": "definition"}, id=f"{kind.__name__}-definition", marks=marks
            )
        for background in ("concepts", "definition") if kind is TextClassifier else ():
            yield pytest.param(kind, {"background": background}, id=f"{kind.__name__}-{background}")
        for name, argument in inspect.signature(kind).parameters.items():
            if get_origin(argument.annotation) is not Literal:
                continue
            for value in get_args(argument.annotation):
                again = (name, value) in tested
                tested.add((name, value))
                if value != argument.default:
                    marks = [pytest.mark.slow] if again else []
                    yield pytest.param(kind, {name: value}, id=f"{kind.__name__}-{value}", marks=marks)


VARIANTS = [*variants()]
ALL = pytest.mark.parametrize(("kind", "options"), VARIANTS)
DEFAULTS = pytest.mark.parametrize(
    ("kind", "options"),
    [one if not one.values[1] else pytest.param(*one.values, id=one.id, marks=pytest.mark.slow) for one in VARIANTS],
)
"""As ``ALL``, but that the fast suite has each classifier once."""

GRAPH_READERS = pytest.mark.parametrize(
    ("kind", "options"),
    [one for one in VARIANTS if takes(one.values[0], "relations")],  # type: ignore[arg-type]  # values of any type
)


def tensors(value: Any) -> dict[str, Tensor]:
    """Return all tensors of a batch, those of batches within it too."""
    found: dict[str, Tensor] = {}
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


@GRAPH_READERS
def test_the_graph_changes_the_logits(encoder: str, kind: type[StanceClassifier], options: dict[str, Any]) -> None:
    classifier, preprocessor = build(encoder, kind, **options)
    open_gates(classifier)
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


@DEFAULTS
def test_overfits_eight_samples(encoder: str, kind: type[StanceClassifier], options: dict[str, Any]) -> None:
    classifier, preprocessor = build(encoder, kind, **options)
    samples = [random_sample(seed, num_links=6) for seed in range(8)]
    gold = torch.tensor([0, 1, 2, 0, 0, 1, 2, 0])
    batch = preprocessor.collate(preprocessor.encode(samples))
    optimizer = torch.optim.Adam(classifier.parameters(), lr=3e-3)  # at 1e-2 the head of an NLI model needs more steps
    for _ in range(80):
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(classifier(batch), gold).backward()
        optimizer.step()
    assert torch.equal(classifier(batch).argmax(-1), gold)


@pytest.mark.parametrize("kind", known_classifiers().values())
def test_every_parameter_is_pretrained_or_new_and_none_is_both(encoder: str, kind: type[StanceClassifier]) -> None:
    classifier, _ = build(encoder, kind)
    settings = Optimization(1.0, 2.0, 0.1, 1.0, "linear", 0.0, 0.0, None, None, None, 0.0)
    groups = classifier.parameter_groups(settings)
    rates = [(id(one), group["lr"]) for group in groups for one in group["params"]]
    assert sorted(place for place, _ in rates) == sorted(id(one) for one in classifier.parameters())
    assert {id(one) for one in classifier.encoder.parameters()} <= {place for place, rate in rates if rate == 1.0}
    assert {dict(rates)[id(parameter)] for parameter in classifier.head.parameters()} == {2.0}


@DEFAULTS
def test_is_rebuilt_from_plain_values(encoder: str, kind: type[StanceClassifier], options: dict[str, Any]) -> None:
    classifier, preprocessor = build(encoder, kind, **options)
    config = deepcopy(classifier.encoder.config.to_diff_dict())
    own = with_reader({name: value for name, value in options.items() if name != "background"}, encoder)
    rebuilt = build_classifier(kind, build_encoder(config), 3, RELATIONS, {"head_dropout": 0.0, **own})
    rebuilt.load_state_dict(classifier.state_dict())
    expected = logits(classifier, preprocessor, random_samples())
    torch.testing.assert_close(logits(rebuilt.eval(), preprocessor, random_samples()), expected, rtol=0, atol=1e-6)


@DEFAULTS
def test_bf16_autocast_stays_close_and_finite(
    encoder: str, kind: type[StanceClassifier], options: dict[str, Any]
) -> None:
    classifier, preprocessor = build(encoder, kind, **options)
    expected = logits(classifier, preprocessor, random_samples())
    with torch.autocast("cpu", torch.bfloat16):
        found = logits(classifier, preprocessor, random_samples()).float()
    torch.testing.assert_close(found, expected, rtol=0.1, atol=0.05)


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


@pytest.mark.parametrize("kind", known_classifiers().values(), ids=lambda kind: kind.__name__)
def test_a_head_of_several_layers_is_trained_whole(encoder: str, kind: type[StanceClassifier]) -> None:
    classifier, preprocessor = build(encoder, kind, head_layers=3, head_hidden_size=5)
    output = logits(classifier, preprocessor, random_samples())
    output.sum().backward()
    assert [tuple(weight.shape) for weight in classifier.head.parameters()][2:] == [(5, 5), (5,), (3, 5), (3,)]
    assert all(parameter.grad is not None for parameter in classifier.head.parameters())
