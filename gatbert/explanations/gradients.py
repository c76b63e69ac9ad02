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
from gatbert.explanations.model import Floats, TrainedModel, concept_of_row, log_odds
from gatbert.nn.node_embeddings import NodeEmbeddings
from gatbert.stance_classifier.sentence_pairs import SentencePairPreprocessor

NUM_STEPS = 64


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
    model: TrainedModel, encoded: Encoded, stance: int, movable: npt.NDArray[np.bool_], num_steps: int = NUM_STEPS
) -> Gradients | None:
    """Attribute the log-odds of a stance to the embeddings that a classifier reads.

    score_i = Σ_d (x_id - b_id) ∫ ∂F(b + t (x - b)) / ∂x_id dt over t from 0 to 1, by Gauss-Legendre quadrature.

    The baseline b has the embedding of the mask token in the place of every word's tokens and of every concept; special
    tokens, positions, and who is connected with whom, are those of the sample. Their share is in no score.

    Source: Axiomatic Attribution for Deep Networks, Sundararajan et al. 2017 (https://arxiv.org/abs/1703.01365).

    Args:
        model: The model.
        encoded: One sample.
        stance: Whose log-odds F are.
        movable: Tokens that differ from the baseline, those of words ``(tokens,)``, bool.
        num_steps: Points on the way at which the gradient is taken.

    Returns:
        The scores, or ``None`` where no embedding could be found.
    """
    places, weights = np.polynomial.legendre.leggauss(num_steps)
    # The two ends carry no weight: they tell the difference that the scores should sum to.
    alphas = torch.tensor([*(places + 1) / 2, 0.0, 1.0], device=model.device, dtype=torch.float32)
    steps = [encoded] * len(alphas)
    path = _Path(model, steps, alphas, torch.tensor(movable, device=model.device))
    batch = model.collate(steps)
    with path.hooks(), torch.enable_grad():
        value = log_odds(model.classifier(batch))[:, stance]
    if not path.moved:
        return None
    gradients = torch.autograd.grad(value.sum(), [moved.point for moved in path.moved], materialize_grads=True)
    scores = torch.zeros(path.num_nodes, dtype=torch.float64, device=model.device)
    weight = torch.tensor([*weights / 2, 0.0, 0.0], device=model.device)
    for moved, gradient in zip(path.moved, gradients, strict=True):
        slope = (gradient.double() * moved.difference.double()).sum(-1)
        scores = scores.index_add(0, moved.node, slope * weight[moved.step])
    gap = float((value[-1] - value[-2]).detach() - scores.sum())
    return Gradients(scores.cpu().numpy(), gap)


@dataclass(frozen=True)
class _Moved:
    """Hold embeddings on their way: where each is, how far the way is, whose it is, and at which step."""

    point: Tensor
    difference: Tensor
    node: Tensor
    step: Tensor


@dataclass
class _Path:
    """Put points on the way from the baseline to a sample in the place of what embeddings return."""

    model: TrainedModel
    steps: list[Encoded]
    alphas: Tensor
    movable: Tensor
    moved: list[_Moved] = field(default_factory=list)

    @property
    def num_nodes(self) -> int:
        """Number of tokens and concepts of the sample."""
        return len(self.movable) + len(self.steps[0].arrays.get("concept_lengths", ()))

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
        node = torch.arange(num_tokens, device=output.device).repeat(num_steps)
        step = torch.arange(num_steps, device=output.device).repeat_interleave(num_tokens)
        return self._move(output.flatten(0, 1), node, step).view_as(output)

    def _move_nodes(self, module: nn.Module, args: tuple[Any, ...], output: Tensor) -> Tensor:
        """Move ``(rows, embedding_size)``."""
        batch: GraphBatch = args[0]
        tokens = batch.token_position % max(1, batch.token_index.shape[1])
        concepts = torch.from_numpy(concept_of_row(self.steps, batch.num_token_rows > 0)).to(output.device)
        node = torch.cat([tokens, len(self.movable) + concepts])
        return self._move(output, node, batch.sample_of_row)

    def _move(self, output: Tensor, node: Tensor, step: Tensor) -> Tensor:
        """Move embeddings ``(rows, embedding_size)`` of some nodes ``(rows,)`` at some steps ``(rows,)``."""
        moves = torch.cat([self.movable, self.movable.new_ones(self.num_nodes - len(self.movable))])[node]
        difference = torch.where(moves.unsqueeze(-1), output - self._baseline(), 0.0).detach()
        point = (output.detach() - (1 - self.alphas[step]).unsqueeze(-1) * difference).requires_grad_()
        self.moved.append(_Moved(point, difference, node, step))
        return point

    def _baseline(self) -> Tensor:
        """Return the embedding of the mask token ``(embedding_size,)``."""
        words = cast(nn.Embedding, self.model.classifier.encoder.get_input_embeddings())
        preprocessor = cast(SentencePairPreprocessor, self.model.preprocessor)
        return words.weight[preprocessor.tokenizer.convert_tokens_to_ids(preprocessor.mask_token)].detach()
