"""ExternalClassifier reads concepts, and nothing of the text."""

from dataclasses import replace

import torch

from gatbert.stance_classifier import ExternalClassifier
from tests.graphs import random_sample
from tests.stance_classifier.random_models import build, logits


def test_another_text_with_the_same_graph_has_the_same_answer(encoder: str) -> None:
    classifier, preprocessor = build(encoder, ExternalClassifier)
    sample = random_sample(1)
    words = tuple("zoo" for _ in sample.words)
    half = sample.num_target_words
    other = replace(sample, words=words, target=" ".join(words[:half]), text=" ".join(words[half:]))
    torch.testing.assert_close(logits(classifier, preprocessor, [sample]), logits(classifier, preprocessor, [other]))


def test_samples_without_concepts_are_all_alike(encoder: str) -> None:
    classifier, preprocessor = build(encoder, ExternalClassifier)
    found = logits(classifier, preprocessor, [random_sample(seed, num_concepts=0) for seed in (1, 2)])
    torch.testing.assert_close(found[0], found[1])
    torch.testing.assert_close(found[0], classifier.head(classifier.no_concepts))
