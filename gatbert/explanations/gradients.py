"""Integrated gradients over the embeddings of tokens and concepts."""

from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from gatbert.batches import Encoded
from gatbert.batches.packed import GraphBatch
from gatbert.explanations.log_odds import log_odds
from gatbert.explanations.nodes import Floats, num_tokens_and_concepts
from gatbert.nn.node_embeddings import NodeEmbeddings
from gatbert.stance_classifier.sentence_pairs import SentencePairPreprocessor
from gatbert.stance_classifier.trained import TrainedClassifier

NUM_STEPS = 64
"""Points on the way from the baseline to a sample."""


@dataclass(frozen=True)
class Gradients:
    """Hold what integrated gradients say of one sample.

    Attributes:
        scores: Contribution of each token, then of each concept, to the log-odds ``(tokens + concepts,)``.
        gap: Log-odds on the sample less those on the baseline, less the sum of the scores; 0 if all were exact.
    """

    scores: Floats
    gap: float


def integrated_gradients(
    model: TrainedClassifier, encoded: Encoded, stance: int, movable: npt.NDArray[np.bool_], num_steps: int = NUM_STEPS
) -> Gradients | None:
    """Attribute the log-odds of a stance to the embeddings that a classifier reads.

    score_i = Σ_d (x_id - b_id) ∫ ∂F(b + t (x - b)) / ∂x_id dt over t from 0 to 1, by Gauss-Legendre quadrature.

    The baseline b has the embedding of the mask token in the place of every word's tokens and of every concept; special
    tokens, positions, and who is connected with whom, are those of the sample. Their share is in no score.

    Source: Axiomatic Attribution for Deep Networks, Sundararajan et al. 2017 (https://arxiv.org/abs/1703.01365).

    Args:
        model: The model, whose preprocessor makes sentence pairs.
        encoded: One sample.
        stance: Whose log-odds F are.
        movable: Tokens that differ from the baseline, those of words ``(tokens,)``, bool.
        num_steps: Points on the way at which the gradient is taken.

    Returns:
        The scores, or ``None`` where no embedding could be found.
    """
    points, weights = np.polynomial.legendre.leggauss(num_steps)
    # (steps,): the two ends carry no weight, and tell the difference that the scores should sum to
    times = torch.tensor([*(points + 1) / 2, 0.0, 1.0], device=model.device, dtype=torch.float32)
    weight = torch.tensor([*weights / 2, 0.0, 0.0], device=model.device)
    path = _Path(model, encoded, times, torch.tensor(movable, device=model.device))
    batch = model.collate([encoded] * len(times))
    with path.hooks(), torch.enable_grad():
        value = log_odds(model.decided_logits(batch))[:, stance]
    if not path.moved:
        return None
    scores = path.scores(value, weight)
    gap = float((value[-1] - value[-2]).detach() - scores.sum())
    return Gradients(scores.cpu().numpy(), gap)


@dataclass(frozen=True)
class _Moved:
    """Hold embeddings on their way, as one call of a module returned them.

    Attributes:
        point: Where each is ``(rows, embedding_size)``.
        difference: How far its whole way is ``(rows, embedding_size)``.
        node: Whose it is ``(rows,)``.
        step: At which step ``(rows,)``.
    """

    point: Tensor
    difference: Tensor
    node: Tensor
    step: Tensor


@dataclass
class _Path:
    """Put points on the way from the baseline to a sample in the place of what embeddings return.

    Attributes:
        model: The model.
        encoded: The sample, of which the batch holds a copy for each step.
        times: How far each step is on the way, 0 to 1 ``(steps,)``.
        movable: Tokens that have a way ``(tokens,)``, bool; all concepts have.
        moved: What was put in the place of embeddings, by call.
    """

    model: TrainedClassifier
    encoded: Encoded
    times: Tensor
    movable: Tensor
    moved: list[_Moved] = field(default_factory=list)

    @property
    def num_nodes(self) -> int:
        """Number of tokens and concepts of the sample."""
        return sum(num_tokens_and_concepts(self.encoded))

    def scores(self, value: Tensor, weight: Tensor) -> Tensor:
        """Return what each node adds along the way, in fp64 ``(nodes,)``.

        Args:
            value: What the classifier answers at each step ``(steps,)``.
            weight: Weight of each step in the quadrature ``(steps,)``.
        """
        gradients = torch.autograd.grad(value.sum(), [moved.point for moved in self.moved], materialize_grads=True)
        scores = torch.zeros(self.num_nodes, dtype=torch.float64, device=value.device)
        for moved, gradient in zip(self.moved, gradients, strict=True):
            # (rows,)
            slope = (gradient.double() * moved.difference.double()).sum(-1)
            scores = scores.index_add(0, moved.node, slope * weight[moved.step])
        return scores

    def hooks(self) -> ExitStack:
        """Change what embeddings return, as long as the result is open."""
        stack = ExitStack()
        classifier = self.model.classifier
        words = classifier.encoder.get_input_embeddings()
        stack.enter_context(words.register_forward_hook(self._move_tokens))
        for module in classifier.modules():
            if isinstance(module, NodeEmbeddings):
                stack.enter_context(module.register_forward_hook(self._move_nodes))
        return stack

    def _move_tokens(self, module: nn.Module, args: tuple[Any, ...], output: Tensor) -> Tensor:
        """Move ``(steps, tokens, embedding_size)``."""
        num_steps, num_tokens = output.shape[:2]
        # (steps * tokens,)
        node = torch.arange(num_tokens, device=output.device).repeat(num_steps)
        step = torch.arange(num_steps, device=output.device).repeat_interleave(num_tokens)
        return self._move(output.flatten(0, 1), node, step).view_as(output)

    def _move_nodes(self, module: nn.Module, args: tuple[Any, ...], output: Tensor) -> Tensor:
        """Move ``(rows, embedding_size)``."""
        batch: GraphBatch = args[0]
        return self._move(output, batch.node_index, batch.sample_of_row)

    def _move(self, output: Tensor, node: Tensor, step: Tensor) -> Tensor:
        """Move embeddings ``(rows, embedding_size)`` of some nodes ``(rows,)`` at some steps ``(rows,)``."""
        # (nodes,), then (rows,)
        has_way = torch.cat([self.movable, self.movable.new_ones(self.num_nodes - len(self.movable))])
        moves = has_way[node]
        # (rows, embedding_size)
        difference = torch.where(moves.unsqueeze(-1), output - self._baseline(), 0.0).detach()
        point = (output.detach() - (1 - self.times[step]).unsqueeze(-1) * difference).requires_grad_()
        self.moved.append(_Moved(point, difference, node, step))
        return point

    def _baseline(self) -> Tensor:
        """Return the embedding of the mask token ``(embedding_size,)``."""
        words = cast(nn.Embedding, self.model.classifier.encoder.get_input_embeddings())
        preprocessor = cast(SentencePairPreprocessor, self.model.preprocessor)
        return words.weight[preprocessor.tokenizer.convert_tokens_to_ids(preprocessor.mask_token)].detach()
