"""A trained classifier that is asked about samples: it tags them, predicts, and explains, in any thread."""

import threading
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import TypeVar

import torch
from torch import nn

from gatbert.batches import Encoded
from gatbert.explanations import Explanation, explain
from gatbert.predictor.prediction import Prediction
from gatbert.samples import GraphSample, Sample
from gatbert.samples.transforms import transformed
from gatbert.stance_classifier.trained import BATCH_SIZE, TrainedClassifier

ModuleT = TypeVar("ModuleT", bound=nn.Module)

_PREPARING = threading.Lock()
"""Held while samples are tagged and encoded: a graph marks concepts in one array, a tokenizer sets how it cuts when it
is first called, and the encoder of definitions is one for all models."""

_EXPLAINING = threading.Lock()
"""Held while a prediction is explained: attention is recorded under one name for all models."""


@dataclass(eq=False)
class SamplePredictor(TrainedClassifier):
    """A trained classifier that several threads may ask about samples at the same time.

    Args:
        tag: Gives a sample its graph, for classifiers that read concepts.
    """

    tag: Callable[[Sample], Sample] | None = None

    def predict_samples(
        self, samples: Sequence[Sample], batch_size: int = BATCH_SIZE, abstain_below: float | None = None
    ) -> list[Prediction]:
        """Predict the stance of samples, all in memory at once; those that have their graph keep it.

        Args:
            samples: The samples, with context and background where they are read.
            batch_size: Most samples that are computed together, longest first.
            abstain_below: Probability below which the likeliest stance is not predicted, and nothing is.

        Raises:
            UserError: If a sample cannot be read.
        """
        if not samples:
            return []
        encoded = self._encoded(self._prepared(samples))
        # (samples,), longest first: what is computed together is of one length, and little of it is padding
        order = sorted(range(len(encoded)), key=lambda index: -encoded[index].size)
        # (samples, stances), in that order, then in that of the samples
        logits = self.logits([encoded[index] for index in order], batch_size)
        probabilities = logits[torch.tensor(order).argsort()].softmax(-1).tolist()
        return [self._prediction(row, abstain_below or 0.0) for row in probabilities]

    def explain_sample(self, sample: Sample, batch_size: int = BATCH_SIZE, quick: bool = False) -> Explanation:
        """Explain the prediction for one sample.

        Args:
            sample: The sample, with context and background where they are read.
            batch_size: Most variants of it that are computed together.
            quick: As in ``gatbert.explanations.explain``.

        Raises:
            UserError: If it cannot be read.
        """
        with _EXPLAINING:
            (prepared,) = self._prepared([sample])
            self._encoded([prepared])  # alone with the tokenizer, which from here on is as it stays
            # Gradients and attention are read by hooks, which predictions of other threads must not meet.
            own = replace(self, classifier=_with_shared_weights(self.classifier))
            return explain(own, prepared, batch_size, quick)

    def _prepared(self, samples: Sequence[Sample]) -> Sequence[Sample]:
        """Return samples with their graphs, where concepts are read, and all changes of training."""
        with _PREPARING:
            if self.tag is not None:
                samples = [one if isinstance(one, GraphSample) else self.tag(one) for one in samples]
            return transformed(samples, self.transforms, self.preprocessor.mask_token)

    def _encoded(self, samples: Sequence[Sample]) -> list[Encoded]:
        with _PREPARING:
            return self.preprocessor.encode(samples)

    def _prediction(self, probabilities: Sequence[float], least: float) -> Prediction:
        by_stance = dict(zip(self.stances, probabilities, strict=True))
        likeliest = max(by_stance, key=by_stance.__getitem__)
        return Prediction(likeliest if by_stance[likeliest] >= least else None, by_stance)


def _with_shared_weights(module: ModuleT) -> ModuleT:
    """Return a module with hooks and settings of its own, and the very weights of another."""
    return deepcopy(module, {id(weight): weight for weight in [*module.parameters(), *module.buffers()]})
