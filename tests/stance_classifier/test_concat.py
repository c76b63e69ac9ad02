"""ConcatClassifier has a text half that no graph changes, and a graph half that no text changes."""

import pytest
import torch

from gatbert.samples.transforms import TRANSFORMS
from gatbert.stance_classifier import ConcatClassifier
from tests.graphs import random_sample
from tests.stance_classifier.random_models import build


@pytest.mark.parametrize(("pooling", "parts"), [("first", 2), ("seeds", 4)])
def test_each_half_depends_on_its_own_input_alone(encoder: str, pooling: str, parts: int) -> None:
    classifier, preprocessor = build(encoder, ConcatClassifier, pooling=pooling)
    heard: list[torch.Tensor] = []
    classifier.head.register_forward_pre_hook(lambda _, inputs: heard.append(inputs[0]))
    sample = random_sample(1, num_words=12, num_concepts=9, num_edges=30, num_links=6)
    (bare,) = TRANSFORMS["rm_external"]([sample], "")
    for one in (sample, bare):
        classifier(preprocessor.collate(preprocessor.encode([one])))
    with_graph, without = (vectors[0].chunk(parts) for vectors in heard)
    half = parts // 2
    for vector, again in zip(with_graph[:half], without[:half], strict=True):
        torch.testing.assert_close(vector, again)
    for vector, nothing in zip(without[half:], classifier.no_concepts, strict=True):
        torch.testing.assert_close(vector, nothing)
    assert not torch.allclose(with_graph[half], without[half])
